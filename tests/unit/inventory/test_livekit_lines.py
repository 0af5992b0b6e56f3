"""What a line may say whose number LiveKit itself sells, and what each other key is refused for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.world import site
from trunkline.carriers import CARRIERS, foreign_line_keys
from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, digest, parse
from trunkline.plan import compile_plan

AGENTS = {"support": {"agent_name": "support"}}
LINE = {"provider": "livekit", "agent": "support", "phone_number": "+14155550123"}
SEARCH = {"provider": "livekit", "agent": "support", "search": {"country": "US"}}


def loaded(line: Any, **more: Any) -> Inventory:
    return parse(json.dumps({"version": 1, "agents": AGENTS, "numbers": {"desk": line}, **more}), "numbers.yaml")


def problems(line: Any, **more: Any) -> list[tuple[str, str]]:
    """Give rule and message of each problem."""
    with pytest.raises(InventoryError) as refused:
        loaded(line, **more)
    return [(one.rule, one.message) for one in refused.value.problems]


def test_a_line_needs_a_number_and_an_agent_and_takes_calls_alone() -> None:
    line = loaded(LINE).lines["desk"]
    assert (line.inbound, line.outbound) == (True, False)
    assert loaded({**LINE, "outbound": False}) == loaded(LINE)
    assert digest(loaded({**LINE, "outbound": False})) == digest(loaded(LINE))
    assert loaded(LINE, defaults={"outbound": True}).lines["desk"].outbound is False


def test_a_line_that_says_that_it_calls_out_is_refused() -> None:
    assert problems({**LINE, "outbound": True}) == [
        ("inbound-only", 'line "desk": its numbers take calls alone (LiveKit), and it is to call out')
    ]


def test_a_line_that_takes_no_calls_either_is_refused() -> None:
    assert ("no-direction", 'line "desk": inbound and outbound are both false, so no call can use it') in problems(
        {**LINE, "inbound": False}
    )


NO_TRUNK = "no trunk carries its calls, where LiveKit would keep this"
VALUES: dict[str, Any] = {
    "allowed_callers": ["+14155550000"],
    "allowed_addresses": ["203.0.113.1"],
    "headers": {"X-A": "b"},
    "krisp_enabled": True,
    "media_encryption": "require",
    "max_call_duration": 60,
    "ringing_timeout": 20,
    "headers_to_attributes": {"X-A": "a"},
    "attributes_to_headers": {"a": "X-A"},
    "include_headers": "all",
    "media": {"only_listed_codecs": False},
    "ringing_timeout_status": 486,
    "auth_realm": "sip.example.com",
    "destination_country": "US",
    "from_host": "sip.example.com",
}


@pytest.mark.parametrize("key", sorted(VALUES))
@pytest.mark.parametrize("where", ["line", "defaults"])
def test_what_livekit_keeps_at_a_trunk_is_refused_also_where_defaults_say_it(key: str, where: str) -> None:
    if where == "line":
        found = problems({**LINE, key: VALUES[key]})
        said = f'line "desk": {key} is not for a livekit line: {NO_TRUNK}'
    else:
        found = problems(LINE, defaults={key: VALUES[key]})
        said = f'line "desk": defaults give it {key}, which is not for a livekit line: {NO_TRUNK}'
    assert ("wrong-provider", said) in found


def test_every_key_of_trunks_is_tried_here() -> None:
    alone = CARRIERS["livekit"].lacking_line_keys.keys() - {"trunk", "ported_from", "callers"}
    assert alone == VALUES.keys()
    assert {"sip_address", "called_number", "address_sid"} <= foreign_line_keys("livekit").keys()


def test_one_agent_answers_all_callers_of_a_number_of_livekits_own() -> None:
    assert problems({**LINE, "callers": {"vip": {"from": ["+13035550100"], "agent": "support"}}}) == [
        (
            "wrong-provider",
            'line "desk": callers is not for a livekit line: a request ties one of LiveKit\'s own numbers to one'
            " dispatch rule",
        )
    ]


def test_it_has_no_trunk_and_no_file_declares_one() -> None:
    trunks = {"main": {"provider": "livekit"}}
    assert sorted(problems({**LINE, "trunk": "main"}, trunks=trunks)) == [
        ("no-trunks", 'trunk "main": LiveKit has no trunks for its numbers: their lines need none'),
        ("wrong-provider", 'line "desk": trunk is not for a livekit line: no trunk carries its calls'),
    ]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ({**LINE, "phone_number": "+442079460123"}, "not-sold"),
        ({**SEARCH, "search": {"country": "GB"}}, "not-sold"),
        ({**SEARCH, "search": {"country": "US", "type": "mobile"}}, "not-sold"),
        ({**SEARCH, "search": {"country": "US", "locality": "Oakland"}}, "wrong-provider"),
        ({**LINE, "ported_from": "twilio"}, "wrong-provider"),
    ],
    ids=["a British number", "a British search", "mobile", "by town", "ported"],
)
def test_what_livekit_does_not_sell_is_refused(line: Any, rule: str) -> None:
    assert [code for code, _ in problems(line)] == [rule]


def test_the_price_of_a_carrier_that_tells_none_is_written_in_the_guard() -> None:
    said = loaded(LINE, guard={"monthly_price": {"livekit": {"USD": 1.5}}}).guard.monthly_price
    assert {name: dict(price) for name, price in said.items()} == {"livekit": {"USD": pytest.approx(1.5)}}
    refused: list[Any] = [{"twilio": {"USD": 1}}, {"livekit": {}}, {"livekit": {"USD": 1, "EUR": 1}}]
    for wrong in refused:
        assert problems(LINE, guard={"monthly_price": wrong})


def test_its_plan_is_a_rule_that_claims_the_number_and_the_number_after_it() -> None:
    plan = compile_plan(loaded(LINE), site())
    assert [spec.key for spec in plan.resources] == [("DispatchRule", "desk"), ("PhoneNumber", "desk")]
    rule, number = plan.resources
    assert (rule.props["claims"], number.props["claimKind"]) == ("livekit", "DispatchRule")
    assert number.depends_on == (("DispatchRule", "desk"),)
    assert (plan.lines["desk"].inbound_trunk, plan.fleet["trunks"]) == (None, [])
