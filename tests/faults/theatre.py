"""A project on the real engine whose state, and whose world, can be put back to where a scene begins."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import Fault, Sandbox, SandboxServer
from tests.engine.project import COMMAND_LIMIT, Project
from tests.support import processes

REACH_LIMIT = END_LIMIT = COMMAND_LIMIT
"""Seconds until a run must have come to its write, and until it must have ended by itself."""
PROVIDER_MARKS = ("dynamic_provider", "pulumi.dynamic")


@dataclass(frozen=True, slots=True)
class Base:
    """Where a scene begins: the sandbox's snapshot, a copy of the backend, and the file."""

    world: Mapping[str, Any]
    state: Path
    inventory: str


@dataclass
class Theatre:
    """One sandbox on one port, since the stack records its URL, and one project; not for two threads at once."""

    project: Project
    server: SandboxServer
    bases: dict[str, Base] = field(default_factory=dict)

    @classmethod
    def open(
        cls, directory: Path, inventory: str, backend: Mapping[str, str] | None = None, /, **secrets: str
    ) -> Theatre:
        """Begin in an empty world. `backend` as for `Project`; only a folder can be put back to a base."""
        server = SandboxServer(Sandbox()).start()
        return cls(Project.create(directory, server, inventory, backend, **secrets), server)

    def close(self) -> None:
        processes.end_all()
        self.server.stop()

    @property
    def sandbox(self) -> Sandbox:
        return self.server.sandbox

    def keep(self, name: str, inventory: str) -> None:
        """Remember the present as a base."""
        copy = self.project.directory / "bases" / name
        shutil.copytree(self._state, copy)
        self.bases[name] = Base(self.sandbox.snapshot(), copy, inventory)

    def begin(self, name: str) -> None:
        """Put everything back to a base."""
        base = self.bases[name]
        self.sandbox.faults.clear()
        shutil.rmtree(self._state)
        shutil.copytree(base.state, self._state)
        self.sandbox.restore(base.world)
        self.sandbox.journal.clear()
        self.project.write_inventory(base.inventory)

    def up(self, inventory: str, *, checkpoints: bool) -> subprocess.CompletedProcess[str]:
        """Run `pulumi up` to its end, however it ends."""
        run = self.start(inventory, checkpoints=checkpoints)
        output, _ = run.communicate(timeout=END_LIMIT)
        return subprocess.CompletedProcess(run.args, run.returncode, output)

    def start(self, inventory: str, *, checkpoints: bool) -> subprocess.Popen[str]:
        """Start `pulumi up` in a process group of its own."""
        self.project.write_inventory(inventory)
        return subprocess.Popen(
            ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"),
            cwd=self.project.directory,
            env={**self.project.environment, "PULUMI_SKIP_CHECKPOINTS": "" if checkpoints else "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def cancel(self) -> None:
        self.project.pulumi("cancel", "--yes")

    def plant(self, action: str, vendor: str, method: str, path: str, when: str) -> Any:
        fault: dict[str, Any] = {"action": action, "vendor": vendor, "method": method, "path": path, "when": when}
        return self.sandbox.faults.add(Fault(**fault))

    @property
    def _state(self) -> Path:
        return self.project.directory / "state"


def kill(processes: set[int]) -> None:
    for process in sorted(processes):
        _signal(process, signal.SIGKILL)


def pause(process: int, *, on: bool) -> None:
    _signal(process, signal.SIGSTOP if on else signal.SIGCONT)


def providers_of(engine: int) -> set[int]:
    """The provider processes that an engine has started."""
    found = processes.descendants(engine)
    return {process for process in found if any(mark in _command(process) for mark in PROVIDER_MARKS)}


def wait_until(condition: Callable[[], bool], limit: float) -> bool:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _signal(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return
