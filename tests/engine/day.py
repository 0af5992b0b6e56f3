"""An operator's bad day on one fleet: each verb begins at a base, and after each write it is seen who still answers."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.engine.project import Run
from tests.engine.reach import Reach, answered, misled
from tests.engine.stage import brief
from tests.faults.theatre import END_LIMIT, REACH_LIMIT, Theatre, wait_until
from tests.toolchain.scratch_project import has_stand_ins

# The official host ends an import before any code of ours runs: KeyError: '__provider'.
NOT_IMPORTED = (
    "A resource of Trunkline is not imported by its id. Nothing was changed. Set `adopt: true`"
    if has_stand_ins()
    else "__provider"
)


class Day(Reach):
    """One fleet on the real engine, with what its writes did to calls."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.moving: frozenset[str] = frozenset()
        super().__init__(theatre.sandbox)

    def begin(self, base: str) -> None:
        self.theatre.begin(base)
        self.take_for_given()
        self.cut, self.led_astray = [], []

    def ends(self) -> None:
        """No write since the day began cut off a number, or sent it astray, that was not released.

        But for those that a test names as `moving`: LiveKit has a number in one trunk at a time.
        """
        may = {*self.released, *self.moving}
        assert [one for one in (*self.cut, *self.led_astray) if one.partition(",")[0] not in may] == []

    def run(self, *arguments: str, file: str | None = None, code: int = 0, **variables: str) -> Run:
        """Run a command of the engine; it must end with `code`, and in no traceback."""
        if file is not None:
            self.theatre.project.write_inventory(file)
        flags = ("--yes",) if arguments[0] == "refresh" else ("--yes", "--skip-preview")
        run = self.theatre.project.engine(
            *arguments, *(flags if arguments[0] != "preview" else ()), code=code, **variables
        )
        assert "Traceback" not in run.text, run.text
        return run

    def state(self, *arguments: str) -> None:
        """Do surgery on the state."""
        self.theatre.project.pulumi("state", *arguments, "--yes")

    def interrupted(self, *arguments: str, at: tuple[str, str, str]) -> int:
        """Run a command and stop it as Ctrl-C does at a write (vendor, method, path); give its exit code."""
        return self.stopped(*arguments, at=at, by=self.ctrl_c)

    def stopped(self, *arguments: str, at: tuple[str, str, str], by: Callable[[subprocess.Popen[str]], object]) -> int:
        """Run a command that is stopped once a write (vendor, method, path) was carried out; give its exit code."""
        held = self.theatre.plant("hold", *at, "after")
        run = subprocess.Popen(
            ("pulumi", *arguments, "--yes", "--skip-preview", "--non-interactive", "--color", "never"),
            cwd=self.theatre.project.directory,
            env=self.theatre.project.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert wait_until(held.reached.is_set, REACH_LIMIT)
        by(run)
        held.release()
        text, _ = run.communicate(timeout=END_LIMIT)
        assert "Traceback" not in text, text
        self.sandbox.faults.clear()
        return run.returncode

    def ctrl_c(self, run: subprocess.Popen[str]) -> None:
        """Ask a run to end when what is under way has ended."""
        run.send_signal(signal.SIGINT)

    def ctrl_c_twice(self, run: subprocess.Popen[str]) -> None:
        """End a run at once, in the midst of its write."""
        run.send_signal(signal.SIGINT)
        time.sleep(1)  # signals of one kind that come together are one
        run.send_signal(signal.SIGINT)
        run.wait(timeout=END_LIMIT)

    def cancel(self, _run: subprocess.Popen[str]) -> None:
        """Take the lock of a run that lives."""
        self.theatre.cancel()

    def urn(self, kind: str, name: str) -> str:
        endings = f":{kind}::{name}"
        return next(str(one["urn"]) for one in self.theatre.project.resources() if one["urn"].endswith(endings))

    def urns(self, *kinds: str) -> list[str]:
        """Give the URNs of all resources of some kinds that the engine lets be replaced."""
        resources = self.theatre.project.resources()
        return [str(one["urn"]) for one in resources if _kind(one) in kinds and not one.get("protect")]

    def leave_replaced(self, urns: Sequence[str]) -> None:
        """Give each of the resources a second entry that is to be deleted, as a replacement leaves it that failed."""
        project = self.theatre.project
        path = project.directory / "export.json"
        project.pulumi("stack", "export", "--file", str(path))
        exported = json.loads(path.read_text())
        resources = exported["deployment"]["resources"]
        resources += [{**one, "delete": True} for one in resources if one["urn"] in urns]
        path.write_text(json.dumps(exported))
        project.pulumi("stack", "import", "--file", str(path))

    def offer_again(self) -> None:
        """Let the carriers sell what was released."""
        for one in self.sandbox.ledger.releases():
            (self.sandbox.twilio if one.vendor == "twilio" else self.sandbox.vonage).unsell(one.number)

    @property
    def waiting(self) -> list[str]:
        """The URNs of entries that are yet to be deleted."""
        return [str(one["urn"]) for one in self.theatre.project.resources() if one.get("delete")]

    def writes_of_deletes(self) -> list[str]:
        writes = map(brief, self.sandbox.journal.writes())
        return [write for write in writes if write.startswith(("DELETE", "Delete")) or "cancel" in write]

    def settles(self) -> None:
        """A check in CI finds nothing, nothing waits, each line's number finds its agent, and no other was bought."""
        self.run("preview", "--expect-no-changes")
        assert self.waiting == []
        lines = self.theatre.project.outputs()["lines"].values()
        called = {one["phoneNumber"] for one in lines if one["inbound"] and one["status"] == "active"}
        assert (sorted(called - answered(self.sandbox, self.moved)), sorted(misled(self.sandbox))) == ([], [])
        assert self.spare == []

    @property
    def spare(self) -> list[str]:
        """Numbers that were bought, were not released since, and are no line's; one bought twice stands here too."""
        lines = self.theatre.project.outputs()["lines"].values()
        return sorted(
            (Counter(self.charged) - Counter([*self.released, *(one["phoneNumber"] for one in lines)])).elements()
        )


def _kind(resource: Any) -> str:
    return str(resource["type"]).rpartition(":")[2]
