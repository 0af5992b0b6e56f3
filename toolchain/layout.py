"""Where things are: one working copy, and the user's cache that all working copies share."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths of one working copy.

    Takes `root`, the absolute path of the repository, and `cache`, a directory that outlives it.
    """

    root: Path
    cache: Path

    @classmethod
    def of(cls, root: Path, environment: Mapping[str, str] = os.environ) -> Layout:
        """Give the layout of the repository at `root`, with the cache where the XDG base directory rules put it."""
        # An empty or relative XDG_CACHE_HOME must be ignored: XDG Base Directory Specification 0.8.
        configured = environment.get("XDG_CACHE_HOME", "")
        base = Path(configured) if configured.startswith("/") else Path.home() / ".cache"
        return cls(root=root.resolve(), cache=base / "trunkline")

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def tools(self) -> Path:
        return self.root / ".tools"

    @property
    def bin(self) -> Path:
        return self.tools / "bin"

    @property
    def state(self) -> Path:
        return self.root / ".pulumi-state"

    @property
    def engine_sources(self) -> Path:
        return self.root / "toolchain" / "engine"


def machine() -> str:
    """The kind of machine that a cached binary is for, such as `linux-x86_64`."""
    return f"{platform.system()}-{platform.machine()}".lower()
