"""Planted bugs in adoption, and in how numbers are compared."""

from __future__ import annotations

from tests.faults.mutant import Mutant

ADOPTION = "providers/dynamic/adoption.py"
MATCHING = "providers/dynamic/matching.py"
UNMANAGED = "providers/dynamic/unmanaged.py"
WALLS = "providers/dynamic/walls.py"
OBJECTS = "providers/dynamic/objects.py"
PROVIDER = "providers/dynamic/provider.py"
GIVING_UP = "providers/dynamic/giving_up.py"
PLAN = "trunkline/plan/adoption.py"
EXACTLY = "§1.4 adoption takes exactly what the line names"
WALL = "§4 adoption opens no wall that the file does not name"
THEIRS = "§1.4 a removal takes ours alone"
STAYS = "§4 what the file does not name stays"

ADOPTION_RULES: tuple[Mutant, ...] = (
    Mutant(
        "a number that is spelled otherwise is another one",
        "§4 numbers are compared as LiveKit compares them",
        "trunkline/calls.py",
        "    digits = number.translate(_PUNCTUATION)",
        "    return number",
        suite="adoption",
    ),
    Mutant(
        "adopt a trunk that serves others",
        EXACTLY,
        ADOPTION,
        "            yield from self._serves_others(match, match.target)\n",
        "",
        suite="adoption",
    ),
    Mutant(
        "adopt one object for two owners",
        EXACTLY,
        ADOPTION,
        "        if len(takers) > 1:",
        "        if False:",
        suite="adoption",
    ),
    Mutant(
        "adopt what belongs to another fleet",
        EXACTLY,
        MATCHING,
        "if len(same) == 1 and Tag.parse(same[0].tag) is None:",
        "if len(same) == 1:",
        suite="adoption",
    ),
    Mutant("adopt one of several objects", EXACTLY, MATCHING, "    if len(same) == 1 and", "    if same and"),
    Mutant(
        "make what is to be adopted",
        "§4 adoption never creates",
        ADOPTION,
        "if not wanted.adopt or match.target is not None or self._is_recorded(wanted):",
        "if True:",
        suite="adoption",
    ),
    Mutant(
        "adopt from a listing that is older than the object",
        "§4 adoption re-reads before it writes",
        OBJECTS,
        "    if others or not _same_key(kind, fresh, desired):",
        "    if False:",
        suite="adoption",
    ),
    Mutant(
        "defaults open a wall",
        WALL,
        ADOPTION,
        "judged - set(wanted.said)):",
        "set()):",
        suite="adoption",
    ),
    Mutant(
        "taking adopt off opens a wall",
        WALL,
        MATCHING,
        "if one.adopt or one.adopted_before(olds)]",
        "if one.adopt]",
        suite="adoption",
    ),
    Mutant(
        "no key of the file says where calls may be handed over to",
        WALL,
        PLAN,
        '"transferMode": _Keys(trunk=("transfer_mode",))',
        '"transferMode": _Keys()',
        suite="adoption",
    ),
    Mutant("a PIN falls with its rule's form", WALL, ADOPTION, 'if live.also.get("pin") and', "if False and"),
    Mutant("walk around a PIN", WALL, ADOPTION, '            if rule.also.get("pin"):', "            if False:"),
    Mutant("a wider network is no wider", WALL, WALLS, "not all(_covered(", "not any(True or _covered("),
    Mutant("a longer list of callers is no longer", WALL, WALLS, "not set(map(canonical, becomes)) <=", "not set() <="),
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
        "    return sorted({*(spelled.get(canonical(element), element) for element in wanted), *others})",
        "    return sorted(wanted)",
        suite="adoption",
    ),
    Mutant(
        "keep what the file names no more",
        "§4 what the file named before goes with it",
        UNMANAGED,
        "others = set(strangers([*wanted, *former], live))",
        "others = set(strangers(wanted, live))",
        suite="adoption",
    ),
    Mutant("drop the other agents", STAYS, UNMANAGED, "for agent in (entry, *others))", "for agent in (entry,))"),
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
        "        if by_line or by_default or by_trunk:",
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
        "send to LiveKit the other numbers of an adopted carrier's trunk",
        EXACTLY,
        "providers/dynamic/adoption.py",
        "        if others and becomes:\n",
        "        if others and becomes and not self.numbers:\n",
        suite="adoption",
    ),
    Mutant(
        "match a host by its letters",
        EXACTLY,
        MATCHING,
        'one.props["address"].casefold() == wanted.values["address"].casefold()',
        'one.props["address"] == wanted.values["address"]',
        suite="adoption",
    ),
    Mutant(
        "show an adoption in every preview",
        "§1.8 what is shown is what is",
        "providers/dynamic/fleet.py",
        '        recorded.pop("adopting", None)\n',
        "",
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
        '"it has {_listed(theirs)} too, which no line made") if theirs else None',
        '"it has {_listed(theirs)} too, which no line made") if not theirs else None',
        suite="adoption",
    ),
)
