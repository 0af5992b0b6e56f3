"""A stack of many lines in the model of the engine: a few that it makes, and copies of the last of them.

To make one line takes eight requests, each of which takes the sandbox longer the more it has. A copy is what the model
would have made, to the last id, since the sandbox draws ids in a row: tests/benchmark/test_copies.py compares them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bench import fleet
from sandbox.accounts import TWILIO
from tests.support.model_engine import FLEET
from tests.support.model_state import Recorded, State
from tests.support.world import Stack
from trunkline.model.spec import Key

MADE = 2
"""How many lines are made. A trunk was once tagged as the first line is now, which stands in the first line alone."""
_ID = r"(?:PN|ST_|SDR_)\w+"


def up(stack: Stack, lines: int, balance: str = "10000.00") -> None:
    """Make the stack of `fleet.of(lines)` in a world without another. `balance`: USD, before the first purchase.

    Raises ValueError where it does not pay for all, as the vendor would refuse it.
    """
    _pay_in(stack, balance)
    stack.up(fleet.of(min(lines, MADE)))
    if lines <= MADE:
        return
    sandbox, state = stack.world.sandbox, stack.engine.state
    known = sandbox.snapshot()
    template = _of_line(known, state, MADE - 1)
    for line in range(MADE, lines):
        copy = json.loads(_told_of(template, line, stack))
        _into_vendors(known, copy, sandbox.ids.drawn)
        _into_state(state, copy, line)
    known["ids"]["drawn"] = sandbox.ids.drawn
    sandbox.restore(known)
    kept = [one for key, one in state.resources.items() if key[0] in ("InboundTrunk", "OutboundTrunk", "DispatchRule")]
    state.known = " ".join(sorted(one.id for one in kept))


def _pay_in(stack: Stack, balance: str) -> None:
    known = stack.world.sandbox.snapshot()
    holder = known["vendors"]["twilio"]["accounts"][TWILIO.sid]
    known["vendors"]["twilio"]["accounts"][TWILIO.sid] = {**holder, "balance": balance}
    stack.world.sandbox.restore(known)


def _of_line(known: Mapping[str, Any], state: State, line: int) -> str:
    """Give as JSON what the state and the vendors have of one line."""
    name, number = fleet.name(line), fleet.number(line)

    def tells(record: Any) -> bool:
        return f'"{number}"' in (text := json.dumps(record)) or f"/{name}" in text

    of_fleet = state.resources[FLEET]
    return json.dumps(
        {
            # First: in the order in which a line's resources were made their ids were drawn.
            "resources": [[*key, asdict(one)] for key, one in state.resources.items() if key[1] == name],
            "judged": {part: getattr(of_fleet, part)["lines"][name] for part in ("inputs", "outputs")},
            "mark": state.marks[name],
            "ledger": [entry for entry in known["ledger"] if entry["number"] == number],
            "vendors": {
                vendor: {
                    table: {key: record for key, record in records.items() if tells({key: record})}
                    for table, records in tables.items()
                }
                for vendor, tables in known["vendors"].items()
            },
        }
    )


def _told_of(template: str, line: int, stack: Stack) -> str:
    """Give the template as it is of another line, whose ids are drawn as they come."""
    ids, drawn = stack.world.sandbox.ids, dict[str, str]()
    words = dict(zip(fleet.words(MADE - 1), fleet.words(line), strict=True))

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word in words:
            return words[word]
        if word not in drawn:
            drawn[word] = ids.hex("PN") if word.startswith("PN") else ids.short(f"{word.partition('_')[0]}_")
        return drawn[word]

    return re.sub("|".join((*map(re.escape, words), _ID)), other, template)


def _into_vendors(known: dict[str, Any], copy: Mapping[str, Any], drawn: int) -> None:
    for number in copy["vendors"]["twilio"]["numbers"].values():
        number["_order"] = drawn  # the number's id is the last that is drawn of a line
    for vendor, tables in copy["vendors"].items():
        for table, records in tables.items():
            known["vendors"][vendor][table].update(records)
    known["ledger"] += copy["ledger"]
    accounts = known["vendors"]["twilio"]["accounts"]
    left = Decimal(accounts[TWILIO.sid]["balance"]) - sum(Decimal(entry["amount"]) for entry in copy["ledger"])
    if left < 0:
        raise ValueError("the balance does not pay for so many lines")
    accounts[TWILIO.sid] = {**accounts[TWILIO.sid], "balance": str(left)}


def _into_state(state: State, copy: Mapping[str, Any], line: int) -> None:
    name, number = fleet.name(line), fleet.number(line)
    for kind, _, told in copy["resources"]:
        key: Key = (kind, name)
        state.resources[key] = Recorded(**told)
    for part, judged in copy["judged"].items():
        getattr(state.resources[FLEET], part)["lines"][name] = judged
    state.settled[name], state.marks[name] = number, copy["mark"]
    state.active = f"{state.active} {number}"
