"""A line's number was ported to another carrier: taken there once it is there, and nothing bought or released."""

from __future__ import annotations

import re

import pytest

from sandbox import Fault
from tests.dynamic.inventories import BOUGHT, CUSTOM, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

US, GB, OFFICE = "+16505551234", "+447400123456", "+442071234567"
AT_VONAGE = f'{{provider: vonage, phone_number: "{GB}", agent: support}}'
BASE = {"bought": BOUGHT, "gb": AT_VONAGE}
TO_VONAGE = {**BASE, "bought": BOUGHT.replace("twilio", "vonage")[:-1] + ", ported_from: twilio}"}
TO_TWILIO = {**BASE, "gb": AT_VONAGE.replace("vonage", "twilio")[:-1] + ", ported_from: vonage}"}
WAYS = pytest.mark.parametrize(
    ("lines", "name", "number", "before", "now"),
    [(TO_VONAGE, "bought", US, "twilio", "vonage"), (TO_TWILIO, "gb", GB, "vonage", "twilio")],
    ids=["twilio to vonage", "vonage to twilio"],
)


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(inventory(BASE))
    return made


def arrive(stack: Stack, number: str, at: str, **fields: str) -> None:
    stack.world.sandbox.vendor(at).add_number(number, **fields)  # type: ignore[union-attr]


def leave(stack: Stack, number: str, at: str) -> None:
    stack.world.sandbox.vendor(at).release_by_hand(number)  # type: ignore[union-attr]


def refusals(stack: Stack, lines: dict[str, str], *, preview: bool = False) -> list[str]:
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as failure:
        (stack.preview if preview else stack.up)(inventory(lines))
    assert stack.world.sandbox.journal.writes(mark) == []
    return failure.value.messages


def bought(stack: Stack) -> int:
    return len(stack.world.sandbox.ledger.charges())


@WAYS
@pytest.mark.parametrize("preview", [True, False])
def test_until_the_new_carrier_has_it_the_port_is_refused_and_nothing_changes(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str, preview: bool
) -> None:
    (reason,) = refusals(stack, lines, preview=preview)
    assert reason.partition(": ")[2] == (
        f'line "{name}" is ported from {before} to {now}, and the {now} account does not have {number} yet. Nothing was'
        f" changed: calls go the way that {before} sends them. Run `pulumi up` again as soon as {now} shows the number;"
        f" for other edits before that, write `provider: {before}` back"
    )


@WAYS
@pytest.mark.parametrize("left", [True, False], ids=["gone there", "still there"])
@pytest.mark.parametrize("refresh", [True, False], ids=["refreshed", "unrefreshed"])
def test_it_is_taken_where_it_is_now_with_every_id_and_without_a_purchase(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str, left: bool, refresh: bool
) -> None:
    ids, charges = stack.ids(), bought(stack)
    del ids[f"PhoneNumber {name}"]
    arrive(stack, number, now)
    if left:
        leave(stack, number, before)
    mark = stack.world.sandbox.journal.mark()
    releases = len(stack.world.sandbox.ledger.releases())

    stack.up(inventory(lines), refresh=refresh)

    written = {entry.vendor for entry in stack.world.sandbox.journal.writes(mark)}
    assert written == {now, "livekit"}
    assert stack.ids().items() > ids.items()
    assert (bought(stack), len(stack.world.sandbox.ledger.releases())) == (charges, releases)
    made = stack.engine.state.resources["PhoneNumber", name]
    assert (made.outputs["provider"], made.outputs["status"], made.inputs["status"]) == (now, "owned", "owned")
    assert stack.engine.state.resources["InboundTrunk", name].outputs["claims"] == now
    assert stack.up(inventory(lines)) == []


