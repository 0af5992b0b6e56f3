"""A removal takes ours alone: what somebody has added to an object of ours meanwhile stays there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.dynamic.adopted import A, B, file_of, line, seed
from tests.dynamic.inventories import BOUGHT, CUSTOM, having, inventory
from tests.support.model_engine import Failed, State
from tests.support.world import Stack, World

THEIRS = "+16505550199"
Removal = Callable[[Stack, Callable[[], None]], None]


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def adopted(stack: Stack, meanwhile: Callable[[], None]) -> None:
    seed(stack, [A])
    text = file_of(line("a", A).replace(", outbound: false", ""))
    stack.world.sandbox.livekit.add_outbound_trunk(name="out", numbers=[A], address="sip.example.com")
    stack.up(text)
    stack.up(text.replace("agent: desk, adopt", "agent: desk, removal: release, adopt"))
    meanwhile()
    stack.up("version: 1\nnumbers: {}\n")


def custom(stack: Stack, meanwhile: Callable[[], None]) -> None:
    stack.up(inventory({"a": CUSTOM}))
    stack.up(inventory({"a": having(CUSTOM, "removal: release")}))
    meanwhile()
    stack.up(inventory({}))


def bought(stack: Stack, meanwhile: Callable[[], None], removal: str = "release") -> None:
    stack.up(inventory({"a": BOUGHT}))
    stack.up(inventory({"a": having(BOUGHT, f"removal: {removal}")}))
    meanwhile()
    stack.up(inventory({}))


def kept(stack: Stack, meanwhile: Callable[[], None]) -> None:
    bought(stack, meanwhile, "keep")


def destroyed(stack: Stack, meanwhile: Callable[[], None]) -> None:
    stack.up(inventory({"a": BOUGHT}))
    stack.up(inventory({"a": having(BOUGHT, "removal: release")}))
    meanwhile()
    stack.destroy()


REMOVALS = pytest.mark.parametrize("remove", [adopted, custom, bought, kept, destroyed])


def others(stack: Stack) -> list[str]:
    return [notice for notice in stack.world.notices if "was not deleted" in notice]


@REMOVALS
def test_a_number_that_was_added_to_our_trunk_stays_and_goes_on_being_answered(stack: Stack, remove: Removal) -> None:
    livekit = stack.world.sandbox.livekit
    before: list[Mapping[str, Any]] = []

    def add() -> None:
        (trunk,), (out,) = livekit.inbound_trunks(), livekit.outbound_trunks()
        livekit.edit_trunk(trunk["sip_trunk_id"], numbers=[*trunk["numbers"], THEIRS])
        livekit.edit_trunk(out["sip_trunk_id"], numbers=[*out["numbers"], THEIRS])
        before.extend((trunk, out, *livekit.dispatch_rules()))

    remove(stack, add)

    (trunk,), (out,), (rule,) = livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules()
    assert [trunk["sip_trunk_id"], out["sip_trunk_id"]] == [one["sip_trunk_id"] for one in before[:2]]
    assert (trunk["numbers"], out["numbers"]) == ([THEIRS], [THEIRS])
    assert not any("trunkline:" in str(one) for one in (trunk, out, rule))
    assert (rule["trunk_ids"], rule["room_config"]) == (before[2]["trunk_ids"], before[2]["room_config"])
    assert f"InboundTrunk {trunk['sip_trunk_id']} was not deleted: it has {THEIRS} too, which no line names." in (
        "\n".join(others(stack))
    )
    assert len(others(stack)) == 3


@REMOVALS
def test_a_trunk_that_was_added_to_our_rule_goes_on_being_answered(stack: Stack, remove: Removal) -> None:
    livekit = stack.world.sandbox.livekit
    theirs = livekit.add_inbound_trunk(name="theirs", numbers=[B])["sip_trunk_id"]

    def add() -> None:
        (rule,) = livekit.dispatch_rules()
        livekit.edit_rule(rule["sip_dispatch_rule_id"], trunk_ids=[*rule["trunk_ids"], theirs])

    remove(stack, add)

    (rule,) = livekit.dispatch_rules()
    assert rule["trunk_ids"] == [theirs]
    assert len(rule["room_config"]["agents"]) == 1
    assert [one["sip_trunk_id"] for one in livekit.inbound_trunks()] == [theirs]
    assert "trunkline:" not in str(rule)
    assert len(others(stack)) == 1


@REMOVALS
def test_an_agent_that_was_added_to_our_rule_is_not_deleted_with_it(stack: Stack, remove: Removal) -> None:
    livekit = stack.world.sandbox.livekit

    def add() -> None:
        (rule,) = livekit.dispatch_rules()
        agents = [*rule["room_config"]["agents"], {"agent_name": "scribe"}]
        livekit.edit_rule(rule["sip_dispatch_rule_id"], room_config={"agents": agents})

    remove(stack, add)

    (rule,) = livekit.dispatch_rules()
    assert rule["room_config"]["agents"] == [{"agent_name": "scribe"}]
    assert rule["trunk_ids"], "a rule without a trunk would answer every trunk"
    assert livekit.inbound_trunks() == ()


@REMOVALS
def test_what_is_ours_alone_goes(stack: Stack, remove: Removal) -> None:
    remove(stack, lambda: None)

    livekit = stack.world.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules()) == ((), (), ())
    assert others(stack) == []


def test_a_number_that_was_added_before_a_refresh_of_its_own_stays_too(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit

    def add() -> None:
        (trunk,) = livekit.inbound_trunks()
        livekit.edit_trunk(trunk["sip_trunk_id"], numbers=[*trunk["numbers"], THEIRS])
        # A run that refreshes, saves what it found, and is refused.
        with pytest.raises(Failed):
            stack.up(inventory({"b": having(BOUGHT, "adopt: true, trunk: twilio-us").replace("1234", "1299")}))

    bought(stack, add)

    assert [one["numbers"] for one in livekit.inbound_trunks()] == [[THEIRS]]


@pytest.mark.parametrize("kind", ["origination_url", "credential_list", "address_list"])
@pytest.mark.parametrize("destroy", [False, True])
def test_a_carriers_trunk_stays_with_what_others_have_put_on_it(stack: Stack, kind: str, destroy: bool) -> None:
    twilio = stack.world.sandbox.twilio
    stack.up(inventory({"a": BOUGHT}))
    stack.up(inventory({"a": having(BOUGHT, "removal: release")}))
    trunk = stack.ids()["SipTrunk twilio-us"]
    if kind == "origination_url":
        twilio.add_origination_url(trunk, "sip:pbx.example.com")
    else:
        twilio.edit({"kind": kind, "create": {"trunk": trunk, "name": "theirs"}})

    if destroy:
        stack.destroy()
    else:
        stack.up("version: 1\nnumbers: {}\n")

    run = stack.world.process()
    assert [(one.id, one.tag) for one in run.adapter("SipTrunk").list()] == [(trunk, "")]
    children = ("OriginationUrl", "TrunkCredentialList", "TrunkAddressList")
    assert sum(len(run.adapter(child).list(trunk)) for child in children) == 1
    assert [notice.partition(":")[0] for notice in others(stack)] == [f"SipTrunk {trunk} was not deleted"]


@pytest.mark.parametrize("destroy", [False, True])
def test_who_was_added_to_our_credential_list_goes_on_calling_out(stack: Stack, destroy: bool) -> None:
    twilio = stack.world.sandbox.twilio
    stack.up(inventory({"a": BOUGHT}))
    stack.up(inventory({"a": having(BOUGHT, "removal: release")}))
    list_, trunk = stack.ids()["CredentialList twilio-us"], stack.ids()["SipTrunk twilio-us"]
    domain = stack.world.process().adapter("SipTrunk").list()[0].props["domainName"]
    theirs = add_user(stack, list_)

    if destroy:
        stack.destroy()
    else:
        stack.up("version: 1\nnumbers: {}\n")

    run = stack.world.process()
    assert [(one.id, one.tag) for one in run.adapter("CredentialList").list()] == [(list_, list_)]
    assert [one.id for one in run.adapter("Credential").list(list_)] == [theirs]
    assert [(one.id, one.tag) for one in run.adapter("SipTrunk").list()] == [(trunk, "")]
    assert run.adapter("OriginationUrl").list(trunk) == ()
    assert twilio.takes_calls_of(domain, "theirs", "Their-Password-1")
    assert others(stack) == [
        f"TrunkCredentialList {list_} was not deleted: users of others are in the list. It stays on the trunk.",
        f"CredentialList {list_} was not deleted: it has Credential {theirs} too, which no line made. It stays, without"
        " our tag.",
        f"SipTrunk {trunk} was not deleted: it has users of others in CredentialList {list_} too, which no line made."
        " It stays, without our tag.",
    ]


def test_who_was_added_to_a_credential_list_that_no_state_has_goes_on_calling_out(stack: Stack) -> None:
    stack.up(inventory({"a": BOUGHT}))
    list_ = stack.ids()["CredentialList twilio-us"]
    domain = stack.world.process().adapter("SipTrunk").list()[0].props["domainName"]
    add_user(stack, list_)
    stack.world.sandbox.twilio.release_by_hand("+16505551234")
    stack.engine.state = State()

    stack.up("version: 1\nnumbers: {}\n")
    stack.up("version: 1\nnumbers: {}\n")

    run = stack.world.process()
    assert [one.tag for kind in ("SipTrunk", "CredentialList") for one in run.adapter(kind).list()] == ["", list_]
    assert stack.world.sandbox.twilio.takes_calls_of(domain, "theirs", "Their-Password-1")


def add_user(stack: Stack, list_: str) -> str:
    wanted = {"credentialListSid": list_, "username": "theirs", "password": "Their-Password-1"}
    return stack.world.process().adapter("Credential").create(wanted).id


def test_destroy_leaves_the_route_of_a_carriers_trunk_with_a_number_of_somebody_else(stack: Stack) -> None:
    stack.up(inventory({"a": BOUGHT}))
    stack.up(inventory({"a": having(BOUGHT, "removal: release")}))
    trunk = stack.ids()["SipTrunk twilio-us"]
    stack.world.sandbox.twilio.add_number("+16505551299", friendly_name="theirs", trunk_sid=trunk)

    with pytest.raises(Failed, match=r"still carries \+16505551299"):
        stack.destroy()

    run = stack.world.process()
    assert [len(run.adapter(kind).list(trunk)) for kind in ("OriginationUrl", "TrunkCredentialList")] == [1, 1]


def test_a_route_that_no_state_has_is_taken_off_a_trunk_that_stays_for_others(stack: Stack) -> None:
    stack.up(inventory({"a": BOUGHT}))
    trunk = stack.ids()["SipTrunk twilio-us"]
    stack.world.sandbox.twilio.release_by_hand("+16505551234")
    stack.engine.state = State()
    theirs = stack.world.sandbox.twilio.add_origination_url(trunk, "sip:pbx.example.com")

    stack.up("version: 1\nnumbers: {}\n")
    stack.up("version: 1\nnumbers: {}\n")

    run = stack.world.process()
    assert [(one.id, one.tag) for one in run.adapter("SipTrunk").list()] == [(trunk, "")]
    assert [one.id for one in run.adapter("OriginationUrl").list(trunk)] == [theirs["sid"]]
    assert run.adapter("TrunkCredentialList").list(trunk) == ()
