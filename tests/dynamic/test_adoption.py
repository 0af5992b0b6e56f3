"""Taking over what exists: in place, without a purchase, and with everything kept that we do not manage."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import Failed, State, Step
from tests.support.world import Stack, World

NUMBER = "+16505551234"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    return Stack(world)


def test_a_lost_state_is_taken_back_without_a_write(stack: Stack) -> None:
    stack.up(inventory(ALL))
    ids, mark = stack.ids(), stack.world.sandbox.journal.mark()
    stack.engine.state = State()

    stack.up(inventory(ALL))

    assert stack.world.sandbox.journal.writes(mark) == []
    assert stack.ids() == ids


def test_a_number_bought_by_hand_is_adopted_and_its_other_settings_stay(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    before = sandbox.twilio.add_number(NUMBER, friendly_name="Reception", sms_url="https://sms.example.com")

    stack.up(inventory({"bought": having(BOUGHT, "adopt: true")}))

    after = sandbox.twilio.number(NUMBER)
    assert sandbox.ledger.charges() == []
    assert after is not None
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"friendly_name", "trunk_sid", "date_updated"} & changed
    assert after["friendly_name"] == "trunkline:acme/test/bought"
    assert after["sid"] == before["sid"]


def test_the_preview_of_an_adoption_says_adopt(stack: Stack) -> None:
    stack.world.sandbox.twilio.add_number(NUMBER, friendly_name="Reception")

    stack.up(inventory({"bought": having(BOUGHT, "adopt: true")}))

    fleet = stack.engine.state.resources["Fleet", "fleet"].inputs["lines"]["bought"]
    assert (fleet["acquisition"], fleet["phoneNumber"]) == ("adopt", NUMBER)


def test_a_vonage_number_keeps_its_sms_link_when_it_is_adopted(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    number = sandbox.vonage.add_number("+447400551233", moHttpUrl="https://sms.example.com")["msisdn"]

    stack.up(inventory({"gb": f'{{provider: vonage, phone_number: "+{number}", agent: support, adopt: true}}'}))

    after = sandbox.vonage.number(f"+{number}")
    assert after is not None
    assert after["moHttpUrl"] == "https://sms.example.com"
    assert after["voiceCallbackValue"] == f"sip:{number}@sandbox.sip.livekit.cloud;transport=tcp"
    assert sandbox.ledger.charges() == []


def test_a_livekit_trunk_made_by_hand_is_adopted_in_place(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    made = livekit.add_inbound_trunk(name="By hand", numbers=["+442071234567"], headers_to_attributes={"X-A": "a"})

    stack.up(inventory({"custom": having(CUSTOM, "adopt: true")}))

    (trunk,) = livekit.inbound_trunks()
    assert trunk["sip_trunk_id"] == made["sip_trunk_id"]
    assert trunk["metadata"] == "trunkline:acme/test/custom#adopted"
    assert trunk["headers_to_attributes"] == {"X-A": "a"}


def test_a_line_moves_between_stacks_by_keep_there_and_adopt_here(world: World) -> None:
    there, here = Stack(world, name="eu", fleet="acme/eu"), Stack(world, name="us", fleet="acme/us")
    there.up(inventory({"bought": BOUGHT}))
    there.up(inventory({"bought": having(BOUGHT, "removal: keep")}))
    there.up(inventory({}))

    here.up(inventory({"bought": having(BOUGHT, "adopt: true")}, _head_for("acme-us2")))

    number = world.sandbox.twilio.number(NUMBER)
    assert number is not None
    assert number["friendly_name"] == "trunkline:acme/us/bought"
    assert len(world.sandbox.ledger.charges()) == 1
    assert world.sandbox.ledger.releases() == []


def test_a_rename_keeps_every_id(stack: Stack) -> None:
    stack.up(inventory({"old": SEARCHED, "gb": VONAGE}))
    before = stack.ids()

    stack.up(inventory({"new": having(SEARCHED, "renamed_from: old"), "gb": VONAGE}))

    assert stack.ids() == {name.replace(" old", " new"): id_ for name, id_ in before.items()}
    assert stack.up(inventory({"new": SEARCHED, "gb": VONAGE})) == [Step("update", ("Fleet", "fleet"), ("lines",))]


def test_a_renamed_line_is_found_by_its_former_tag_when_the_state_is_lost(stack: Stack) -> None:
    stack.up(inventory({"old": SEARCHED}))
    before = stack.ids()
    stack.engine.state = State()

    stack.up(inventory({"new": having(SEARCHED, "renamed_from: old")}))

    assert stack.ids() == {name.replace(" old", " new"): id_ for name, id_ in before.items()}
    assert len(stack.world.sandbox.ledger.charges()) == 1


def _head_for(domain: str) -> str:
    from tests.dynamic.inventories import HEAD

    return HEAD.replace("acme-us.pstn", f"{domain}.pstn")


@pytest.mark.parametrize("spelling", ["442071234567", "+44 20 7123 4567", "44-(20)-7123-4567"])
def test_a_trunk_that_spells_the_number_otherwise_is_recognised(stack: Stack, spelling: str) -> None:
    livekit = stack.world.sandbox.livekit
    made = livekit.add_inbound_trunk(name="By hand", numbers=[spelling])

    with pytest.raises(Failed, match=r"stands in LiveKit trunk ST_\w+, which was not made by Trunkline"):
        stack.up(inventory({"custom": CUSTOM}))
    stack.up(inventory({"custom": having(CUSTOM, "adopt: true")}))

    assert [trunk["sip_trunk_id"] for trunk in livekit.inbound_trunks()] == [made["sip_trunk_id"]]
