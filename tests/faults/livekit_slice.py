"""The simulation's slice about LiveKit's own numbers: edits, kills, lost answers and hands at random, then the ledger.

One stack, two lines, one sandbox. What must hold whatever happened: a line is charged for once and answered by one rule
that is its own; nothing is released whose mark was not applied; what is nobody's stays as it was; and once nothing
disturbs any more, two updates bring all to what the file says, and a third writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.faults import Fault
from sandbox.ledger import Charge, Release
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World
from trunkline.model.livekit_numbers import claim_of

LINES = ("desk", "night")
STEPS = 8
PREFIX = "trunkline:acme/test/"
THEIRS = "+14085550100"


@dataclass
class Slice:
    """One run. `marked`: the lines whose mark to release was applied; `told`: what happened, for a report."""

    seed: int
    told: list[str] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    by_hand: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.stack = Stack(World(self.seed), checkpoints=self.rng.random() < 0.5)
        self.sandbox = self.stack.world.sandbox
        individual = {"dispatch_rule_individual": {"room_prefix": "old-"}}
        rule = self.sandbox.livekit.add_dispatch_rule(name="by hand", trunk_ids=["ST_x"], rule=individual)
        self.sandbox.livekit.numbers.add(THEIRS, rule["sip_dispatch_rule_id"], name="theirs")
        self.theirs = self.sandbox.livekit.numbers.get(THEIRS)
        self.lines: dict[str, dict[str, Any]] = {}

    def run(self) -> list[str]:
        """Disturb, then settle. Gives what is wrong, nothing where all holds."""
        for _ in range(STEPS):
            self._edit()
            self._disturb()
            self._up()
            if faults := self._wrong():
                return faults
        self.sandbox.faults.clear()
        for line in self.lines.values():
            line["repurchase"] = False
        for _ in range(3):
            self._up(quiet=True)
            self.stack.world.clock.sleep(25 * 3600)
        mark = self.sandbox.journal.mark()
        self._up(quiet=True)
        written = [each.path.rpartition("/")[2] for each in self.sandbox.journal.writes(mark)]
        return [*self._wrong(), *([f"not silent: {written}"] if written else []), *self._unsettled()]

    def _edit(self) -> None:
        name = self.rng.choice(LINES)
        line = self.lines.get(name)
        if line is None:
            search = {"country": "US", "area_code": self.rng.choice(("415", "650"))}
            self.lines[name] = {"provider": "livekit", "search": search, "agent": "support", "removal": "protect"}
        elif name in self.marked and self._is_whole(name) and self.rng.random() < 0.6:
            del self.lines[name]
            self.marked.discard(name)
        else:
            key, values = self.rng.choice(
                (("agent", ("support", "sales")), ("removal", ("protect", "release", "keep")))
            )
            line[key] = self.rng.choice(values)
        self.told.append(f"file: {json.dumps(self.lines)}")

    def _is_whole(self, name: str) -> bool:
        """Whether the line's number is there and named: an operator removes no line that is on order yet."""
        return PREFIX + name in {one["name"] for one in self.sandbox.livekit.numbers}

    def _disturb(self) -> None:
        ours = [one["e164_format"] for one in self.sandbox.livekit.numbers if one["e164_format"] != THEIRS]
        match self.rng.randrange(6):
            case 0 if ours:
                number = self.rng.choice(ours)
                self.sandbox.livekit.numbers.edit(number, name="mine", rule=self.rng.choice((None, "")))
                self.told.append(f"by hand: {number} is called mine")
            case 1:
                rpc = self.rng.choice(
                    ("PurchasePhoneNumber", "UpdatePhoneNumber", "ReleasePhoneNumbers", "SIPDispatch")
                )
                self.sandbox.faults.add(Fault("drop", path=rpc, write=True, when=self.rng.choice(("before", "after"))))
                self.told.append(f"drop {rpc}")
            case 2:
                self.sandbox.faults.add(Fault("late_order", path="PurchasePhoneNumber", lag_seconds=7200))
                self.told.append("late order")
            case _:
                pass

    def _up(self, *, quiet: bool = False) -> None:
        before = {name: line["removal"] for name, line in self.lines.items()}
        die = not quiet and self.rng.random() < 0.4
        try:
            self.stack.up(self._text(), handle=self._killing() if die else None)
        except Killed:
            self.told.append("killed")
        except Failed as failure:
            self.told.append(f"failed: {failure.messages}")
        else:
            self.marked = {name for name, removal in before.items() if removal != "protect"}
            self.told.append("applied")

    def _killing(self) -> Callable[..., Any]:
        def die(*_: object) -> None:
            raise Killed

        write = self.rng.randrange(4)
        return AtWrite(write, before=die) if self.rng.random() < 0.5 else AtWrite(write, after=die)

    def _text(self) -> str:
        agents = {"support": {"agent_name": "support"}, "sales": {"agent_name": "sales"}}
        lines = {name: {key: value for key, value in line.items() if value} for name, line in self.lines.items()}
        return json.dumps({"version": 1, "guard": {"max_releases": 5}, "agents": agents, "numbers": lines})

    def _wrong(self) -> list[str]:
        """Say what must never be."""
        ledger = self.sandbox.ledger.entries
        charged = [each.number for each in ledger if isinstance(each, Charge)]
        released = [each.number for each in ledger if isinstance(each, Release)]
        faults = [f"{number} was charged twice" for number in set(charged) if charged.count(number) > 1]
        if self.sandbox.livekit.numbers.get(THEIRS) != self.theirs:
            faults.append(f"{THEIRS} is not ours and was changed")
        if len(released) > len(charged) or THEIRS in released:
            faults.append(f"released {released} of {charged}")
        names = [one["name"] for one in self.sandbox.livekit.numbers if one["name"].startswith(PREFIX)]
        faults += [f"two numbers are called {name}" for name in set(names) if names.count(name) > 1]
        for rule in self.sandbox.livekit.dispatch_rules():
            if not rule.get("trunk_ids"):
                faults.append(f"rule {rule['name']} answers every trunk")
        return faults

    def _unsettled(self) -> list[str]:
        """Say in what the end differs from the file."""
        numbers = {one["name"]: one for one in self.sandbox.livekit.numbers}
        rules = {one["name"].partition("#")[0]: one for one in self.sandbox.livekit.dispatch_rules()}
        faults = []
        for name, line in self.lines.items():
            number, rule = numbers.get(PREFIX + name), rules.get(PREFIX + name)
            if number is None or rule is None:
                faults.append(f"{name} lacks its number or its rule")
            elif sorted(rule["trunk_ids"]) != sorted([claim_of(number["e164_format"]), number["id"]]):
                faults.append(f"the rule of {name} answers {rule['trunk_ids']}")
            elif [agent["agent_name"] for agent in rule["room_config"]["agents"]] != [line["agent"]]:
                faults.append(f"{name} is answered by {rule['room_config']}")
        return faults
