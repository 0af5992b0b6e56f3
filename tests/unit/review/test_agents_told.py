"""The page says where nobody could be asked whether the agent that is to answer is there."""

from __future__ import annotations

import pytest

from tests.unit.review.engine_events import fleet, page, step
from tests.unit.review.test_truth import AGENT, NUMBER, RECORD
from trunkline.deployed import NOT_ASKED

ANOTHER = {"agents": [{"agentName": "y"}]}


@pytest.mark.parametrize(
    ("accounts", "becomes", "said"),
    [
        ({"livekit": "sip.example.com:7880"}, ANOTHER, (NOT_ASKED,)),
        ({"livekit": "sip.example.com:7880"}, AGENT, ()),
        ({"livekit": "acme.livekit.cloud"}, ANOTHER, ()),
        ({}, ANOTHER, ()),
    ],
)
def test_of_a_server_of_one_s_own_it_is_said_where_another_agent_is_to_answer(
    accounts: dict[str, str], becomes: dict[str, object], said: tuple[str, ...]
) -> None:
    record = {**RECORD, "accounts": accounts}
    op = "same" if becomes is AGENT else "update"
    events = [
        fleet(record, record),
        step("DispatchRule", "a", op, AGENT, becomes),
        step("PhoneNumber", "a", "same", NUMBER, NUMBER),
    ]
    assert page(events).notices == said
