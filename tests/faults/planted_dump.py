"""Planted bugs in what a dump writes."""

from __future__ import annotations

from tests.faults.mutant import Mutant

GROUPS = "trunkline/dump/groups.py"
ENTRIES = "trunkline/dump/entries.py"
CARRIAGE = "trunkline/dump/carriage.py"
COMPOSE = "trunkline/dump/compose.py"
AS_IT_STANDS = "§4 a dumped account is adopted as it stands"

DUMP: tuple[Mutant, ...] = (
    Mutant(
        "dump a trunk whose rule answers others too",
        AS_IT_STANDS,
        GROUPS,
        "if len(ids & self._trunk_ids) > 1:",
        "if False:",
        suite="dump",
    ),
    Mutant(
        "dump an outbound trunk that serves others too",
        AS_IT_STANDS,
        GROUPS,
        "set(own) <= set(numbers)",
        "True",
        suite="dump",
    ),
    Mutant(
        "say of two trunks what one of them has",
        AS_IT_STANDS,
        ENTRIES,
        "all(one.props[name] == trunks[0].props[name] for one in trunks)",
        "True",
        suite="dump",
    ),
    Mutant(
        "dump a route to LiveKit that is not there",
        AS_IT_STANDS,
        CARRIAGE,
        ".count(route) == 1:",
        ".count(route) <= 1:",
        suite="dump",
    ),
    Mutant(
        "let a carrier's trunk be shared by some of its lines alone",
        AS_IT_STANDS,
        COMPOSE,
        "side.id in single | shared",
        "False",
        suite="dump",
    ),
    Mutant(
        "leave a field of a trunk or a rule out of the file without a word",
        AS_IT_STANDS,
        "trunkline/dump/optional.py",
        "return sorted({*given, *more} - other - set(said))",
        "return []",
        suite="dump",
    ),
    Mutant(
        "dump a PIN in clear",
        "§6 no secret in clear",
        COMPOSE,
        'return {**keys, "pin": {"secret": secret.name}}',
        'return {**keys, "pin": answer.pin}',
        suite="dump",
    ),
    Mutant(
        "take rules that record with other secrets for one agent's",
        AS_IT_STANDS,
        "trunkline/dump/answers.py",
        "        secrets = tuple(rule.optional[egress.SECRETS].items()) if records else ()",
        "        secrets = tuple(rule.optional[egress.SECRETS].items()) if records else ()\n"
        '        secrets = tuple((place, "") for place, _ in secrets)',
        suite="dump",
    ),
    Mutant(
        "say the metadata of an agent that is called twice",
        AS_IT_STANDS,
        "trunkline/dump/answers.py",
        'sum(each["agentName"] == name for each in rule.props["agents"]) == 1',
        "True",
        suite="dump",
    ),
)
