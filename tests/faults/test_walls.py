"""The inner walls: what the gate has let through may be otherwise by the time of the write."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from providers.dynamic import runtime
from providers.dynamic.number import PhoneNumberProvider
from sandbox import Fault
from tests.faults.interruption import AtWrite
from tests.faults.inventory import inventory
from tests.faults.scene import FILE, SEARCH, TAG, bought, index_of, settled
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World, site
from trunkline.errors import Refusal
from trunkline.inventory import parse
from trunkline.plan import compile_plan


def test_a_number_that_somebody_else_got_into_the_account_after_the_gate_is_not_taken() -> None:
    world = World()
    desk = inventory(lines=("desk",))

    def somebody_buys_it(_: Any) -> None:
        world.sandbox.twilio.add_number("+16505551234", friendly_name="Reception")

    with pytest.raises(Failed, match="Set `adopt: true` on line desk"):
        Stack(world).up(desk, handle=AtWrite(0, before=somebody_buys_it))
    record = world.sandbox.twilio.number("+16505551234")
    assert record is not None
    assert (record["friendly_name"], record["trunk_sid"]) == ("Reception", None)


def test_a_number_that_is_to_be_adopted_and_leaves_the_account_after_the_gate_is_not_bought() -> None:
    world = World()
    world.sandbox.twilio.add_number("+16505551234")
    adopting = inventory(lines=("desk",)).replace('"removal": "protect"', '"adopt": true')

    def it_is_on_offer_again(_: Any) -> None:
        world.sandbox.twilio.release_by_hand("+16505551234")
        world.sandbox.twilio.unsell("+16505551234")

    with pytest.raises(Failed, match="Nothing was bought"):
        Stack(world).up(adopting, handle=AtWrite(0, before=it_is_on_offer_again))
    assert bought(world) == []


def test_a_number_is_not_released_without_its_mark_even_where_the_engine_asks_for_it() -> None:
    world = World()
    stack = Stack(world)
    stack.up(FILE)
    recorded = stack.engine.state.resources["PhoneNumber", "desk"]
    runtime.install(world.process())
    with pytest.raises(Refusal, match="is protected and was not released"):
        PhoneNumberProvider().delete(recorded.id, recorded.outputs)
    assert world.sandbox.ledger.releases() == []


def test_a_marked_number_that_the_same_run_wants_is_not_released() -> None:
    world = World()
    stack = Stack(world)
    stack.up(FILE.replace('"protect"', '"release"'))
    recorded = stack.engine.state.resources["PhoneNumber", "desk"]
    process = world.process()
    process.wanted = {"desk": recorded.id}
    runtime.install(process)
    PhoneNumberProvider().delete(recorded.id, recorded.outputs)
    assert world.sandbox.ledger.releases() == []
    assert "was left as it is: another entry of the state has it" in world.notices[-1]


def test_a_number_is_not_forgotten_because_one_look_up_does_not_show_it() -> None:
    world = World()
    stack = Stack(world)
    stack.up(SEARCH)
    stack.up(SEARCH.replace('"protect"', '"release"'))
    (number,) = bought(world)
    exactly = {"pattern": number[1:]}
    world.sandbox.faults.add(Fault("stale", vendor="vonage", path="/account/numbers", params=exactly, lag=99))
    stack.up(inventory(lines=()))
    assert [release.number for release in world.sandbox.ledger.releases()] == [number]
    assert world.sandbox.vonage.numbers() == ()


def test_nothing_is_bought_where_the_claim_has_gone_by_then() -> None:
    world = World()

    def somebody_deletes_the_claim() -> None:
        (claim,) = world.sandbox.livekit.inbound_trunks()
        world.sandbox.livekit.delete(claim["sip_trunk_id"])

    rule = index_of(SEARCH, "/CreateSIPDispatchRule")
    with pytest.raises(Failed, match=r"which claims .* for this line, is gone now"):
        Stack(world).up(SEARCH, handle=AtWrite(rule, after=somebody_deletes_the_claim))
    assert bought(world) == []


def test_of_two_claims_of_one_line_ours_is_withdrawn_and_nothing_is_bought() -> None:
    world = World()
    theirs: list[str] = []

    def another_run_claims(_: Any) -> None:
        made = world.sandbox.livekit.add_inbound_trunk(metadata=f"{TAG}far", numbers=["+447400999999"])
        theirs.append(made["sip_trunk_id"])

    claim = index_of(SEARCH, "/CreateSIPInboundTrunk")
    with pytest.raises(Failed, match="another run claims a number for this line"):
        Stack(world).up(SEARCH, handle=AtWrite(claim, before=another_run_claims))
    assert [trunk["sip_trunk_id"] for trunk in world.sandbox.livekit.inbound_trunks()] == theirs
    assert bought(world) == []


def test_a_claim_does_not_move_while_its_number_may_still_be_bought() -> None:
    world = World()
    stack = Stack(world)
    elsewhere = "+447400999999"

    def somebody_is_faster(request: Any) -> None:
        world.sandbox.vonage.sell(f"+{dict(request.form)['msisdn']}")

    def another_run_has_moved_it(_: Any) -> None:
        (claim,) = world.sandbox.livekit.inbound_trunks()
        world.sandbox.livekit.edit_trunk(claim["sip_trunk_id"], numbers=[elsewhere], metadata=f"{TAG}far")

    with pytest.raises(Failed):
        stack.up(SEARCH, handle=AtWrite(index_of(SEARCH, "/number/buy"), before=somebody_is_faster))
    with pytest.raises(Failed, match=rf"\{elsewhere} may be on order for this line"):
        stack.up(SEARCH, handle=AtWrite(0, before=another_run_has_moved_it))
    (claim,) = world.sandbox.livekit.inbound_trunks()
    assert claim["numbers"] == [elsewhere]
    assert bought(world) == []


def test_an_object_that_another_fleet_tags_after_the_gate_is_not_written() -> None:
    world = World()
    stack = Stack(world)
    stack.up(SEARCH)
    (trunk,) = world.sandbox.livekit.inbound_trunks()

    def another_fleet_tags_it(_: Any) -> None:
        world.sandbox.livekit.edit_trunk(trunk["sip_trunk_id"], metadata="trunkline:acme/other/far")

    changed = SEARCH.replace('"agent": "support"', '"agent": "support", "label": "Changed"')
    with pytest.raises(Failed, match='now belongs to line "far" of fleet "acme/other"'):
        stack.up(changed, handle=AtWrite(0, before=another_fleet_tags_it))
    assert world.sandbox.livekit.inbound_trunks() == ({**trunk, "metadata": "trunkline:acme/other/far"},)


def test_another_base_url_than_the_recorded_one_is_refused_before_any_write() -> None:
    world = World()
    stack = Stack(world)
    stack.up(SEARCH)
    elsewhere = replace(site("test", "acme/test"), base_urls={"vonage": "https://proxy.example.com"})
    plan = compile_plan(parse(SEARCH, "numbers.yaml").for_stack("test"), elsewhere)
    mark = world.sandbox.journal.mark()
    with pytest.raises(Failed, match="vonage is recorded as"):
        stack.engine.up(plan, world.process())
    assert world.sandbox.journal.writes(mark) == []


def test_a_trunk_that_somebody_made_after_the_gate_is_not_taken_over() -> None:
    world = World()
    made: list[Any] = []

    def somebody_makes_it(_: Any) -> None:
        made.append(world.sandbox.livekit.add_inbound_trunk(name="by hand", numbers=["+16505551234"]))

    desk = inventory(lines=("desk",))
    with pytest.raises(Failed, match="is already in use by"):
        Stack(world).up(desk, handle=AtWrite(0, before=somebody_makes_it))
    assert list(world.sandbox.livekit.inbound_trunks()) == made


def test_the_claim_of_a_number_that_is_paid_for_stays_and_the_number_is_named() -> None:
    world = World()
    stack = Stack(world)

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(SEARCH, handle=AtWrite(index_of(SEARCH, "/number/buy"), after=die))
    (number,) = bought(world)
    for _ in range(3):
        world.notices.clear()
        stack.up(inventory(lines=()))
        assert [trunk["numbers"] for trunk in world.sandbox.livekit.inbound_trunks()] == [[number]]
        assert number in "\n".join(world.notices)
    assert settled(stack, SEARCH)[:1] != ["POST /number/buy"]
    assert bought(world) == [number]


def test_a_list_that_lags_behind_a_rename_costs_the_line_none_of_its_objects() -> None:
    world = World()
    stack = Stack(world)
    stack.up(SEARCH)
    renamed = json.loads(SEARCH)
    renamed["numbers"] = {"near": {**renamed["numbers"]["far"], "renamed_from": "far"}}
    stack.up(json.dumps(renamed))
    del renamed["numbers"]["near"]["renamed_from"]
    rules = [rule["sip_dispatch_rule_id"] for rule in world.sandbox.livekit.dispatch_rules()]
    world.sandbox.faults.add(Fault("stale", vendor="livekit", path="ListSIPDispatchRule", lag=3))
    stack.up(json.dumps(renamed))
    assert [rule["sip_dispatch_rule_id"] for rule in world.sandbox.livekit.dispatch_rules()] == rules
    assert not any("Delete" in write for write in world.writes())


def test_a_custom_number_does_not_move_to_a_new_line_in_the_edit_that_removes_the_old_one() -> None:
    world = World()
    stack = Stack(world)
    stack.up(inventory(lines=("own",)))
    stack.up(inventory(lines=("own",), removal="release"))
    moved = inventory(lines=("own",)).replace('"own": {', '"new": {')
    mark = world.sandbox.journal.mark()
    with pytest.raises(Failed, match='is held by line "own"'):
        stack.up(moved)
    assert world.sandbox.journal.writes(mark) == []
