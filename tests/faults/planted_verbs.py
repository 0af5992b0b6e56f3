"""Planted bugs in what Pulumi's verbs may do: destroy of a part, replace, taint, surgery on the state, targets."""

from __future__ import annotations

from tests.faults.mutant import Mutant

DECLARED = "providers/dynamic/declared.py"
FLEET = "providers/dynamic/fleet.py"
NUMBER = "providers/dynamic/number.py"
PURCHASE = "providers/dynamic/purchase.py"
VERDICT = "providers/dynamic/verdict.py"
ENTRIES = "providers/dynamic/entries.py"
DEPARTURES = "providers/dynamic/departures.py"

VERBS: tuple[Mutant, ...] = (
    Mutant(
        "buy what the Fleet did not approve",
        "§1 create buys what this run's Fleet approved alone",
        NUMBER,
        "if not purchase.is_approved(run, number, desired):",
        "if False:",
        "verbs",
    ),
    Mutant(
        "buy again in an update what the Fleet did not approve",
        "§1 create buys what this run's Fleet approved alone",
        PURCHASE,
        "    if number in (run.approved or ()):",
        "    if run.approved is None or number in run.approved:",
        "verbs",
    ),
    Mutant(
        "delete what this run took or declares",
        "§1 a live object is not deleted by an old entry",
        DECLARED,
        "    if not stays and not run.is_held_twice(kind.name, id_):",
        "    if True:",
        "verbs",
    ),
    Mutant(
        "delete what an old entry names, one run later",
        "§1 a live object is not deleted by an old entry",
        DECLARED,
        "in run.taken or (declared and _is_alone(run, kind, id_, recorded))",
        "in run.taken",
        "verbs",
    ),
    Mutant(
        "a trunk of former lines counts as theirs",
        "§4 what lines shared goes when each has its own",
        DECLARED,
        'for name in ("tag", "sharedTag") if props.get(name)]',
        'for name in ("tag", "sharedTag") if props.get(name)] + list(props.get("formerTags", ()))',
    ),
    Mutant(
        "destroy deletes an object at its first entry",
        "§1 a live object is not deleted by an old entry",
        "providers/dynamic/runtime.py",
        "twice = self.entries[kind, id_] > 1",
        "twice = False",
        "verbs",
    ),
    Mutant(
        "release past the Fleet",
        "§4 guard limits, whatever is excluded",
        DECLARED,
        "    if run.declared and run.wanted is None:",
        "    if False:",
        "verbs",
    ),
    Mutant(
        "a release that is done is counted again",
        "§4 guard limits",
        VERDICT,
        'if _is_still_there(name, olds["lines"][name], survey, chooser)]',
        "]",
        "verbs",
    ),
    Mutant(
        "a replaced Fleet forgets its record",
        "§4 refused before any write",
        FLEET,
        "decode(_olds) or dict(run.record)",
        "decode(_olds)",
        "verbs",
    ),
    Mutant(
        "a number that the state lost before its line left is named by nobody",
        "what is paid for is named",
        "providers/dynamic/leaving.py",
        "if name in there or _is_routed(survey, number)}",
        "if name in there}",
        "verbs",
    ),
    Mutant(
        "buy a number whose rule is left out",
        "what is bought is answered",
        "providers/dynamic/number.py",
        "        left_out.demand_rule(run, desired)\n        owned =",
        "        owned =",
        "verbs",
    ),
    Mutant(
        "route an adopted trunk whose rule is left out",
        "a call finds its agent at every moment",
        "providers/dynamic/left_out.py",
        "    if called and (unanswered := sorted(called - _answered(run))):",
        "    if False:",
        "verbs",
    ),
    Mutant(
        "route a number to a project without its rule",
        "a call finds its agent at every moment",
        "providers/dynamic/number.py",
        "        if any(owned.props[name] != desired[name] for name in carrier.route_fields):",
        "        if False:",
        "moves",
    ),
    Mutant(
        "delete what an entry names that was moved here from another stack",
        "a stack never touches what another one has",
        ENTRIES,
        "    if owner.fleet in own:",
        "    if True:",
        "verbs",
    ),
    Mutant(
        "believe that a stack without a Fleet is any stack",
        "a stack never touches what another one has",
        ENTRIES,
        "    if owner is None or not (here or run.recorded_lines is not None) or owner.owner in owners_in(run.record):",
        "    if owner is None or run.recorded_lines is None or owner.owner in owners_in(run.record):",
        "verbs",
    ),
    Mutant(
        "take back in the check a number that its mark has detached",
        "what is refused is refused before the first write",
        "providers/dynamic/choice.py",
        '        detached = by_state and old.get("removal") == "keep" and not routed',
        "        detached = False",
        "verbs",
    ),
    Mutant(
        "look for no trunk that a kept custom line has left",
        "what is refused is refused before the first write",
        VERDICT,
        '        if marks and "keep" not in marks:',
        "        if marks:",
        "verbs",
    ),
    Mutant(
        "cut a line off in a shared trunk where the record that has its mark is lost",
        "§1 nothing of a line goes unless it was marked",
        DEPARTURES,
        "    if olds:\n        return []",
        "    if True:\n        return []",
        "verbs",
    ),
    Mutant(
        "keep a marked line where the record is lost, and the outputs have its mark",
        "§1 what was marked can go",
        DEPARTURES,
        """if marks.get(name, "protect") != "protect"}""",
        "if False}",
        "verbs",
    ),
)
