"""Planted bugs in what becomes of an adopted object: what is not ours in it stays, and comes back as it was."""

from __future__ import annotations

from tests.faults.mutant import Mutant

MATCHING = "providers/dynamic/matching.py"
UNMANAGED = "providers/dynamic/unmanaged.py"
PROVIDER = "providers/dynamic/provider.py"
GIVING_UP = "providers/dynamic/giving_up.py"
PLAN = "trunkline/plan/adoption.py"
EXACTLY = "§1.4 adoption takes exactly what the line names"
THEIRS = "§1.4 a removal takes ours alone"
STAYS = "§4 what the file does not name stays"

ADOPTED_RULES: tuple[Mutant, ...] = (
    Mutant(
        "manage what the file does not name",
        STAYS,
        UNMANAGED,
        '    if "unmanaged" not in inputs:',
        "    if True:",
        suite="adoption",
    ),
    Mutant(
        "record a secret that the file does not name",
        "§1.6 no secret in clear",
        UNMANAGED,
        "if name in live and name not in without}",
        "if name in live}",
        suite="adoption",
    ),
    Mutant(
        "take out what nobody named",
        EXACTLY,
        UNMANAGED,
        "    return sorted({*standing, *lacking, *strangers([*wanted, *former], live)})",
        "    return sorted({*standing, *lacking})",
        suite="adoption",
    ),
    Mutant(
        "keep what the file names no more",
        "§4 what the file named before goes with it",
        UNMANAGED,
        "*strangers([*wanted, *former], live)",
        "*strangers(wanted, live)",
        suite="adoption",
    ),
    Mutant("drop the other agents", STAYS, UNMANAGED, "for agent in (*ours, *others))", "for agent in (*ours,))"),
    Mutant(
        "keep no label of what was adopted",
        "§4 names that our tag overwrites are put back by keep",
        PROVIDER,
        "        if outcome.former is not None:",
        "        if False:",
        suite="adoption",
    ),
    Mutant(
        "adopted props are named by nobody",
        STAYS,
        PLAN,
        "        if by_line or by_default or by_trunk or by_fallback:",
        "        if True:",
        suite="adoption",
    ),
    Mutant(
        "delete what was adopted when its line is withdrawn",
        EXACTLY,
        PROVIDER,
        "(FORMER_LABELS in recorded and not protection.is_released(run, recorded)):",
        "False:",
        suite="adoption",
    ),
    Mutant(
        "sweep what an interrupted update adopted",
        EXACTLY,
        "providers/dynamic/leftovers.py",
        "        if ADOPTED in observed.notes:\n",
        "        if not observed.notes and ADOPTED in observed.notes:\n",
        suite="adoption",
    ),
    Mutant(
        "delete a trunk with somebody else's number on it",
        THEIRS,
        GIVING_UP,
        '"it has {_listed(theirs)} too, which no line names") if theirs else None',
        '"it has {_listed(theirs)} too, which no line names") if not theirs else None',
        suite="adoption",
    ),
    Mutant(
        "delete a rule that answers somebody else's trunk",
        THEIRS,
        GIVING_UP,
        "    if not (named or id_ in runtime.held or trunk.tag in tags_of(recorded)):\n        return True\n",
        "",
        suite="adoption",
    ),
    Mutant(
        "delete the rule of a trunk that stays for others",
        THEIRS,
        GIVING_UP,
        '    return bool(_strangers(runtime, trunk, ours["numbers"]))',
        "    return False",
        suite="adoption",
    ),
    Mutant(
        "take what a refresh found in an object for ours",
        THEIRS,
        PROVIDER,
        '        if named := recorded.get("named") or unmanaged.named(recorded):',
        "        if named := unmanaged.named(outputs):",
        suite="adoption",
    ),
    Mutant(
        "delete a carrier's trunk with somebody else's routes",
        THEIRS,
        GIVING_UP,
        'return Rest({}, f"it has {_listed(theirs)} too, which no line made") if theirs else None',
        'return Rest({}, f"it has {_listed(theirs)} too, which no line made") if not theirs else None',
        suite="adoption",
    ),
    Mutant(
        "call what goes along with `shared:` another line's",
        "§1.9 `shared:` is switched in place",
        MATCHING,
        " and not gives(wanted, one)]",
        "]",
        suite="adoption",
    ),
    Mutant(
        "forget who had an adopted object before `shared:` changed",
        "§1.9 `shared:` is switched in place",
        PLAN,
        '        "former": _former(spec),',
        '        "former": [],',
        suite="adoption",
    ),
    Mutant(
        "forget that a trunk was adopted when it lets a number go",
        EXACTLY,
        "providers/dynamic/homes.py",
        "with_notes(trunk.tag, kept) if kept else trunk.tag",
        "trunk.tag",
        suite="adoption",
    ),
    Mutant(
        "open an adopted rule to all callers",
        STAYS,
        "trunkline/walls.py",
        '        "onlyCallers": ("it answers some callers alone", _admits_more),\n',
        "",
        suite="adoption",
    ),
)
