"""The call model, held against a real livekit-server: the same trunks, rules and calls, and the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from livekit.protocol import sip

from tests.livekit.bus import RULES, TRUNKS, Bus, Evaluation, connected
from tests.livekit.server import real_server
from trunkline.calls import Call, Outcome, Rule, Trunk, match

pytestmark = pytest.mark.real_livekit
SEEDS, CALLS = 200, 12
NUMBERS = ("+15550001", "15550001", "+1 (555) 0001", "+15550002", "desk")
CALLERS = ("+4420", "44-20", "+4430", "anonymous", "")
SOURCES = ("", "192.0.2.1", "203.0.113.7", "2001:db8::1")
HOSTS = ("", "a.example")
ADDRESSES = ("203.0.113.7", "203.0.113.0/28", "2001:db8::/32", "a.example", "sip:a.example", "192.0.2.1, 192.0.2.2")
PINS = ("", "", "1", "2")


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    """A server's bus; skips where the server's executables are missing."""
    with real_server() as server, connected(server.redis) as made:
        yield made


def test_the_model_says_of_every_call_what_the_server_does(bus: Bus) -> None:
    """Of 200 seeded populations; the server's API would refuse some, which other ways than it can make all the same."""
    met: Counter[str] = Counter()
    for seed in range(SEEDS):
        random = Random(seed)
        trunks, rules = _trunks(random), _rules(random)
        bus.store(TRUNKS, [(trunk.id, _sent_trunk(trunk)) for trunk in trunks])
        bus.store(RULES, [(rule.id, _sent_rule(rule)) for rule in rules])
        for _ in range(CALLS):
            call = _call(random)
            found = match(call, trunks, rules, trunkless=True)
            met[found.outcome] += 1
            said = bus.evaluate(
                called=call.called, caller=call.caller, host=call.host, source=call.source, pin=call.pin
            )

            assert _result(said) == _expected(found.outcome, found.trunk, found.rule), (seed, call, trunks, rules, said)

    assert {*met} == {*Outcome}, met
    assert sum(met.values()) == SEEDS * CALLS


def _expected(outcome: Outcome, trunk: Trunk | None, rule: Rule | None) -> tuple[str, str, str]:
    results = {
        Outcome.ANSWERED: "ACCEPT",
        Outcome.ASKS_PIN: "REQUEST_PIN",
        Outcome.NO_TRUNK: "DROP",
        Outcome.NO_RULE: "DROP",
        Outcome.SEVERAL_TRUNKS: "ERROR",
        Outcome.RULES_CLASH: "ERROR",
    }
    if results[outcome] == "ERROR":
        return "ERROR", "", ""
    return results[outcome], trunk.id if trunk else "", rule.id if rule else ""


def _result(said: Evaluation) -> tuple[str, str, str]:
    return said.result, said.trunk, said.rule


def _some(random: Random, values: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
    return tuple(random.sample(values, random.choice((0, 0, 1, most))))


def _trunks(random: Random) -> list[Trunk]:
    return [
        Trunk(
            id=f"ST_{place}",
            numbers=_some(random, NUMBERS),
            allowed_numbers=_some(random, CALLERS[:4]),
            allowed_addresses=_some(random, ADDRESSES),
        )
        for place in range(random.randint(0, 3))
    ]


def _rules(random: Random) -> list[Rule]:
    return [
        Rule(
            id=f"SDR_{place}",
            trunk_ids=_some(random, ("ST_0", "ST_1", "ST_2")),
            callers=_some(random, CALLERS[:4]),
            numbers=_some(random, NUMBERS),
            form=random.choice(("direct", "individual", "callee")),
            room=random.choice(("a", "b", "c")),
            pin=random.choice(PINS),
        )
        for place in range(random.randint(0, 4))
    ]


def _call(random: Random) -> Call:
    return Call(
        called=random.choice(NUMBERS),
        caller=random.choice(CALLERS),
        source=random.choice(SOURCES),
        host=random.choice(HOSTS),
        pin=random.choice(PINS),
    )


def _sent_trunk(trunk: Trunk) -> sip.SIPInboundTrunkInfo:
    return sip.SIPInboundTrunkInfo(
        sip_trunk_id=trunk.id,
        numbers=trunk.numbers,
        allowed_numbers=trunk.allowed_numbers,
        allowed_addresses=trunk.allowed_addresses,
    )


def _sent_rule(rule: Rule) -> sip.SIPDispatchRuleInfo:
    forms = {
        "direct": lambda: sip.SIPDispatchRule(
            dispatch_rule_direct=sip.SIPDispatchRuleDirect(room_name=rule.room, pin=rule.pin)
        ),
        "individual": lambda: sip.SIPDispatchRule(
            dispatch_rule_individual=sip.SIPDispatchRuleIndividual(room_prefix=rule.room, pin=rule.pin)
        ),
        "callee": lambda: sip.SIPDispatchRule(
            dispatch_rule_callee=sip.SIPDispatchRuleCallee(room_prefix=rule.room, pin=rule.pin)
        ),
    }
    return sip.SIPDispatchRuleInfo(
        sip_dispatch_rule_id=rule.id,
        trunk_ids=rule.trunk_ids,
        inbound_numbers=rule.callers,
        numbers=rule.numbers,
        rule=forms[rule.form](),
    )
