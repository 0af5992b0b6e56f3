"""Planted bugs in what is found by comparing file, state and live systems, and in what writes a lost state anew."""

from __future__ import annotations

from tests.faults.mutant import Mutant

SAID_AS_IT_IS = "§8 what is shown is what is"

COMPARISON: tuple[Mutant, ...] = (
    Mutant(
        "call a line's number unmanaged",
        SAID_AS_IT_IS,
        "trunkline/comparison/paid.py",
        "if one.number not in sides.numbers",
        "if True",
        suite="comparison",
    ),
    Mutant(
        "call the id of a number that LiveKit sells dangling",
        SAID_AS_IT_IS,
        "trunkline/comparison/rules.py",
        "if id not in there and not livekit_numbers.is_number(id)",
        "if id not in there",
        suite="comparison",
    ),
    Mutant(
        "say nothing of an agent that somebody changed by hand",
        SAID_AS_IT_IS,
        "providers/dynamic/changed_outside.py",
        "if live[name] != wanted[name] and",
        "if name != 'agents' and live[name] != wanted[name] and",
        suite="comparison",
    ),
    Mutant(
        "let one vendor's silence hide the others",
        SAID_AS_IT_IS,
        "providers/holdings.py",
        "            unread[vendor] = error\n            return ()",
        "            unread[vendor] = error\n            raise",
        suite="comparison",
    ),
    Mutant(
        "write at a vendor while the import file is made",
        "§4 what an update alone may write",
        "stacks/importing.py",
        "if name in _WRITES:",
        "if False:",
        suite="comparison",
    ),
)
