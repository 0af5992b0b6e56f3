"""Building with Go, from modules that name every version: the engine, and LiveKit's server for the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from toolchain.command import Say, run
from toolchain.failure import SetupFailure


def build(
    arguments: Sequence[str], *, doing: str, say: Say, cwd: Path, variables: dict[str, str] | None = None
) -> None:
    """Run `go` with `arguments` in `cwd`, at low priority and without a C compiler. Raises SetupFailure."""
    found = shutil.which("go")
    if found is None:
        raise SetupFailure(f"{doing} needs Go, and there is no `go` on PATH: install it from https://go.dev/dl/.")
    politely = ("nice",) if shutil.which("nice") else ()
    run(
        (*politely, found, *arguments),
        doing=doing,
        say=say,
        cwd=cwd,
        environment={**os.environ, "CGO_ENABLED": "0", **(variables or {})},
    )
