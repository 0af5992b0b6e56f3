"""Pulumi's own release: one that is installed already, or one that Pulumi's installer brings."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from toolchain.cache import cached
from toolchain.command import Say, run
from toolchain.failure import SetupFailure
from toolchain.layout import Layout, machine

# 3.216.0 is the first engine that takes the `inputs` of a dynamic provider's `read`: pulumi/pulumi#21315.
OLDEST = (3, 216, 0)
LANGUAGE_HOST = "pulumi-language-python"
VERSION_LIMIT = 10.0  # seconds for `pulumi version`
REACH_LIMIT = 5.0  # seconds to reach the installer's host at all
INSTALL_LIMIT = 180.0  # seconds for the whole download

_REACH = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=4).close()"
_INSTALL = "import sys; from pulumi.automation import PulumiCommand; PulumiCommand.install(root=sys.argv[1])"
_SDK_VERSION = "from importlib.metadata import version; print(version('pulumi'))"


def installed(path: str, *, without: Path) -> Path | None:
    """Give the `pulumi` on the search path `path` if it can be used: new enough, and with its Python language host.

    `without` is a directory to leave out: our own, which may be on PATH already.
    """
    elsewhere = os.pathsep.join(part for part in path.split(os.pathsep) if part and Path(part) != without)
    found = shutil.which("pulumi", path=elsewhere)
    if found is None:
        return None
    beside = str(Path(found).resolve().parent)
    if shutil.which(LANGUAGE_HOST, path=os.pathsep.join((elsewhere, beside))) is None:
        return None
    return Path(found) if _is_new_enough(Path(found)) else None


def install(layout: Layout, say: Say) -> Path:
    """Give the `pulumi` that Pulumi's installer put into the user's cache. Raises SetupFailure, offline in seconds."""
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
        pulumi = directory / "bin" / "pulumi"
        if not (directory / "bin" / LANGUAGE_HOST).is_file() or not _is_new_enough(pulumi):
            raise SetupFailure(f"Pulumi's installer did not bring a usable pulumi with its {LANGUAGE_HOST}.")

    return cached(layout.cache, f"pulumi-official-{sdk}-{machine()}", build=build) / "bin" / "pulumi"


def _is_new_enough(pulumi: Path) -> bool:
    try:
        printed = run(
            (pulumi, "version"),
            doing="asking pulumi for its version",
            say=lambda _: None,
            environment={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            limit=VERSION_LIMIT,
        )
    except SetupFailure:
        return False
    version = re.search(r"^v?(\d+)\.(\d+)\.(\d+)", printed, flags=re.MULTILINE)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST
