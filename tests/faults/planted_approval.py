"""Planted bugs in what binds an update to the plan that was approved."""

from __future__ import annotations

from tests.faults.mutant import Mutant

_RULE = "an update can be bound to a reviewed plan, and refuses before the first write what moved"
_MOVES = "trunkline/approval/moves.py"
_HELD = "providers/dynamic/approved.py"

APPROVAL: tuple[Mutant, ...] = (
    Mutant(
        "what stands at the vendors is not held against the plan",
        _RULE,
        _HELD,
        ", *moves.standing(self.plan, live)]",
        "]",
        "approval",
    ),
    Mutant(
        "what the program declares otherwise is dropped",
        _RULE,
        _HELD,
        "moved = [*self.moved, *",
        "moved = [*",
        "approval",
    ),
    Mutant(
        "a number that left its account has not moved",
        _RULE,
        _HELD,
        'purchase.VANISHED if was.get("status") in _THERE else was.get("status", "")',
        'was.get("status", "")',
        "approval",
    ),
    Mutant(
        "a second object with our tag has not moved",
        _RULE,
        _HELD,
        '"duplicates": sorted(twins)}',
        '"duplicates": []}',
        "approval",
    ),
    Mutant(
        "what is removed is held against a state that no refresh has seen",
        "what did not move is applied",
        _HELD,
        " and one.declared is not None)",
        ")",
        "approval",
    ),
    Mutant(
        "another search buys another number than the reviewed one",
        _RULE,
        "providers/dynamic/choice.py",
        "*claimed, *reviewed)",
        "*claimed)",
        "approval",
    ),
    Mutant(
        "the record of another update is not held against the plan",
        _RULE,
        _MOVES,
        "((saved.fleet, _plain(inputs), FOUND), (saved.record, _plain(record), RECORD))",
        "((saved.fleet, _plain(inputs), FOUND),)",
        "approval",
    ),
    Mutant(
        "what no object has may change in the file",
        _RULE,
        _MOVES,
        "if not moved and digest != saved.digest:",
        "if False:",
        "approval",
    ),
    Mutant(
        "a foreign rule that takes calls has not moved",
        _RULE,
        _MOVES,
        "if where == FOUND and not unseen:",
        "if False:",
        "approval",
    ),
    Mutant(
        "what the Fleet refuses otherwise is not told",
        "all of it, once each",
        _MOVES,
        "for move in each.values()), *reasons]",
        "for move in each.values())]",
        "approval",
    ),
    Mutant(
        "a line's property is told of the line and of its number",
        "all of it, once each",
        _MOVES,
        '"number" if move.place == "line" else move.place',
        "move.place",
        "approval",
    ),
    Mutant(
        "a new line is told by each of its objects",
        "all of it, once each",
        _MOVES,
        "if move.owner not in whole or (",
        "if True or (",
        "approval",
    ),
    Mutant(
        "an update without the Fleet is bound to nothing",
        _RULE,
        "providers/dynamic/left_out.py",
        "if run.bound and run.approved is None:",
        "if False:",
        "approval",
    ),
    Mutant(
        "an outage is called a move",
        "errors tell the fact",
        "providers/dynamic/fleet.py",
        "reasons, bound = [Objection(str(error))], None",
        "reasons = [Objection(str(error))]",
        "approval",
    ),
    Mutant(
        "a plan of another version is read",
        "a saved plan is versioned",
        "trunkline/approval/saved.py",
        "if version != trunkline.__version__:",
        "if False:",
        "approval",
    ),
    Mutant(
        "a plan that was edited by hand is read",
        _RULE,
        "trunkline/approval/saved.py",
        "if found.pop(_CHECKSUM, None) != _checksum(found):",
        "if found.pop(_CHECKSUM, None) is None:",
        "approval",
    ),
    Mutant(
        "a plan of another stack is applied",
        _RULE,
        "trunkline/approval/saved.py",
        "if (saved.stack, saved.project) != (stack, project):",
        "if saved.stack != stack:",
        "approval",
    ),
)
