"""Rules about a line's `callers`: which callers have a rule of their own, and whether it could ever answer them.

LiveKit compares a rule's callers letter by letter, and refuses two rules of a trunk that name one caller
(livekit/protocol `sip/sip.go`, 2026-07-28).
"""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory import agent_rules
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.place import Path
from trunkline.model.entries import Callers, Line

KEY = "callers"
# (keys below the line, rule, message, fix)
Finding = tuple[Path, str, str, str]


def problems(inventory: Inventory, line: Line) -> Iterator[Problem]:
    """Give every problem of the callers of one line whose own keys are sound."""
    if not line.callers or not CARRIERS[line.provider].has_trunks:
        return
    for path, code, message, fix in (*_direction(line), *_named_twice(line), *_entries(inventory, line)):
        yield inventory.problem(("numbers", line.name, *path), code, f'line "{line.name}": {message}', fix)


def warnings(line: Line) -> Iterator[Finding]:
    """Say of a host that no carrier's declaration speaks for that the spelling counts."""
    if line.callers and CARRIERS[line.provider].caller_prefix is None:
        message = "its `callers` answer only callers whom the SIP host writes just so, with the plus"
        yield (KEY,), "caller-spelling", message, "look at a call's sip.phoneNumber attribute, and compare"


def _direction(line: Line) -> Iterator[Finding]:
    if not line.inbound:
        message = f"{KEY} is about calls in, which it does not have"
        yield (KEY,), "idle-key", message, f"delete `{KEY}`, or `inbound: false`"


def _named_twice(line: Line) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for entry in line.callers:
        for index, number in enumerate(entry.numbers):
            at = (KEY, entry.name, "from", str(index))
            if (other := first.setdefault(number, entry.name)) != entry.name:
                message = (
                    f'{number} of "{entry.name}" is one of "{other}" already, and LiveKit refuses two rules for it'
                )
                yield at, "caller-twice", message, "keep it in one of the two"
            elif number in entry.numbers[:index]:
                yield at, "listed-twice", f'"{entry.name}" lists {number} twice', "delete one of the two"


def _entries(inventory: Inventory, line: Line) -> Iterator[Finding]:
    for entry in line.callers:
        path = (KEY, entry.name)
        if not entry.numbers:
            # A rule that names nobody answers everybody.
            message = f'"{entry.name}" names no caller, and such a rule would answer all of them'
            yield (*path, "from"), "no-callers", message, f'list numbers in `from`, or delete "{entry.name}"'
        yield from _unmatched(line, entry, path)
        for _, code, message, fix in agent_rules.several(inventory, entry.agents):
            yield (*path, "agent"), code, f'"{entry.name}": {message}', fix


def _unmatched(line: Line, entry: Callers, path: Path) -> Iterator[Finding]:
    """Give callers who never come as far as a rule."""
    for index, number in enumerate(entry.numbers):
        at = (*path, "from", str(index))
        if number == line.number:
            fix = "list the numbers of callers; the line's own number is `phone_number`"
            yield at, "unreachable", f'"{entry.name}" lists the line\'s own number, which calls nobody here', fix
        elif line.allowed_callers and number not in line.allowed_callers:
            message = f'{number} of "{entry.name}" is not among its allowed_callers, so that it cannot call in'
            yield at, "unreachable", message, "add it to `allowed_callers`, or delete it here"
