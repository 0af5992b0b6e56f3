"""`accepted`: what stands beside the lines on purpose, each with its reason."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, parse
from trunkline.model.entries import Accepted

HEAD = """\
version: 1
agents: {a: {agent_name: a}}
defaults: {agent: a, provider: twilio}
numbers: {one: {phone_number: "+16505551231", stacks: [eu]}, two: {phone_number: "+16505551232", stacks: [us]}}
trunks: {carrier: {provider: twilio, owner: eu}}
"""


def inventory(accepted: str) -> Inventory:
    return parse(f"{HEAD}accepted:\n{accepted}", "numbers.yaml")


def test_each_has_its_id_its_reason_and_the_stacks_that_have_it() -> None:
    whole = inventory("  - {id: SDR_b, reason: canary}\n  - {id: OU1, reason: their PBX, stacks: [us]}\n")

    assert whole.accepted == (
        Accepted(id="OU1", reason="their PBX", stacks=("us",)),
        Accepted(id="SDR_b", reason="canary"),
    )
    assert [one.id for one in whole.for_stack("us").accepted] == ["OU1", "SDR_b"]
    assert [one.id for one in whole.for_stack("eu").accepted] == ["SDR_b"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{id: SDR_b}", "7:5: accepted.0.reason: this key is missing [missing-key]; add `reason:`"),
        ("{reason: canary}", "7:5: accepted.0.id: this key is missing [missing-key]; add `id:`"),
        ('{id: "", reason: a}', "7:6: accepted.0.id: \"\" is not an object's id [vendor-id];"
         " copy it from the preview: SDR_…, ST_…, OU…"),
        ('{id: SDR_b, reason: ""}', '7:17: accepted.0.reason: "" is not a reason of one line [text]; say why'),
        ('{id: SDR_b, reason: "  "}', '7:17: accepted.0.reason: "  " is not a reason of one line [text]; say why'),
        ("{id: SDR_b, reason: }", "7:17: accepted.0.reason: this key has no value [no-value]; give it one, or delete"
         " the key"),
        ("{id: SDR_b, reason: a, lines: [one]}", "7:28: accepted.0.lines: there is no such key [unknown-key];"
         " known: id, reason, stacks"),
        ("SDR_b", '7:5: accepted.0: "SDR_b" is not a mapping [type]; write `key: value` lines below it'),
        ("{id: SDR_b, reason: a}\n  - {id: SDR_b, reason: b}",
         "8:6: SDR_b is accepted already (line 7) [accepted-twice]; keep one of the two"),
        ("{id: SDR_b, reason: a, stacks: [eux]}",
         '7:28: accepted SDR_b: no line is of stack "eux" [unknown-stack]; did you mean eu?'),
    ],
)  # fmt: skip
def test_an_entry_that_says_too_little_or_too_much_is_refused_at_its_place(entry: str, problem: str) -> None:
    with pytest.raises(InventoryError) as caught:
        inventory(f"  - {entry}\n")

    assert str(caught.value).splitlines() == [f"numbers.yaml:{problem}"]
