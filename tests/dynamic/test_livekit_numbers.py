"""Lines whose number LiveKit itself sells: the rule first, the purchase tied to it, and the tag last."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.port import NumberSearch
from sandbox import Fault
from tests.support.world import Stack, World
from trunkline.model.livekit_numbers import claim_of

NUMBER = "+14155550123"
TAG = "trunkline:acme/test/desk"
SEARCH = {"search": {"country": "US", "area_code": "415"}}
EXACT = {"phone_number": NUMBER}


def file(*, there: bool = True, guard: dict[str, Any] | None = None, **line: Any) -> str:
    """Give a file of one such line, which searches its number unless `line` has it."""
    wanted = {"provider": "livekit", "agent": "support", "removal": "protect", **line}
    if not wanted.keys() & {"search", "phone_number"}:
        wanted |= SEARCH
    return json.dumps(
        {
            "version": 1,
            **({"guard": guard} if guard else {}),
            "agents": {"support": {"agent_name": "support"}, "sales": {"agent_name": "sales"}},
            "numbers": {"desk": wanted} if there else {},
        }
    )


NOTHING = file(there=False)
RELEASED, KEPT = file(removal="release"), file(removal="keep")


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def written(stack: Stack, text: str) -> list[str]:
    """Apply a file; give the RPCs of its writes."""
    mark = stack.world.sandbox.journal.mark()
    stack.up(text)
    return [each.path.rpartition("/")[2] for each in stack.world.sandbox.journal.writes(mark)]


def events(stack: Stack) -> list[str]:
    return [type(each).__name__ for each in stack.world.sandbox.ledger.entries]


def bought(stack: Stack) -> dict[str, Any]:
    (number,) = stack.world.sandbox.livekit.numbers
    return dict(number)


def rules(stack: Stack) -> list[tuple[str, list[str], list[str]]]:
    """Give tag, trunk ids and agents of each rule."""
    return [
        (
            one.get("name", "").partition("#")[0],
            one["trunk_ids"],
            [agent["agent_name"] for agent in one.get("room_config", {}).get("agents", ())],
        )
        for one in stack.world.sandbox.livekit.dispatch_rules()
    ]


def on_offer(stack: Stack) -> str:
    """Give a number that a search finds, and that is not the first."""
    search = NumberSearch(country="US", area_code="415")
    return str(stack.world.process().carrier("livekit").search(search, 5)[3].number)


def test_a_line_is_bought_once_with_its_rule_remapped_in_place_and_released(stack: Stack) -> None:
    assert written(stack, file()) == ["CreateSIPDispatchRule", "PurchasePhoneNumber", "UpdatePhoneNumber"]
    number = bought(stack)
    assert (number["name"], number["status"]) == (TAG, "PHONE_NUMBER_STATUS_ACTIVE")
    assert rules(stack) == [(TAG, [claim_of(number["e164_format"]), number["id"]], ["support"])]
    assert number["sip_dispatch_rule_ids"] == [stack.ids()["DispatchRule desk"]]
    assert written(stack, file()) == []
    assert written(stack, file(agent="sales")) == ["UpdateSIPDispatchRule"]
    assert rules(stack) == [(TAG, [claim_of(number["e164_format"]), number["id"]], ["sales"])]
    assert written(stack, file(agent="sales", removal="release")) == []
    assert written(stack, NOTHING) == ["ReleasePhoneNumbers", "DeleteSIPDispatchRule"]
    assert (events(stack), list(stack.ids()), rules(stack)) == (["Charge", "Release"], ["Fleet fleet"], [])


def test_no_trunk_is_made_and_no_call_goes_out(stack: Stack) -> None:
    stack.up(file())
    livekit = stack.world.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.outbound_trunks()) == ((), ())
    assert list(stack.ids()) == ["DispatchRule desk", "Fleet fleet", "PhoneNumber desk"]


def test_a_written_number_is_bought_where_it_is_on_offer_and_refused_where_it_is_not(stack: Stack) -> None:
    number = on_offer(stack)
    stack.up(file(phone_number=number))
    assert bought(stack)["e164_format"] == number
    stack.world.sandbox.livekit.numbers.sell("+14155550199")
    other = Stack(World())
    assert "+14155550199 is not on offer at livekit" in other.refused(file(phone_number="+14155550199"))


def test_a_protected_line_is_not_released_and_a_kept_number_stays_without_tag_and_rule(stack: Stack) -> None:
    stack.up(file())
    assert "was never marked for removal" in stack.refused(NOTHING)
    assert written(stack, KEPT) == []
    assert written(stack, NOTHING) == ["UpdatePhoneNumber", "DeleteSIPDispatchRule"]
    kept = bought(stack)
    assert (kept["name"], kept["sip_dispatch_rule_ids"], events(stack)) == ("", [], ["Charge"])


def test_an_adopted_number_is_tied_to_a_rule_of_ours_and_the_rule_that_it_had_stays(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    individual = {"dispatch_rule_individual": {"room_prefix": "old-"}}
    theirs = livekit.add_dispatch_rule(name="by hand", trunk_ids=["ST_other"], rule=individual)
    livekit.numbers.add(NUMBER, theirs["sip_dispatch_rule_id"], name="Front desk")
    assert "Set `adopt: true`" in stack.refused(file(phone_number=NUMBER))
    adopting = file(phone_number=NUMBER, adopt=True)
    assert written(stack, adopting) == ["CreateSIPDispatchRule", "UpdatePhoneNumber"]
    assert written(stack, adopting) == []
    number = bought(stack)
    assert (number["name"], events(stack)) == (TAG, [])
    assert sorted(rules(stack)) == [
        ("by hand", ["ST_other"], []),
        (TAG, [claim_of(NUMBER), number["id"]], ["support"]),
    ]
    stack.up(file(phone_number=NUMBER, adopt=True, removal="keep"))
    stack.up(NOTHING)
    assert (bought(stack)["name"], rules(stack)) == ("Front desk", [("by hand", ["ST_other"], [])])


def test_a_number_that_vanished_is_told_and_not_bought_again(stack: Stack) -> None:
    stack.up(file())
    stack.world.sandbox.livekit.numbers.release(bought(stack)["e164_format"])
    assert written(stack, file()) == []
    assert events(stack) == ["Charge", "Release"]


def test_what_was_changed_by_hand_is_put_right(stack: Stack) -> None:
    stack.up(file())
    number, livekit = bought(stack), stack.world.sandbox.livekit
    livekit.numbers.edit(number["e164_format"], rule="", name="mine")
    assert written(stack, file()) == ["UpdatePhoneNumber"]
    put_right = bought(stack)
    assert (put_right["name"], put_right["sip_dispatch_rule_ids"]) == (TAG, number["sip_dispatch_rule_ids"])
    assert written(stack, file()) == []


def test_a_number_that_is_still_provisioned_is_told(stack: Stack) -> None:
    stack.up(file())
    stack.world.sandbox.livekit.numbers.edit(bought(stack)["e164_format"], _pending=True)
    stack.up(file())
    assert stack.engine.state.resources["PhoneNumber", "desk"].outputs["status"] == "pending"


@pytest.mark.parametrize("action", ["drop", "reset", "html"])
def test_a_purchase_without_a_usable_answer_is_found_and_charged_once(stack: Stack, action: Any) -> None:
    stack.world.sandbox.faults.add(Fault(action, path="PurchasePhoneNumber", when="after", status=502))
    stack.up(file())
    assert written(stack, file()) == []
    assert (events(stack), bought(stack)["name"]) == (["Charge"], TAG)


def test_a_number_that_shows_late_is_waited_for_and_no_other_is_bought(stack: Stack) -> None:
    stack.world.sandbox.faults.add(Fault("late_order", path="PurchasePhoneNumber", lag_seconds=3600))
    stack.world.sandbox.faults.add(Fault("drop", path="PurchasePhoneNumber", when="after"))
    stack.up(file())
    stack.up(file())
    assert events(stack) == ["Charge"]
    stack.world.clock.sleep(3601)
    stack.up(file())
    assert written(stack, file()) == []
    assert (events(stack), bought(stack)["name"]) == (["Charge"], TAG)


@pytest.mark.parametrize("lag", [0, 3600])
def test_answers_of_id_number_and_status_alone_are_enough_for_a_whole_life(stack: Stack, lag: float) -> None:
    stack.world.sandbox.livekit.numbers.answer_tersely()
    if lag:
        stack.world.sandbox.faults.add(Fault("late_order", path="PurchasePhoneNumber", lag_seconds=lag))
    for _ in range(2):
        stack.up(file())
        stack.world.clock.sleep(lag + 1)
    assert (written(stack, file()), bought(stack)["name"]) == ([], TAG)
    stack.up(file(agent="sales"))
    stack.up(RELEASED)
    assert (written(stack, NOTHING), events(stack)) == (
        ["ReleasePhoneNumbers", "DeleteSIPDispatchRule"],
        ["Charge", "Release"],
    )


def test_two_lines_with_one_search_get_two_numbers(stack: Stack) -> None:
    text = json.loads(file())
    text["numbers"]["second"] = text["numbers"]["desk"]
    stack.up(json.dumps(text))
    assert len({one["e164_format"] for one in stack.world.sandbox.livekit.numbers}) == 2
    assert written(stack, json.dumps(text)) == []


def test_a_limit_takes_the_price_from_the_file_and_refuses_where_it_says_none(stack: Stack) -> None:
    limit: dict[str, Any] = {"max_monthly_increase": {"USD": 2}}
    assert stack.refused(file(guard=limit)).endswith(
        "the price of desk is unknown, and guard.max_monthly_increase sets a limit. Write what a number costs there as"
        " guard.monthly_price.livekit, since its API does not say"
    )
    dear = stack.refused(file(guard={**limit, "monthly_price": {"livekit": {"USD": 2.5}}}))
    assert "the purchases of desk cost 2.50 USD a month, the guard allows 2 USD" in dear
    stack.up(file(guard={**limit, "monthly_price": {"livekit": {"USD": 1.5}}}))
    assert events(stack) == ["Charge"]


def test_a_fleet_without_such_a_line_never_asks_for_livekits_numbers(stack: Stack) -> None:
    vonage = file(provider="vonage", phone_number="+442079460123")
    stack.up(vonage)
    stack.up(file(provider="vonage", phone_number="+442079460123", agent="sales"))
    asked = [each.path for each in stack.world.sandbox.journal.entries(0)]
    assert asked and not any("PhoneNumberService" in path for path in asked)


def test_a_lost_state_is_found_again_and_nothing_is_bought(stack: Stack) -> None:
    stack.up(file())
    again = Stack(stack.world)
    assert written(again, file()) == []
    assert events(stack) == ["Charge"]


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_number_that_somebody_ties_to_our_rule_keeps_its_rule_when_the_line_goes(stack: Stack, removal: str) -> None:
    stack.up(file())
    livekit, rule = stack.world.sandbox.livekit, stack.ids()["DispatchRule desk"]
    theirs = livekit.numbers.add(NUMBER, rule, name="theirs")
    assert written(stack, file()) == []
    stack.up(file(removal=removal))
    stack.up(NOTHING)
    assert livekit.numbers.get(NUMBER) == {**theirs, "sip_dispatch_rule_ids": [rule]}
    assert rules(stack) == [("", [theirs["id"]], ["support"])]
    assert any(f"it answers {theirs['id']} too, which no line has" in notice for notice in stack.world.notices)
    assert written(stack, NOTHING) == []


def test_another_stack_s_number_is_never_taken(stack: Stack) -> None:
    stack.up(file())
    number = bought(stack)["e164_format"]
    other = Stack(stack.world, name="prod", fleet="acme/prod")
    assert "belongs to" in other.refused(file(phone_number=number, adopt=True))
