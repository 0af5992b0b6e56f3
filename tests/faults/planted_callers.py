"""Planted bugs in the rules that answer some callers of a line."""

from __future__ import annotations

from tests.faults.mutant import Mutant

NOBODY_LOST = "§1.4 who has no agent of their own reaches the line's"
ONE_EACH = "§4 callers: a caller is in one rule at a time"
OURS = "§4 callers: an entry's rule is its line's"
WALL = "§1.4 adoption opens no wall"
CALLING, RULES = "providers/dynamic/calling.py", "providers/dynamic/caller_rules.py"
ADOPTED, PLAN = "providers/dynamic/adopted_callers.py", "trunkline/plan/caller_rules.py"

CALLERS: tuple[Mutant, ...] = (
    Mutant(
        "the rule of an entry before that for all others",
        NOBODY_LOST,
        PLAN,
        "depends_on=(*default.depends_on, default.key)",
        "depends_on=default.depends_on",
        suite="callers",
    ),
    Mutant(
        "a rule that has lost its callers stays, and answers everybody",
        NOBODY_LOST,
        CALLING,
        "        if rest:\n",
        "        if True:\n",
        suite="callers",
    ),
    Mutant(
        "a caller is not taken off the entry that it leaves",
        ONE_EACH,
        CALLING,
        "            _make_way(run, desired, own=id_)\n",
        "",
        suite="callers",
    ),
    Mutant(
        "an entry whose callers all went is not made again for others",
        ONE_EACH,
        CALLING,
        "            if id_ in run.yielded:",
        "            if False:",
        suite="callers",
    ),
    Mutant(
        "an adopted rule is deleted for the callers that it gives",
        "§1.1 what was there before stays",
        CALLING,
        "elif objects.ADOPTED in fresh.notes:",
        "elif False:",
        suite="callers",
    ),
    Mutant(
        "the tag of an entry's rule names a line of its own",
        OURS,
        "trunkline/model/tag.py",
        "owner = named.partition(_FURTHER)[0]",
        "owner = named.rstrip(_FURTHER)",
        suite="callers",
    ),
    Mutant(
        "what a killed run left of an entry stands for ever",
        "§1.1 nothing of ours is left behind",
        RULES,
        "        and (owner, entry) not in wanted\n",
        "        and False\n",
        suite="callers",
    ),
    Mutant(
        "a line's own rule cannot be made again beside an entry's",
        NOBODY_LOST,
        "providers/dynamic/objects.py",
        "(not kind.exclusive or natural.answers_some(kind, one))",
        "not kind.exclusive",
        suite="callers",
    ),
    Mutant(
        "a rule that an entry adopts counts as the line's, which answers everybody",
        NOBODY_LOST,
        "providers/dynamic/neighbours/calls_in.py",
        "own = next((one for one in untagged if not one.callers), next(iter(untagged), None))",
        "own = next(iter(untagged), None)",
        suite="callers",
    ),
    Mutant(
        "`removal: keep` leaves the rule of an entry that goes from a line that stays",
        OURS,
        CALLING,
        'recorded.get("keep") and line_stays(runtime.current(), recorded)',
        "False",
        suite="callers",
    ),
    Mutant(
        "`removal: keep` leaves the rule of an entry that goes as its line is renamed",
        OURS,
        RULES,
        'return declared or not run.answered.isdisjoint(recorded.get("trunkIds", ()))',
        "return declared",
        suite="callers",
    ),
    Mutant(
        "adopt comes off a rule for some where an entry names others",
        WALL,
        ADOPTED,
        "return bool(only) and named.issuperset(only)",
        "return bool(only) and bool(named)",
        suite="callers",
    ),
    Mutant(
        "an entry beside an adopted rule that answers some alone",
        WALL,
        ADOPTED,
        "    if only:\n",
        "    if False:\n",
        suite="callers",
    ),
    Mutant(
        "a caller in two entries",
        ONE_EACH,
        "trunkline/inventory/rules/agents.py",
        "if (other := first.setdefault(number, entry.name)) != entry.name:",
        "if (other := first.setdefault(number, entry.name)) is None:",
        suite="callers",
    ),
    Mutant(
        "an entry for nobody, which would answer all",
        NOBODY_LOST,
        "trunkline/inventory/rules/agents.py",
        "        if not entry.numbers:\n",
        "        if False:\n",
        suite="callers",
    ),
    Mutant(
        "Vonage's callers with a plus, which LiveKit never meets",
        ONE_EACH,
        "trunkline/carriers/vonage.py",
        '    caller_prefix="",\n',
        "",
        suite="callers",
    ),
)