@WAYS
def test_the_price_is_that_of_the_new_carrier(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    stack.up(inventory(lines))
    line = stack.engine.state.resources["Fleet", "fleet"].inputs["lines"][name]
    currency = {"twilio": "USD", "vonage": "EUR"}[now]
    assert (line["acquisition"], line["monthlyCost"]["currency"]) == ("ours", currency)


@WAYS
def test_what_the_former_carrier_shows_yet_is_named_until_it_is_gone(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    for left in (False, True):
        if left:
            leave(stack, number, before)
        stack.world.notices.clear()
        stack.up(inventory(lines))
        said = [notice for notice in stack.world.notices if f"is in the {before} account too" in notice]
        told = (
            f'{number} of line "{name}" is in the {before} account too, and paid for there. It leaves that account when'
            " its port is done; where it stays, release it there yourself."
        )
        assert said == ([] if left else [told])


def test_of_a_number_in_a_second_account_that_nobody_ported_no_port_is_told(stack: Stack) -> None:
    arrive(stack, US, "vonage")
    stack.world.notices.clear()
    stack.up(inventory(BASE))
    assert stack.world.notices == [
        f'{US} of line "bought" is in the vonage account too, and paid for there. Unless a port of it is under way,'
        " release it there yourself."
    ]


def test_of_a_line_at_livekit_alone_whose_number_stays_at_its_carrier_nothing_is_told(stack: Stack) -> None:
    arrive(stack, OFFICE, "twilio")
    lines = {**BASE, "office": CUSTOM}
    stack.up(inventory(lines))
    stack.world.notices.clear()

    assert stack.up(inventory(lines)) == []

    assert stack.world.notices == []


@WAYS
def test_without_the_word_another_provider_is_refused(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    plain = {**lines, name: lines[name].replace(f", ported_from: {before}", "")}
    (reason,) = refusals(stack, plain)
    assert f'write `ported_from: {before}` beside `phone_number: "{number}"`' in reason


def test_a_number_that_another_stack_has_there_is_not_taken(stack: Stack) -> None:
    arrive(stack, GB, "twilio", friendly_name="trunkline:other/prod/desk")
    (reason,) = refusals(stack, TO_TWILIO)
    assert 'belongs to line "desk" of fleet "other/prod"' in reason


@WAYS
def test_a_route_that_fails_is_written_by_the_next_update(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    stack.world.sandbox.faults.add(Fault("status", vendor=now, write=True, status=400))
    with pytest.raises(Failed):
        stack.up(inventory(lines))
    stack.world.sandbox.faults.clear()
    stack.up(inventory(lines))
    assert stack.engine.state.resources["PhoneNumber", name].outputs["provider"] == now
    assert stack.up(inventory(lines)) == []


@WAYS
def test_the_mark_of_a_ported_line_releases_it_where_it_is_now_alone(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    stack.up(inventory(lines))
    marked = {**lines, name: lines[name][:-1] + ", removal: release}"}
    stack.up(inventory(marked))

    stack.up(inventory({key: line for key, line in lines.items() if key != name}))

    assert [one.vendor for one in stack.world.sandbox.ledger.releases()] == [now]
    left = [one for one in stack.world.sandbox.livekit.inbound_trunks() if number in one["numbers"]]
    assert left == []


@WAYS
def test_a_port_back_is_a_port(
    stack: Stack, lines: dict[str, str], name: str, number: str, before: str, now: str
) -> None:
    arrive(stack, number, now)
    leave(stack, number, before)
    stack.up(inventory(lines))
    arrive(stack, number, before)
    leave(stack, number, now)
    back = {**BASE, name: BASE[name][:-1] + f", ported_from: {now}}}"}

    stack.up(inventory(back))

    assert stack.engine.state.resources["PhoneNumber", name].outputs["provider"] == before
    assert stack.up(inventory(back)) == []


def test_the_former_carrier_s_trunk_stays_until_the_number_has_left() -> None:
    head = "version: 1\nagents: {sales: {agent_name: sales-agent}}\n"
    stack = Stack(World())
    stack.up(inventory({"bought": BOUGHT}, head))
    arrive(stack, US, "vonage")
    lines = {"bought": TO_VONAGE["bought"]}
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed, match=f"carries {re.escape(US)}.* until one that is ported has left the account"):
        stack.up(inventory(lines, head))
    assert stack.world.sandbox.journal.writes(mark) == []

    stack.up(inventory(lines, f"{head}trunks: {{twilio: {{provider: twilio}}}}\n"))
    assert len(stack.world.sandbox.twilio.store.table("origination_urls")) == 1
    leave(stack, US, "twilio")
    stack.up(inventory(lines, head))

    assert len(stack.world.sandbox.twilio.store.table("trunks")) == 0
