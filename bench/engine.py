"""Updates and previews on the real engine, each beside its floor, in turns on the same machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import fleet, floor
from bench.spent import Spent, spent
from sandbox import Request, Sandbox, SandboxServer
from tests.engine.project import REPOSITORY, Project
from tests.support import processes

PROVIDERS = ("dynamic_provider.py", "pulumi.dynamic")
LIMIT = 3600.0  # seconds of one command
FOUND = (0, 2)  # the exit codes of a command of ours that ended well: clean, or with changes or findings


class Far(Sandbox):
    """A sandbox whose answers take `latency` seconds to come."""

    latency = 0.0

    def handle(self, request: Request) -> Any:
        if self.latency:
            time.sleep(self.latency)
        return super().handle(request)


@dataclass(frozen=True, slots=True)
class Pair:
    """A fleet's stack and its floor, both made by a first `up`."""

    lines: int
    ours: Project
    floor: Project
    sandbox: Far
    first: tuple[Spent, Spent]
    asked: int
    """How many requests our first `up` sent to the vendors."""

    def remaps(self, turn: int) -> tuple[Spent, Spent]:
        """Give what an update of each takes that gives one line another agent, and back at the next turn."""
        self.edit(turn)
        return spent(self.ours.up), spent(self.floor.up)

    def edit(self, turn: int) -> None:
        """Give one line another agent in both files, and back at the next turn."""
        self.ours.write_inventory(fleet.of(self.lines, moved=not turn % 2))
        described = json.loads((self.floor.directory / floor.GRAPH).read_text())
        rule = next(each for each in described if each["kind"] == "DispatchRule")
        rule["inputs"]["roomPrefix"] = f"turn-{turn}-"
        (self.floor.directory / floor.GRAPH).write_text(json.dumps(described))

    def printed(self) -> tuple[int, Spent]:
        """Give the lines that a preview of the edit prints which is in our file, and what it takes as users run it.

        It writes no event log, which those of `Project` do, and `trunkline plan`.
        """
        shown: list[str] = []
        taken = spent(lambda: shown.extend(self.ours.pulumi("preview", "--diff").text.splitlines()))
        return len(shown), taken

    def printed_by_floor(self) -> int:
        """Give the lines that the floor's preview of the edit prints which is in its file."""
        return len(self.floor.preview("--diff").text.splitlines())

    def trunkline(self, *words: str) -> Spent:
        """Give what a command of `trunkline` takes in the project's folder."""
        return self._spent(["trunkline", *words])

    def listings(self) -> Spent:
        """Give what a process takes that asks for all that `trunkline dump` lists, and does nothing with it."""
        return self._spent(["python", "-m", "bench.listings"])

    def untag(self) -> None:
        """Make all at the vendors nobody's, as before a first dump. Nothing but dumps is measured after that."""
        text = json.dumps(self.sandbox.snapshot())
        self.sandbox.restore(json.loads(text.replace("trunkline:", "former:")))

    def _spent(self, command: Sequence[str]) -> Spent:
        def run() -> None:
            environ = {**self.ours.environment, "PYTHONPATH": str(REPOSITORY), "TRUNKLINE_INVENTORY": "numbers.yaml"}
            words = [str(REPOSITORY / ".venv/bin" / command[0]), *command[1:]]
            ended = subprocess.run(
                words, cwd=self.ours.directory, env=environ, capture_output=True, text=True, timeout=LIMIT, check=False
            )
            if ended.returncode not in FOUND:
                raise SystemExit(f"{' '.join(command)}: {ended.stderr[-2000:]}")

        return spent(run)

    @property
    def state(self) -> tuple[bytes, int]:
        """Give our stack's state as the file backend keeps it, and how many resources are in it."""
        return _kept(self.ours).read_bytes(), len(self.ours.resources())

    @property
    def state_of_floor(self) -> float:
        """Give the bytes a resource of the floor's state."""
        return _kept(self.floor).stat().st_size / len(self.floor.resources())


def _kept(project: Project) -> Path:
    return project.directory / f"state/.pulumi/stacks/trunkline/{project.stack}.json"


def least_memory(pair: Pair) -> float:
    """Give the most memory, in MB, of a process that imports what a provider process does, connects, and asks nothing.

    Its own of /proc: what `getrusage` tells begins with the memory of the process that started it.
    """
    code = "from providers.dynamic import resources, runtime; runtime.configure(lambda name: None, {});"
    told = "print(open('/proc/self/status').read())"
    words, variables = [sys.executable, "-c", code + told], {**pair.ours.environment, "PYTHONPATH": str(REPOSITORY)}
    said = subprocess.run(words, env=variables, capture_output=True, text=True, timeout=LIMIT, check=True)
    return _most(said.stdout) / 1000


def most_memory(command: Callable[[], Any]) -> float:
    """Run a command, and give the most memory, in MB, that the provider process has meanwhile."""
    most = 0
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(command)
        while not running.done():
            most = max(most, *map(_peak, processes.marked()), 0)
            time.sleep(0.3)  # what is read is the most until then
        running.result()
    return most / 1000


@contextmanager
def pair(folder: Path, lines: int, latency: float = 0.0) -> Iterator[Pair]:
    """Make a fleet of Twilio lines and its floor with a first `up` of each. `latency`: of its answers meanwhile."""
    with alone(folder / "ours", fleet.of(lines)) as (ours, sandbox, server):
        sandbox.latency = latency
        first = spent(ours.up)
        sandbox.latency, asked = 0.0, len(sandbox.journal.entries())
        bottom = _floor(folder / "floor", ours, server)
        yield Pair(lines, ours, bottom, sandbox, (first, spent(bottom.up)), asked)


@contextmanager
def alone(folder: Path, inventory: str) -> Iterator[tuple[Project, Far, SandboxServer]]:
    """Make a project in a world of its own, and apply nothing yet."""
    sandbox = Far()
    with SandboxServer(sandbox) as server:
        folder.mkdir(parents=True)
        yield replace(Project.create(folder, server, inventory), limit=LIMIT), sandbox, server


@contextmanager
def former(folder: Path, lines: int, checkout: Path) -> Iterator[Project]:
    """Make the same fleet by the code of another checkout, in a world of its own: what an update took there."""
    with alone(folder, fleet.of(lines)) as (made, _, _):
        # Before what is installed, which is this checkout. The launchers and the packages are the same.
        there = replace(made, environment={**made.environment, "PYTHONPATH": str(checkout.resolve())})
        there.up()
        yield there


def _peak(process: int) -> int:
    """Give the most memory, in KB, that a provider process had; 0 for another process or one that has ended."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    if not any(word.endswith(PROVIDERS) for word in command):
        return 0
    return _most(status)


def _most(status: str) -> int:
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) if "VmHWM" in status else 0


def _floor(directory: Path, ours: Project, server: SandboxServer) -> Project:
    directory.mkdir()
    project = Project.create(directory, server, "")
    (directory / "stacks/__main__.py").write_text(floor.PROGRAM)
    (directory / floor.GRAPH).write_text(json.dumps(floor.graph(ours.resources())))
    variables = {**project.environment, "PYTHONPATH": str(REPOSITORY)}
    return replace(project, environment=variables, limit=LIMIT)
