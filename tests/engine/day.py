"""An operator's bad day on one fleet: each verb begins at a base, and after each write it is seen who still answers."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox import Sandbox
from sandbox.credentials import LIVEKIT_SIP_URI, OTHER_TWILIO, OTHER_VONAGE
from sandbox.journal import Entry
from tests.engine.project import Run
from tests.engine.stage import brief
from tests.faults.theatre import END_LIMIT, REACH_LIMIT, Theatre, wait_until
from tests.toolchain.scratch_project import has_stand_ins

HOST = LIVEKIT_SIP_URI.removeprefix("sip:")
# The official host ends an import before any code of ours runs: KeyError: '__provider'.
NOT_IMPORTED = (
    "A resource of Trunkline is not imported by its id. Nothing was changed. Set `adopt: true`"
    if has_stand_ins()
    else "__provider"
)


def answered(sandbox: Sandbox, moved: Mapping[str, Sandbox] | None = None) -> frozenset[str]:
    """Give the numbers whose calls reach an agent: routed to LiveKit, and there in a trunk that has a rule.

    `moved`: SIP host -> the world of a further LiveKit project. A number that no carrier routes may stand in any; one
    that two carriers have, as while it is ported, is routed by either.
    """
    held = {host: _held(world) for host, world in {HOST: sandbox, **(moved or {})}.items()}
    routes = _routes(sandbox)
    return frozenset(
        number
        for host, numbers in held.items()
        for number in numbers
        if any(host in route for route in routes.get(number, [host]))
    )


def misled(sandbox: Sandbox) -> frozenset[str]:
    """Give the numbers whose carrier sends calls to LiveKit, where no trunk with a rule takes them."""
    sent = (number for number, routes in _routes(sandbox).items() if any(HOST in route for route in routes))
    return frozenset(sent) - _held(sandbox)


def _routes(sandbox: Sandbox) -> dict[str, list[str]]:
    """Give where each number's carriers send its calls; a trunk at Twilio may have several places."""
    routes: dict[str, list[str]] = {}
    urls: dict[str, list[str]] = {}
    for url in sandbox.twilio.store.table("origination_urls").values():
        if url.get("enabled", True):
            urls.setdefault(url["trunk_sid"], []).append(url["sip_url"])
    for number in (*sandbox.twilio.numbers(), *sandbox.twilio.numbers(OTHER_TWILIO.sid)):
        trunk = (sandbox.twilio.number(number) or {}).get("trunk_sid", "")
        routes.setdefault(number, []).extend(urls.get(trunk, [""]))
    for number in (*sandbox.vonage.numbers(), *sandbox.vonage.numbers(OTHER_VONAGE.api_key)):
        routes.setdefault(number, []).append((sandbox.vonage.number(number) or {}).get("voiceCallbackValue", ""))
    return routes


def _held(world: Sandbox) -> frozenset[str]:
    """Give the numbers that stand in a trunk for calls in that has a rule."""
    ruled = {trunk for rule in world.livekit.dispatch_rules() for trunk in rule.get("trunk_ids", ())}
    trunks = (trunk for trunk in world.livekit.inbound_trunks() if trunk["sip_trunk_id"] in ruled)
    return frozenset(number for trunk in trunks for number in trunk.get("numbers", ()))


@dataclass
class Day:
    """One fleet on the real engine, with what its writes did to calls, as "number, by which write".

    `cut`: it stopped finding its agent. `led_astray`: its carrier began to send it to LiveKit while no
    agent was there.
    """

    theatre: Theatre
    cut: list[str] = field(default_factory=list)
    led_astray: list[str] = field(default_factory=list)
    moved: dict[str, Sandbox] = field(default_factory=dict)
    """SIP host -> the world of a LiveKit project beside the first."""
    _now: frozenset[str] = frozenset()
    _astray: frozenset[str] = frozenset()

    @classmethod
    def on(cls, theatre: Theatre) -> Day:
        day = cls(theatre)
        day._watch(theatre.sandbox)
        return day

    def move_to(self, host: str, world: Sandbox) -> None:
        """Look after the writes of another LiveKit project too."""
        self.moved[host] = world
        self._watch(world)

    def _watch(self, world: Sandbox) -> None:
        record = world.journal.add

        def add(**fields: Any) -> Entry:
            entry = record(**fields)
            if entry.write:
                self.look(entry)
            return entry

        world.journal.add = add  # type: ignore[method-assign]

    @property
    def sandbox(self) -> Sandbox:
        return self.theatre.sandbox

    def look(self, entry: Entry) -> None:
        now = answered(self.sandbox, self.moved)
        self.cut += [f"{number}, by {brief(entry)}" for number in sorted(self._now - now)]
        astray = misled(self.sandbox)
        self.led_astray += [f"{number}, by {brief(entry)}" for number in sorted(astray - self._astray)]
        self._now, self._astray = now, astray

    def take_for_given(self) -> None:
        """What somebody has just done by hand cut no call by a write of ours."""
        self._now, self._astray = answered(self.sandbox, self.moved), misled(self.sandbox)

    def begin(self, base: str) -> None:
        self.theatre.begin(base)
        self.take_for_given()
        self.cut, self.led_astray = [], []

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
        run.send_signal(signal.SIGINT)
        held.release()
        run.communicate(timeout=END_LIMIT)
        self.sandbox.faults.clear()
        return run.returncode

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
    def charged(self) -> list[str]:
        return [one.number for one in self.sandbox.ledger.charges()]

    @property
    def released(self) -> list[str]:
        return [one.number for one in self.sandbox.ledger.releases()]

    @property
    def waiting(self) -> list[str]:
        """The URNs of entries that are yet to be deleted."""
        return [str(one["urn"]) for one in self.theatre.project.resources() if one.get("delete")]

    def writes_of_deletes(self) -> list[str]:
        writes = map(brief, self.sandbox.journal.writes())
        return [write for write in writes if write.startswith(("DELETE", "Delete")) or "cancel" in write]

    def settles(self) -> None:
        """A check in CI finds nothing, nothing waits, and every number of the file finds its agent."""
        self.run("preview", "--expect-no-changes")
        assert self.waiting == []


def _kind(resource: Any) -> str:
    return str(resource["type"]).rpartition(":")[2]
