"""Live trunks and rules as the call model knows them, with what we do not manage of them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world import Sandbox
from tests.support.livekit_target import in_process
from trunkline.calls import Rule, Trunk
from trunkline.calls.live import rule_of, trunk_of

FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "direct": ({"dispatch_rule_direct": {"room_name": "desk", "pin": "4711"}}, {"room": "desk", "pin": "4711"}),
    "individual": ({"dispatch_rule_individual": {"room_prefix": "call-"}}, {"room": "call-"}),
    "callee": ({"dispatch_rule_callee": {"room_prefix": "to-", "pin": "1"}}, {"room": "to-", "pin": "1"}),
    "": ({}, {}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_rule_of_each_form_is_seen_as_calls_meet_it(form: str) -> None:
    sandbox = Sandbox()
    given, shown = FORMS[form]
    sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_1",
        name="theirs",
        trunk_ids=["ST_2", "ST_1"],
        inbound_numbers=["+1303"],
        numbers=["+1650"],
        rule=given,
        room_config={"agents": [{"agent_name": "b"}, {"agent_name": "a"}]},
    )
    adapter = in_process(sandbox).connect().adapters["DispatchRule"]

    assert [rule_of(one) for one in adapter.list()] == [
        Rule(
            id="SDR_1",
            name="theirs",
            trunk_ids=("ST_1", "ST_2"),
            callers=("+1303",),
            numbers=("+1650",),
            form=form,
            agents=("a", "b"),
            **shown,
        )
    ]


def test_a_trunk_is_seen_as_calls_meet_it() -> None:
    sandbox = Sandbox()
    sandbox.livekit.add_inbound_trunk(
        sip_trunk_id="ST_1", numbers=["1 650"], allowed_numbers=["+1303"], allowed_addresses=["192.0.2.0/24"]
    )
    adapter = in_process(sandbox).connect().adapters["InboundTrunk"]

    assert [trunk_of(one) for one in adapter.list()] == [
        Trunk(id="ST_1", numbers=("1 650",), allowed_numbers=("+1303",), allowed_addresses=("192.0.2.0/24",))
    ]
