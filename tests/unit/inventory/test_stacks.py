"""Which trunk carries a line, and which lines and trunks a stack has."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, SecretRef, Trunk, parse, trunk_of, warnings

HEAD = "version: 1\nagents: {a: {agent_name: a}}\ndefaults: {agent: a, provider: twilio}\n"
TWO_STACKS = (
    HEAD
    + """\
trunks:
  carrier: {provider: twilio, owner: eu}
  idle: {provider: vonage, owner: us}
  office: {provider: custom, sip_address: sip.example.com}
numbers:
  one: {phone_number: "+16505551231", stacks: [us]}
  two: {phone_number: "+16505551232", stacks: [eu]}
  three: {phone_number: "+442071234567", trunk: office, stacks: [eu, us]}
  four: {search: {country: US}, outbound: false, stacks: [eu]}
"""
)


def inventory(text: str) -> Inventory:
    return parse(text, "numbers.yaml")


def names(part: Inventory) -> tuple[list[str], list[str]]:
    return list(part.lines), list(part.trunks)


def test_a_stack_has_its_lines_and_the_trunks_that_it_owns_or_uses() -> None:
    whole = inventory(TWO_STACKS)
    assert whole.stacks == ("eu", "us")
    assert names(whole.for_stack("eu")) == (["four", "three", "two"], ["carrier", "office"])
    assert names(whole.for_stack("us")) == (["one", "three"], ["carrier", "idle", "office"])
    assert whole.for_stack("us").all_line_names == ("four", "one", "three", "two")


def test_the_only_stack_has_everything_whatever_its_name() -> None:
    whole = inventory(HEAD + 'numbers: {one: {phone_number: "+16505551231"}}\ntrunks: {idle: {provider: vonage}}\n')
    assert whole.for_stack("anything") == whole


def test_a_stack_that_no_line_names_is_refused_with_those_that_lines_name() -> None:
    with pytest.raises(InventoryError) as caught:
        inventory(TWO_STACKS).for_stack("prod")
    assert str(caught.value) == (
        'numbers.yaml:8:1: no line is of stack "prod"; lines name the stacks eu, us [unknown-stack];'
        " name prod in the `stacks` of its lines, or select one of eu, us; a stack without lines any more ends with"
        " `pulumi destroy --run-program=false`, once its lines' marks are applied"
    )


def test_a_stack_without_lines_goes_on_owning_its_trunk_with_a_warning() -> None:
    whole = inventory(
        HEAD + 'numbers:\n  a: {phone_number: "+16505551234", stacks: [eu]}\n'
        "trunks: {t: {provider: twilio, owner: us}}\n"
    )
    owner, user = whole.for_stack("us"), whole.for_stack("eu")

    assert (set(owner.lines), set(owner.trunks)) == (set(), {"t"})
    assert (set(user.lines), set(user.trunks)) == ({"a"}, {"t"})
    assert [(each.rule, each.line, each.column) for each in warnings(whole)] == [("owner-without-lines", 6, 32)]
    assert warnings(owner) == ()


def test_a_part_knows_the_places_of_the_whole_file() -> None:
    whole = inventory(TWO_STACKS)
    assert whole.for_stack("us").place("numbers", "two") == whole.place("numbers", "two")


@pytest.mark.parametrize(
    ("trunks", "keys", "expected"),
    [
        ("", "provider: twilio", None),
        ("", "provider: vonage", None),
        ("t: {provider: twilio}", "provider: vonage", None),
        ("t: {provider: twilio}", "provider: twilio", Trunk(name="t", provider="twilio")),
        ("t: {provider: twilio}, u: {provider: vonage}", "", Trunk(name="t", provider="twilio")),
        ("t: {provider: twilio}, u: {provider: twilio}", "trunk: u", Trunk(name="u", provider="twilio")),
        (
            "t: {provider: custom, sip_address: sip.example.com}",
            "sip_address: own.example.com, sip_provider: Own, transport: tcp, auth_username: u,"
            " auth_password: {secret: s}, inbound_auth: true",
            Trunk(
                name="one",
                provider="custom",
                sip_address="own.example.com",
                sip_provider="Own",
                transport="tcp",
                auth_username="u",
                auth_password=SecretRef("s"),
                inbound_auth=True,
            ),
        ),
    ],
    ids=["implicit", "vonage", "other provider", "only", "only of provider", "named", "own"],
)
def test_a_line_is_carried_by_its_trunk_or_the_only_one_of_its_provider(
    trunks: str, keys: str, expected: Trunk | None
) -> None:
    whole = inventory(
        f'{HEAD}trunks: {{{trunks}}}\nnumbers: {{one: {{phone_number: "+16505551231"{", " if keys else ""}{keys}}}}}\n'
    )
    assert trunk_of(whole, whole.lines["one"]) == expected


def test_a_line_has_the_same_trunk_in_its_stack_as_in_the_whole_file() -> None:
    whole = inventory(TWO_STACKS)
    for stack in whole.stacks:
        part = whole.for_stack(stack)
        assert [trunk_of(part, line) for line in part.lines.values()] == [
            trunk_of(whole, line) for line in part.lines.values()
        ]
