#!/bin/sh
# Installs what the whole test suite needs from the operating system: redis-server, postgresql and chromium.
# What is installed already is left as it is. Without apt, or without the right to use it, this says what is missing
# and ends well: the tests that need it then skip, and name it.
set -eu

missing=
for package in redis-server postgresql chromium; do
    case "$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null)" in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed, so some tests will skip:$missing. To run them all, as root: apt-get install$missing" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing$missing"
apt-get update --quiet=2
# One at a time: a package that this system does not have must not keep the others away.
for package in $missing; do
    apt-get install --quiet=2 --yes --no-install-recommends "$package" >/dev/null ||
        echo "$package cannot be installed here, so its tests will skip" >&2
done
