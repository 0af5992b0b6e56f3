"""Updates and previews on the real engine, each beside its floor, in turns on the same machine."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import fleet, floor
from sandbox import Sandbox, SandboxServer
from tests.engine.project import REPOSITORY, Project, Run
from tests.support import processes

PROVIDERS = ("dynamic_provider.py", "pulumi.dynamic")


@dataclass(frozen=True, slots=True)
class Pair:
    """A fleet's stack and its floor, both made by a first `up`."""

    lines: int
    ours: Project
    floor: Project
    first: tuple[float, float]

    def previews(self) -> tuple[float, float]:
        """Give the seconds of a preview without a change of each."""
        return timed(self.ours.preview), timed(self.floor.preview)

    def remaps(self, turn: int) -> tuple[float, float]:
        """Give the seconds of an update of each that gives one line another agent, and back at the next turn."""
        self.edit(turn)
        return timed(self.ours.up), timed(self.floor.up)

    def edit(self, turn: int) -> None:
        """Give one line another agent in both files, and back at the next turn."""
        self.ours.write_inventory(fleet.of(self.lines, moved=not turn % 2))
        described = json.loads((self.floor.directory / floor.GRAPH).read_text())
        rule = next(each for each in described if each["kind"] == "DispatchRule")
        rule["inputs"]["roomPrefix"] = f"turn-{turn}-"
        (self.floor.directory / floor.GRAPH).write_text(json.dumps(described))

    def printed(self) -> int:
        """Give the lines that a preview prints where one line gets another agent."""
        self.ours.write_inventory(fleet.of(self.lines, moved=True))
        unmoved = self.ours.preview().steps == []
        if unmoved:
            self.ours.write_inventory(fleet.of(self.lines))
        return len(self.ours.preview("--diff").text.splitlines())

    def memory(self) -> float:
        """Give the most memory, in MB, that the provider process has while a preview runs."""
        most = 0
        with ThreadPoolExecutor(1) as pool:
            preview = pool.submit(self.ours.preview)
            while not preview.done():
                most = max(most, *map(_peak, processes.marked()), 0)
                time.sleep(0.1)
            preview.result()
        return most / 1000

    @property
    def state(self) -> tuple[bytes, int]:
        """Give our stack's state as the file backend keeps it, and how many resources are in it."""
        path = self.ours.directory / f"state/.pulumi/stacks/trunkline/{self.ours.stack}.json"
        return path.read_bytes(), len(self.ours.resources())


def timed(command: Callable[[], Run]) -> float:
    """Give the seconds of a command that must end with 0."""
    started = time.perf_counter()
    command()
    return time.perf_counter() - started


@contextmanager
def pair(folder: Path, lines: int, **faults: Any) -> Iterator[Pair]:
    """Make a fleet of Twilio lines and its floor with a first `up` of each. `faults`: of the sandbox's answers."""
    sandbox = Sandbox(**faults)
    with SandboxServer(sandbox) as server:
        (folder / "ours").mkdir()
        ours = Project.create(folder / "ours", server, fleet.of(lines))
        first = timed(ours.up)
        bottom = _floor(folder / "floor", ours, server)
        yield Pair(lines, ours, bottom, (first, timed(bottom.up)))


@contextmanager
def former(folder: Path, lines: int, checkout: Path) -> Iterator[Project]:
    """Make the same fleet by the code of another checkout, in a world of its own: what an update took there."""
    with SandboxServer(Sandbox()) as server:
        folder.mkdir()
        made = Project.create(folder, server, fleet.of(lines))
        # Before what is installed, which is this checkout. The launchers and the packages are the same.
        there = Project(folder, made.sandbox, {**made.environment, "PYTHONPATH": str(checkout.resolve())})
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
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) if "VmHWM" in status else 0


def _floor(directory: Path, ours: Project, server: SandboxServer) -> Project:
    directory.mkdir()
    project = Project.create(directory, server, "")
    (directory / "stacks/__main__.py").write_text(floor.PROGRAM)
    (directory / floor.GRAPH).write_text(json.dumps(floor.graph(ours.resources())))
    variables = {**project.environment, "PYTHONPATH": str(REPOSITORY)}
    return Project(directory, server.sandbox, variables)
