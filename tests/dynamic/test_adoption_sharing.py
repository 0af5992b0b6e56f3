"""`shared:` is switched while lines say `adopt: true`: what was adopted goes along, and stays adopted."""

from __future__ import annotations

import pytest

from tests.dynamic.adopted import A, B, file_of, line, refusal, seed
from tests.support.world import Stack, World

SHARED = ", shared: true"
TWILIO = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{trunk}}}
numbers:
  a: {{provider: twilio, phone_number: "+16505550123", agent: desk, adopt: true, outbound: false}}
"""
SECOND = '  b: {provider: twilio, phone_number: "+16505550124", agent: desk, adopt: true, outbound: false}\n'


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def at_twilio(stack: Stack, *numbers: str) -> None:
    for number in numbers:
        stack.world.sandbox.twilio.add_number(number, friendly_name="by hand")


def stands(stack: Stack) -> dict[str, tuple[list[str], str]]:
    """Give each inbound trunk's numbers and tag."""
    trunks = stack.world.sandbox.livekit.inbound_trunks()
    return {one["sip_trunk_id"]: (one["numbers"], one.get("metadata", "")) for one in trunks}


def test_adopted_trunks_become_one_and_two_again_with_ids_kept_and_walls_standing(stack: Stack) -> None:
    first, second = seed(stack, [A], allowed_addresses=["203.0.113.0/28"], krisp_enabled=True), seed(stack, [B])
    at_twilio(stack, A, B)
    stack.up(TWILIO.format(trunk="") + SECOND)

    stack.up(TWILIO.format(trunk=SHARED) + SECOND)
    shared = stands(stack)
    assert stack.preview(TWILIO.format(trunk=SHARED) + SECOND) == []
    stack.up(TWILIO.format(trunk="") + SECOND)
    own = stands(stack)
    assert stack.preview(TWILIO.format(trunk="") + SECOND) == []

    assert shared == {first: ([A, B], "trunkline:acme/test/trunk.us#adopted")}
    assert own[first] == ([A], "trunkline:acme/test/a#adopted")
    assert [numbers for id_, (numbers, _) in own.items() if id_ not in (first, second)] == [[B]]
    kept = next(one for one in stack.world.sandbox.livekit.inbound_trunks() if one["sip_trunk_id"] == first)
    assert (kept["allowed_addresses"], kept["krisp_enabled"]) == (["203.0.113.0/28"], True)


def test_one_adopted_trunk_of_two_custom_lines_is_parted_and_joined(stack: Stack) -> None:
    trunk = seed(stack, [A, B])
    stack.up(file_of(line("a", A), line("b", B), trunk=SHARED))

    stack.up(file_of(line("a", A), line("b", B)))
    parted = stands(stack)
    told = refusal(stack, file_of(line("a", A), line("b", B), trunk=SHARED))
    stack.up(file_of(line("a", A), line("b", B, ", removal: release")))
    stack.up(file_of(line("a", A), line("b", B), trunk=SHARED))

    assert parted[trunk] == ([A], "trunkline:acme/test/a#adopted")
    assert sorted(numbers for numbers, _ in parted.values()) == [[A], [B]]
    assert "Mark the line `removal: release`" in told
    assert "removal: keep" not in told
    assert "would adopt" not in told
    assert stands(stack) == {trunk: ([A, B], "trunkline:acme/test/trunk.pbx#adopted")}


def test_a_trunk_for_calls_out_that_was_shared_is_parted_too(stack: Stack) -> None:
    seed(stack, [A, B])
    stack.world.sandbox.livekit.add_outbound_trunk(name="out", numbers=[A, B], address="sip.example.com")
    rows = [row.replace(", outbound: false", "") for row in (line("a", A), line("b", B))]
    stack.up(file_of(*rows, trunk=SHARED))

    stack.up(file_of(*rows))

    assert sorted(one["numbers"] for one in stack.world.sandbox.livekit.outbound_trunks()) == [[A], [B]]
    assert stack.preview(file_of(*rows)) == []


def test_taking_adopt_off_in_the_same_edit_goes_too(stack: Stack) -> None:
    first, _ = seed(stack, [A]), seed(stack, [B])
    at_twilio(stack, A, B)
    stack.up(TWILIO.format(trunk="") + SECOND)

    stack.up((TWILIO.format(trunk=SHARED) + SECOND).replace(", adopt: true", ""))

    assert {id_: numbers for id_, (numbers, _) in stands(stack).items()} == {first: [A, B]}


def test_a_new_line_whose_number_stands_in_a_foreign_trunk_is_not_taken_along(stack: Stack) -> None:
    first, second = seed(stack, [A]), seed(stack, [B])
    at_twilio(stack, A, B)
    stack.up(TWILIO.format(trunk=""))

    told = refusal(stack, TWILIO.format(trunk=SHARED) + SECOND)

    assert f"{B} stands in InboundTrunk {second}, and its lines share InboundTrunk {first}. Nothing was changed" in told


def test_a_carrier_s_trunk_is_not_adopted_under_another_name_of_the_same_stack(stack: Stack) -> None:
    run = stack.world.process()
    domain = {"domainName": "acme-us.pstn.twilio.com", "secure": False, "transferMode": "disable-all"}
    run.adapter("SipTrunk").create({"tag": "Main", **domain})
    text = TWILIO.format(trunk=", adopt: true").partition("numbers:")[0] + "numbers: {}\n"
    stack.up(text)

    told = refusal(stack, text.replace("  us: {", "  eu: {"))

    assert 'is that of trunk "us" of fleet "acme/test", of this very stack' in told
    assert "removal: keep" not in told
