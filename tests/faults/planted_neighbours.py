"""Planted bugs in what is said of things beside ours, and in the model of LiveKit's matching that tells it."""

from __future__ import annotations

from tests.faults.mutant import Mutant

CALLS = "trunkline/calls/matching.py"
FOUND = "providers/dynamic/neighbours/interference.py"
AT_LIVEKIT = "providers/dynamic/neighbours/calls_in.py"
AT_CARRIERS = "providers/dynamic/neighbours/carrier_trunks.py"
TOLD = "providers/dynamic/neighbours/__init__.py"

NEIGHBOUR_RULES: tuple[Mutant, ...] = (
    Mutant(
        "a foreign rule is not looked at",
        "§4 neighbours: a rule that beats ours",
        FOUND,
        "    for rule in place.rules:\n        if rule.id not in seen.clashes",
        "    for rule in ():\n        if rule.id not in seen.clashes",
        suite="neighbours",
    ),
    Mutant(
        "a second trunk is not looked at",
        "§4 neighbours: a second trunk with our number",
        FOUND,
        "    for trunk in place.trunks:\n        met = place.with_trunk(call, trunk,",
        "    for trunk in ():\n        met = place.with_trunk(call, trunk,",
        suite="neighbours",
    ),
    Mutant(
        "who is let in past our walls is nobody's matter",
        "§4 neighbours: lets in whom our line keeps out",
        FOUND,
        "    if met.reached and not alone.reached:\n        return How.ADMITS",
        "    if met.reached and not alone.reached:\n        return None",
        suite="neighbours",
    ),
    Mutant(
        "two foreign rules that block our calls together are missed",
        "§4 neighbours: ties",
        AT_LIVEKIT,
        '        return any(foreign.id in self._clashing(id) for id in foreign.trunk_ids or ("",))',
        "        return False",
        suite="neighbours",
    ),
    Mutant(
        "a rule for every trunk counts as much as one for ours",
        "§4 neighbours: nothing is named that LiveKit passes over",
        CALLS,
        "    rule = min(specific or general, key=",
        "    rule = min((*specific, *general), key=",
        suite="neighbours",
    ),
    Mutant(
        "a PIN gives a rule no precedence",
        "§4 neighbours: PIN rules go first",
        CALLS,
        "        rank = _FORMS[self.form] + (0 if self.pin else _OPEN)",
        "        rank = _FORMS[self.form] + (9000 if self.pin else 0)",
        suite="neighbours",
    ),
    Mutant(
        "addresses that LiveKit cannot read keep callers out",
        "§4 neighbours: address lists fail open",
        CALLS,
        "    return not usable or any(",
        "    return (not addresses) or any(",
        suite="neighbours",
    ),
    Mutant(
        "every carrier writes our number with its plus",
        "§4 neighbours: in the carrier's spelling",
        "providers/vonage/numbering.py",
        "    dials_plus = False",
        "    dials_plus = True",
        suite="neighbours",
    ),
    Mutant(
        "an object of ours without its tag is foreign",
        "§4 neighbours: ours is what the state holds",
        "providers/dynamic/provider.py",
        "        run.held.add(id_)\n",
        "",
        suite="neighbours",
    ),
    Mutant(
        "what is about to be adopted is foreign",
        "§4 neighbours: ours is what this update adopts",
        TOLD,
        "    ours = run.held | {one.id for one in run.standing.values()}",
        "    ours = run.held",
        suite="neighbours",
    ),
    Mutant(
        "a foreign route of a better priority is missed",
        "§4 neighbours: a foreign origination URL",
        AT_CARRIERS,
        "if first is not None and priority > first:",
        "if first is not None and priority != first:",
        suite="neighbours",
    ),
    Mutant(
        "a foreign credential list is missed",
        "§4 neighbours: who may call out",
        AT_CARRIERS,
        "    for link in run.listing(USERS, trunk.id):",
        "    for link in ():",
        suite="neighbours",
    ),
    Mutant(
        "a borrowed trunk is looked into too",
        "§4 neighbours: judged by the trunk's owner",
        AT_CARRIERS,
        "        if survey.owner_of(trunk.tag) in trunks or trunk.id in ours:",
        "        if True:",
        suite="neighbours",
    ),
    Mutant(
        "what is accepted is said all the same",
        "§4 neighbours: accepted in the file",
        TOLD,
        "        elif not one.accepted:",
        "        else:",
        suite="neighbours",
    ),
    Mutant(
        "what was accepted and is gone is not missed",
        "§4 neighbours: an accepted id that nobody meets",
        TOLD,
        '        if one["id"] not in there and not one.get("elsewhere")',
        "        if False",
        suite="neighbours",
    ),
    Mutant(
        "what another stack may have is missed here",
        "§4 neighbours: the entry is of the file, the notice of a stack",
        TOLD,
        '        if one["id"] not in there and not one.get("elsewhere")',
        '        if one["id"] not in there',
        suite="neighbours",
    ),
    Mutant(
        "nothing is recorded for the audit",
        "§4 neighbours: findings",
        "providers/dynamic/fleet.py",
        '{"neighbours": [one.to_json() for one in beside]} if beside else {}',
        "{}",
        suite="neighbours",
    ),
    Mutant(
        "a place behind ours takes calls from it",
        "§4 neighbours: what is named is true",
        AT_CARRIERS,
        "    if first is not None and priority > first:",
        "    if False:",
        suite="neighbours",
    ),
    Mutant(
        "the route that an adoption makes is not counted",
        "§4 neighbours: what is named is true",
        AT_CARRIERS,
        '    first = own["priority"] if own["enabled"] else None',
        '    first = own["priority"] if own["enabled"] and own is not AS_MADE else None',
        suite="neighbours",
    ),
)
