"""Pulumi's own release: one that is installed already, or one that Pulumi's installer brings."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from toolchain.cache import cached
from toolchain.command import Say, SetupFailure, run
from toolchain.layout import Layout, machine

# 3.216.0 is the first engine that takes the `inputs` of a dynamic provider's `read`: pulumi/pulumi#21315.
OLDEST = (3, 216, 0)
LANGUAGE_HOST = "pulumi-language-python"
VERSION_LIMIT = 60.0  # seconds for `pulumi version`
REACH_LIMIT = 15.0  # seconds to reach the installer's host at all, on a machine with other work
INSTALL_LIMIT = 180.0  # seconds for the whole download

_REACH = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=4).close()"
_INSTALL = "import sys; from pulumi.automation import PulumiCommand; PulumiCommand.install(root=sys.argv[1])"
_SDK_VERSION = "from importlib.metadata import version; print(version('pulumi'))"


@dataclass(frozen=True, slots=True)
class Release:
    """The `pulumi` that is on PATH: its version where it can be used, or why not."""

    pulumi: Path
    version: str = ""
    flaw: str = ""


def on_path(path: str, *, without: Path) -> Release | None:
    """Give the `pulumi` on the search path `path`, if there is one.

    `without` is a directory to leave out: our own, which may be on PATH already.
    """
    found = shutil.which("pulumi", path=elsewhere(path, without))
    if found is None:
        return None
    pulumi = Path(found)
    if language_host(pulumi, elsewhere(path, without)) is None:
        return Release(pulumi, flaw=f"has no {LANGUAGE_HOST} beside it or on PATH")
    version = _version(pulumi)
    if version is None:
        return Release(pulumi, flaw="does not say its version")
    if tuple(map(int, version.split("."))) < OLDEST:
        return Release(pulumi, flaw=f"is {version}, older than {'.'.join(map(str, OLDEST))}")
    return Release(pulumi, version)


def language_host(pulumi: Path, path: str) -> str | None:
    """Give the Python language host that this `pulumi` would find, if there is one."""
    return shutil.which(LANGUAGE_HOST, path=os.pathsep.join((path, str(pulumi.resolve().parent))))


def elsewhere(path: str, without: Path) -> str:
    """Give the search path without one directory."""
    return os.pathsep.join(part for part in path.split(os.pathsep) if part and Path(part) != without)


def install(layout: Layout, say: Say) -> Release:
    """Give the release that Pulumi's installer put into the user's cache. Raises SetupFailure, offline in seconds."""
    sdk = run((layout.python, "-c", _SDK_VERSION), doing="reading the version of Pulumi's SDK", say=say).strip()

    def build(directory: Path) -> None:
        run(
            (layout.python, "-c", _REACH), doing="reaching Pulumi's installer", say=say, limit=REACH_LIMIT
        )  # first, because the installer itself knows no time limit
        say(f"Downloading Pulumi {sdk}")
        run(
            (layout.python, "-c", _INSTALL, directory),
            doing="installing Pulumi",
            say=say,
            limit=INSTALL_LIMIT,
        )
        brought = on_path(str(directory / "bin"), without=layout.bin)
        if brought is None or brought.flaw:
            raise SetupFailure(f"Pulumi's installer did not bring a usable pulumi with its {LANGUAGE_HOST}.")

    kept = cached(layout.cache, f"pulumi-official-{sdk}-{machine()}", build=build)
    return Release(kept / "bin" / "pulumi", version=sdk)


def _version(pulumi: Path) -> str | None:
    """Give the version that a `pulumi` says it has, such as "3.259.0"."""
    try:
        printed = run(
            (pulumi, "version"),
            doing="asking pulumi for its version",
            say=lambda _: None,
            environment={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            limit=VERSION_LIMIT,
        )
    except SetupFailure:
        return None
    version = re.search(r"^v?(\d+\.\d+\.\d+)", printed, flags=re.MULTILINE)
    return version[1] if version else None
