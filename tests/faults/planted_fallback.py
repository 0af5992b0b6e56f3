"""Planted bugs in where calls go that no agent takes."""

from __future__ import annotations

from tests.faults.mutant import Mutant

ASKED_AFTER = "§1.4 a fallback is asked after LiveKit, never before it"
LETS_GO = "§1.4 LiveKit lets go of what no agent answers"
OURS = "§4 neighbours: the fallback is ours"
TWILIO, URLS = "trunkline/carriers/twilio.py", "providers/dynamic/fallback_urls.py"

FALLBACK: tuple[Mutant, ...] = (
    Mutant(
        "a call rings on although there is a fallback",
        LETS_GO,
        "trunkline/plan/lines.py",
        "line.ringing_timeout or (RINGS if trunk.fallback else 0)",
        "line.ringing_timeout",
        suite="fallback",
    ),
    Mutant(
        "LiveKit says busy, after which no carrier asks another",
        LETS_GO,
        "trunkline/model/fallback.py",
        "STATUS = 503",
        "STATUS = 486",
        suite="fallback",
    ),
    Mutant(
        "a line may have LiveKit say busy",
        LETS_GO,
        TWILIO,
        "frozenset({400, 404, 405, 410, 416, 482, 484, 486})",
        "frozenset({400, 404, 405, 410, 416, 482, 484})",
        suite="fallback",
    ),
    Mutant(
        "the fallback beside LiveKit",
        ASKED_AFTER,
        "trunkline/carriers/declaration.py",
        '{**ROUTE, "priority": 2}',
        "{**ROUTE}",
        suite="fallback",
    ),
    Mutant(
        "the fallback before an adopted way to LiveKit",
        ASKED_AFTER,
        TWILIO,
        "**(LAST_ROUTE if trunk.adopt else FALLBACK_ROUTE)",
        "**FALLBACK_ROUTE",
        suite="fallback",
    ),
    Mutant(
        "adopt a fallback that takes calls before LiveKit",
        ASKED_AFTER,
        "providers/dynamic/adoption.py",
        "        if then <= first:",
        "        if False:",
        suite="fallback",
    ),
    Mutant(
        "the fallback stands without the way to LiveKit",
        ASKED_AFTER,
        TWILIO,
        ", depends_on=(route.key,)),)",
        "),)",
        suite="fallback",
    ),
    Mutant(
        "declare the fallback before the way that it needs",
        ASKED_AFTER,
        "trunkline/plan/compile.py",
        "    ways = ROUTING_KINDS | AFTER_ROUTING",
        "    ways = ROUTING_KINDS",
        suite="fallback",
    ),
    Mutant(
        "one tag for both ways",
        "§1.3 a tag names one object",
        TWILIO,
        "        **beside(tags),",
        "        **tags,",
        suite="fallback",
    ),
    Mutant(
        "Vonage is told LiveKit alone",
        "§1.4 each carrier gets the fallback by its own means",
        "trunkline/carriers/vonage.py",
        '    further = f",{trunk.fallback}" if trunk.fallback else ""',
        '    further = ""',
        suite="fallback",
    ),
    Mutant(
        "a killed run's fallback stays for ever",
        "§1.6 what a killed run left is swept",
        URLS,
        "    return kind == KIND and tag is not None and tag.trunk not in _wanted(news)",
        "    return False",
        suite="fallback",
    ),
    Mutant(
        "sweep a fallback that the file has",
        "§1.6 what the file wants is never swept",
        URLS,
        "    ours = own_trunks(news) - wanted",
        "    ours = own_trunks(news)",
        suite="fallback",
    ),
    Mutant(
        "our own fallback is a neighbour",
        OURS,
        "providers/dynamic/neighbours/carrier_trunks.py",
        "if one not in (*mine, *then)]",
        "if one not in mine]",
        suite="fallback",
    ),
    Mutant(
        "a URL that this update takes off is a neighbour",
        OURS,
        URLS,
        "if name not in now and name not in adopting}",
        "if name not in before}",
        suite="fallback",
    ),
    Mutant(
        "a trunk that is given back keeps our fallback",
        "§1.6 what a killed run left is swept",
        "providers/dynamic/giving_up.py",
        "Tag.parse(url.tag) == Tag.parse(trunk.tag)",
        "url.tag == trunk.tag",
        suite="fallback",
    ),
)
