"""A program in the place of `pulumi`, for tests of commands that start it and read its event log."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# `log` is the event log that the command asked for.
_HEAD = """\
#!{python}
import json, os, pathlib, sys, time
log = open(sys.argv[sys.argv.index("--event-log") + 1], "w")
"""


def stand_in(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put `pulumi` into the folder, to run the program, and first on PATH. Gives the environment."""
    path = folder / "pulumi"
    path.write_text(_HEAD.format(python=sys.executable) + program, encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return dict(os.environ)
