"""Changes made by hand at a vendor: seen as the exact property, and put right in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.dynamic.objects import CHANGED_SECRET
from sandbox.world import Sandbox
from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, having, inventory
from tests.support.model_engine import Failed, Step
from tests.support.world import Stack, World

NUMBER = "+16505551234"


@pytest.fixture
def stack() -> Stack:
    stack = Stack(World())
    stack.up(inventory(ALL))
    return stack


def trunk(sandbox: Sandbox, tag: str, direction: str = "inbound") -> str:
    trunks = sandbox.livekit.inbound_trunks() if direction == "inbound" else sandbox.livekit.outbound_trunks()
    return next(str(one["sip_trunk_id"]) for one in trunks if one["metadata"].endswith(tag))


def rule(sandbox: Sandbox, tag: str) -> str:
    return next(
        str(one["sip_dispatch_rule_id"]) for one in sandbox.livekit.dispatch_rules() if one["name"].endswith(tag)
    )


EDITS: dict[str, tuple[Callable[[Sandbox], Any], Step]] = {
    "krisp switched off": (
        lambda sandbox: sandbox.livekit.edit_trunk(trunk(sandbox, "/bought"), krisp_enabled=True),
        Step("update", ("InboundTrunk", "bought"), ("krispEnabled",)),
    ),
    "label of the outbound trunk": (
        lambda sandbox: sandbox.livekit.edit_trunk(trunk(sandbox, "/custom", "outbound"), name="Changed"),
        Step("update", ("OutboundTrunk", "custom"), ("name",)),
    ),
    "tag taken off": (
        lambda sandbox: sandbox.livekit.edit_trunk(trunk(sandbox, "/custom"), metadata=""),
        Step("update", ("InboundTrunk", "custom"), ("tag",)),
    ),
    "password of the outbound trunk": (
        lambda sandbox: sandbox.livekit.edit_trunk(trunk(sandbox, "/custom", "outbound"), auth_password="stolen"),
        Step("update", ("OutboundTrunk", "custom"), ("authPassword",)),
    ),
    "another room prefix": (
        lambda sandbox: sandbox.livekit.edit_rule(
            rule(sandbox, "/vonage"), rule={"dispatch_rule_individual": {"room_prefix": "other-"}}
        ),
        Step("update", ("DispatchRule", "vonage"), ("roomPrefix",)),
    ),
    "number renamed at Twilio": (
        lambda sandbox: sandbox.twilio.edit_number(NUMBER, friendly_name="Mine"),
        Step("update", ("PhoneNumber", "bought"), ("tag",)),
    ),
    "number taken off its trunk": (
        lambda sandbox: sandbox.twilio.edit_number(NUMBER, trunk_sid=None),
        Step("update", ("PhoneNumber", "bought"), ("trunkSid",)),
    ),
    "number forwarded elsewhere at Vonage": (
        lambda sandbox: sandbox.vonage.edit_number(
            sandbox.vonage.numbers()[0], voiceCallbackType="sip", voiceCallbackValue="sip:else@example.com"
        ),
        Step("update", ("PhoneNumber", "vonage"), ("sipUri",)),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_one_edit_by_hand_is_one_update_and_is_put_right_in_place(stack: Stack, edit: str) -> None:
    change, step = EDITS[edit]
    ids = stack.ids()
    change(stack.world.sandbox)

    assert stack.preview(inventory(ALL)) == [step]
    assert stack.up(inventory(ALL)) == [step]
    assert stack.up(inventory(ALL)) == []
    assert stack.ids() == ids


def test_a_password_changed_by_hand_is_told_without_its_value(stack: Stack) -> None:
    stack.world.sandbox.livekit.edit_trunk(trunk(stack.world.sandbox, "/custom", "outbound"), auth_password="stolen")
    before = stack.world.sandbox.journal.mark()

    with pytest.raises(Failed):
        stack.destroy()

    recorded = stack.engine.state.resources["OutboundTrunk", "custom"]
    assert recorded.inputs["authPassword"] == recorded.outputs["authPassword"] == CHANGED_SECRET
    assert stack.world.sandbox.journal.writes(before) == []


def test_what_nobody_manages_here_survives_an_update(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    livekit.edit_rule(rule(stack.world.sandbox, "/custom"), hide_phone_number=True)

    stack.up(inventory({**ALL, "custom": CUSTOM.replace("agent: support", "agent: sales")}))

    edited = next(one for one in livekit.dispatch_rules() if one["name"].endswith("/custom"))
    assert edited["hide_phone_number"] is True
    assert [agent["agent_name"] for agent in edited["room_config"]["agents"]] == ["sales-agent"]


def test_a_deleted_trunk_is_made_again_and_the_rule_follows(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    sandbox.livekit.delete(trunk(sandbox, "/bought"))

    stack.up(inventory(ALL))

    assert stack.up(inventory(ALL)) == []
    made = trunk(sandbox, "/bought")
    ruled = next(one for one in sandbox.livekit.dispatch_rules() if one["name"].endswith("/bought"))
    assert ruled["trunk_ids"] == [made]


def test_a_vanished_number_is_never_bought_again_by_itself(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    sandbox.twilio.release_by_hand(NUMBER)
    sandbox.twilio.unsell(NUMBER)
    charges = sandbox.ledger.charges()

    shows = Step("update", ("PhoneNumber", "bought"), ("status",))
    assert shows in stack.preview(inventory(ALL))
    stack.up(inventory(ALL))

    assert stack.preview(inventory(ALL)) == [shows]
    assert sandbox.ledger.charges() == charges
    assert stack.engine.state.resources["PhoneNumber", "bought"].outputs["status"] == "vanished"
    assert any(f'{NUMBER} of line "bought" is not in its account' in notice for notice in stack.world.notices)


def test_a_vanished_number_is_bought_again_where_the_file_says_so(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    sandbox.twilio.release_by_hand(NUMBER)
    sandbox.twilio.unsell(NUMBER)
    again = inventory({**ALL, "bought": having(BOUGHT, "repurchase: true")})

    stack.up(again)

    assert len(sandbox.ledger.purchases(NUMBER)) == 2
    assert sandbox.twilio.number(NUMBER)["friendly_name"] == "trunkline:acme/test/bought"  # type: ignore[index]
    assert stack.up(again) == []


def test_another_account_concludes_nothing(stack: Stack) -> None:
    """With other credentials every list is empty; that must not read as "everything is gone"."""
    stack.up(inventory(ALL))  # so that a refresh has nothing of its own to note
    state = stack.engine.state
    process = stack.world.process()
    elsewhere = {**process.vendors.accounts, "livekit": "other.livekit.cloud"}
    object.__setattr__(process.vendors, "accounts", elsewhere)
    before = stack.world.sandbox.journal.mark()

    with pytest.raises(Failed, match="allowAccountChange"):
        stack.engine.up(stack.world.plan(inventory(ALL)), process)

    assert stack.world.sandbox.journal.writes(before) == []
    assert stack.engine.state == state
