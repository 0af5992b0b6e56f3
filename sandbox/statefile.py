"""The state of a sandbox in a file, so that a restart forgets nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sandbox.request import dump
from sandbox.world import Sandbox


class StateFile:
    """A snapshot on disk, replaced as a whole: a reader, or a start after a kill, sees the old or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def attach(self, sandbox: Sandbox) -> None:
        """Load the file if there is one, and save after every commit from now on.

        Raises ValueError naming the file when it is no snapshot; it is left as it is.
        """
        if self.path.exists():
            try:
                sandbox.restore(json.loads(self.path.read_bytes()))
            except ValueError as error:
                raise ValueError(
                    f"{self.path} is no state of this sandbox ({error}); it was left untouched: "
                    "remove it to start afresh, or name another file"
                ) from error
        sandbox.on_commit = lambda: self.save(sandbox)

    def save(self, sandbox: Sandbox) -> None:
        """Write the present state; the file is readable by its owner alone."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(dump(sandbox.snapshot()))
        fresh.replace(self.path)
