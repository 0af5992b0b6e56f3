"""What was approved is what runs: an update that is bound to a saved plan does exactly that, or writes nothing."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.dynamic.approval import applied, refusal, saved
from tests.dynamic.inventories import ALL, BOUGHT, HEAD, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import SECRETS, Stack, World

BASE = {name: ALL[name] for name in ("bought", "custom")}
FILE = inventory(BASE)
REMAPPED = inventory({**BASE, "bought": BOUGHT.replace("agent: sales", "agent: support")})


def head(count: int) -> str:
    return (
        f"this is not what was approved in plan.json: {count} moved since. Nothing was changed. Save the plan again and"
        " have that one approved."
    )


@pytest.fixture
def stack() -> Stack:
    stack = Stack(World())
    stack.up(FILE)
    return stack


def test_a_plan_after_which_nothing_moved_is_applied(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)

    assert [str(step.key) for step in applied(stack, REMAPPED, plan)] == ["('DispatchRule', 'bought')"]


def test_a_pin_that_moved_is_told_and_not_shown(stack: Stack) -> None:
    guarded, other = (FILE.replace("sales-agent}", f'sales-agent, pin: "{pin}"}}') for pin in ("4711", "0815"))
    rows = refusal(stack, other, saved(stack, guarded))

    assert rows[1:] == ["- dispatch rule of bought, pin: [pin] => another [pin], in the file or the settings"]


def test_the_first_update_of_a_stack_is_bound_like_any_other() -> None:
    new, file = Stack(World()), inventory(ALL)
    plan = saved(new, file)

    applied(new, file, plan)

    charges = sorted(charge.number for charge in new.world.sandbox.ledger.charges())
    assert charges == sorted(["+16505551234", *plan.candidates.values()])
    assert "- the fleet, record: none => there, in the stack's record" in refusal(new, file, plan)


def test_a_search_buys_the_number_that_was_reviewed(stack: Stack) -> None:
    file = inventory({**BASE, "near": SEARCHED, "far": VONAGE})
    plan = saved(stack, file)
    stack.preview(file)  # which was shown another sample
    stack.world.notices.clear()

    applied(stack, file, plan)

    bought = {charge.number for charge in stack.world.sandbox.ledger.charges()}
    assert bought == {"+16505551234", *plan.candidates.values()}
    assert list(plan.candidates) == ["far", "near"]
    assert stack.world.notices == []


def test_a_reviewed_number_that_is_sold_is_refused_and_no_other_is_bought(stack: Stack) -> None:
    file = inventory({**BASE, "near": SEARCHED})
    plan = saved(stack, file)
    number = plan.candidates["near"]
    stack.world.sandbox.twilio.sell(number)

    title, row = refusal(stack, file, plan)

    assert title == head(1)
    assert row.startswith(f"- line near, phone_number: {number} => +1650")
    assert row.endswith(", by what the vendors offer and hold")


def test_a_named_number_that_is_sold_is_told_with_its_line(stack: Stack) -> None:
    file = inventory({**BASE, "second": having(BOUGHT, "inbound: true").replace("551234", "551235")})
    plan = saved(stack, file)
    stack.world.sandbox.twilio.sell("+16505551235")

    assert refusal(stack, file, plan) == [
        head(1),
        '- numbers.yaml:21: line "second": +16505551235 is not on offer at twilio and not in the account. Choose'
        " another number, or `search:` for one",
    ]


def test_everything_that_moved_is_told_once(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    sandbox, ids = stack.world.sandbox, stack.ids()
    trunk = ids["SipTrunk twilio-us"]
    sandbox.livekit.edit_trunk(ids["InboundTrunk custom"], krisp_enabled=True)
    sandbox.livekit.delete(ids["DispatchRule bought"])
    sandbox.twilio.edit_number("+16505551234", trunk_sid=None)

    edited = REMAPPED.replace("max_releases: 2", "max_releases: 3").replace(
        "trunk: uk-office, agent: support}", "trunk: uk-office, agent: sales, label: Desk}"
    )
    assert refusal(stack, edited, plan) == [
        head(8),
        '- dispatch rule of custom, agents: support-agent (metadata {"tier":"gold"}) => sales-agent,'
        " in the file or the settings",
        "- dispatch rule of custom, room_prefix: support- => call-, in the file or the settings",
        "- inbound trunk of custom, name: custom => Desk, in the file or the settings",
        "- outbound trunk of custom, name: custom => Desk, in the file or the settings",
        '- the fleet, guard: {"maxMonthlyIncrease": {}, "maxPurchases": 5, "maxReleases": 2} =>'
        ' {"maxMonthlyIncrease": {}, "maxPurchases": 5, "maxReleases": 3}, in the file or the settings',
        "- dispatch rule of bought: there => gone, at the vendor",
        f"- number of bought, trunk_sid: {trunk} => (none), at the vendor",
        "- inbound trunk of custom, krisp_enabled: false => true, at the vendor",
    ]


def test_what_no_object_has_moves_the_file_all_the_same(stack: Stack) -> None:
    plan = saved(stack, FILE)

    title, row = refusal(stack, inventory({**BASE, "bought": having(BOUGHT, "tags: {team: growth}")}), plan)

    assert (title, row.split(":")[0]) == (head(1), "- the fleet, inventory")


def test_a_line_that_came_or_went_is_told_once_and_not_by_its_objects(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)

    assert refusal(stack, inventory({**BASE, "second": BOUGHT.replace("551234", "551235")}), plan)[1:] == [
        '- dispatch rule of bought, agents: support-agent (metadata {"tier":"gold"}) => sales-agent,'
        " in the file or the settings",
        "- dispatch rule of bought, room_prefix: support- => call-, in the file or the settings",
        "- line second: no line => a line, in the file or the settings",
    ]


def test_another_update_in_between_is_told_by_the_record(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    marked = inventory({**BASE, "bought": having(BOUGHT, "removal: keep")})
    stack.up(marked)

    assert refusal(stack, REMAPPED, plan) == [
        head(1),
        "- line bought, removal: protect => keep, in the stack's record",
    ]


def test_a_number_that_left_its_account_has_moved(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    stack.world.sandbox.twilio.release_by_hand("+16505551234")

    assert refusal(stack, REMAPPED, plan) == [head(1), "- number of bought, status: owned => vanished, at the vendor"]


def test_a_mark_is_told_once_although_the_line_and_its_number_have_it(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)

    rows = refusal(stack, inventory({**BASE, "bought": having(BOUGHT, "removal: release")}), plan)

    assert [row for row in rows if "removal" in row] == [
        "- number of bought, removal: protect => release, in the file or the settings"
    ]


def test_a_foreign_rule_that_takes_calls_has_moved(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    stack.world.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_theirs",
        name="theirs",
        trunk_ids=[stack.ids()["InboundTrunk custom"]],
        numbers=["+442071234567"],
        rule={"dispatch_rule_individual": {"room_prefix": "theirs-"}},
    )

    title, row = refusal(stack, REMAPPED, plan)

    assert (title, row.split(":")[0]) == (head(1), "- neighbour of fleet, sdr_theirs")


def test_a_second_object_with_our_tag_has_moved_since_an_update_would_remove_it(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    twin = stack.world.sandbox.livekit.add_outbound_trunk(
        name="custom", numbers=[], address="sip.example.com", metadata="trunkline:acme/test/custom"
    )

    assert refusal(stack, REMAPPED, plan) == [
        head(1),
        f"- outbound trunk of custom, duplicates: (none) => {twin['sip_trunk_id']}, at the vendor",
    ]


def test_what_is_removed_may_have_been_changed_by_hand_before_the_plan(stack: Stack) -> None:
    stack.up(inventory({**BASE, "bought": having(BOUGHT, "removal: release")}))
    stack.world.sandbox.livekit.edit_trunk(stack.ids()["InboundTrunk bought"], krisp_enabled=True)
    left = inventory({"custom": ALL["custom"]})
    plan = saved(stack, left)

    assert [step.op for step in applied(stack, left, plan)] == ["update", *["delete"] * 4]


def test_what_others_do_beside_ours_is_no_move(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    sandbox = stack.world.sandbox
    sandbox.twilio.add_number("+16505559999", friendly_name="Reception")
    trunk = sandbox.livekit.add_inbound_trunk(name="theirs", numbers=["+16505559999"])
    sandbox.livekit.add_dispatch_rule(
        name="theirs",
        trunk_ids=[trunk["sip_trunk_id"]],
        rule={"dispatch_rule_individual": {"room_prefix": "theirs-"}},
    )
    Stack(stack.world, name="other", fleet="acme/other").up(
        inventory({"bought": BOUGHT.replace("551234", "551299")}, HEAD.replace("acme-us", "acme-other"))
    )

    assert [step.op for step in applied(stack, REMAPPED, plan)] == ["update"]


def test_an_update_that_leaves_the_fleet_out_is_not_bound_and_so_refused(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    mark = stack.world.sandbox.journal.mark()

    with pytest.raises(Failed, match=r"TRUNKLINE_APPROVED is set, and the Fleet, .* was left out of it"):
        applied(stack, REMAPPED, plan, exclude=(("Fleet", "fleet"),))

    assert stack.world.sandbox.journal.writes(mark) == []


def test_a_saved_plan_holds_no_secret(stack: Stack) -> None:
    text = saved(stack, REMAPPED).write()

    assert [secret for secret in SECRETS.values() if secret in text and secret != SECRETS["twilioSipUsername"]] == []


def test_an_outage_is_told_as_one_and_not_as_a_move(stack: Stack) -> None:
    plan = saved(stack, REMAPPED)
    stack.world.sandbox.livekit.delete(stack.ids()["DispatchRule bought"])
    stack.world.sandbox.faults.add(
        Fault("status", vendor="livekit", path="ListSIPDispatchRule", status=503, times=None)
    )

    (line,) = refusal(stack, REMAPPED, plan)

    assert "livekit" in line and "not what was approved" not in line
