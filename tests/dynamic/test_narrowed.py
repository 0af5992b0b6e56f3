"""A rule of ours that somebody narrowed by hand: put back where it is wholly ours, told where a line adopted it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import A, B, file_of, line, live, refusal, seed
from tests.dynamic.neighbourhood import DESK, recorded, said
from tests.support.model_engine import State, Step
from tests.support.world import Stack, World

PARTNER = "+16505550111"


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def told(rule: str, only: str, numbers: str = f'{A} (line "a")') -> str:
    return (
        f"DispatchRule {rule}, which a line adopts, answers calls {only} alone, so LiveKit drops others to {numbers}"
        " with 486."
    )


def way_out(rule: str) -> str:
    return f"Empty these lists of it at LiveKit, or accept it in numbers.yaml: `accepted: [{{id: {rule}, reason: …}}]`."


@pytest.mark.parametrize(
    ("by_hand", "name"),
    [({"inbound_numbers": [PARTNER]}, "onlyCallers"), ({"numbers": [B]}, "onlyNumbers")],
)
def test_a_rule_that_is_wholly_ours_is_widened_again(stack: Stack, by_hand: dict[str, Any], name: str) -> None:
    stack.up(DESK)
    (rule,) = stack.world.sandbox.livekit.dispatch_rules()
    stack.world.sandbox.livekit.edit_rule(rule["sip_dispatch_rule_id"], **by_hand)

    drift = [Step("update", ("DispatchRule", "desk"), (name,))]
    assert stack.preview(DESK) == stack.up(DESK) == drift
    assert stack.world.sandbox.livekit.dispatch_rules() == (rule,)
    assert (stack.preview(DESK), recorded(stack)) == ([], [])


@pytest.mark.parametrize(
    ("by_hand", "only"),
    [
        ({"inbound_numbers": [PARTNER]}, f"from {PARTNER} (inbound_numbers)"),
        ({"numbers": [B]}, f"to {B} (numbers)"),
        ({"inbound_numbers": [PARTNER], "numbers": [A]}, f"from {PARTNER} (inbound_numbers) to {A} (numbers)"),
    ],
)
def test_a_rule_that_a_line_adopts_stays_and_is_told_in_each_preview_and_recorded(
    stack: Stack, by_hand: dict[str, Any], only: str
) -> None:
    seed(stack, [A])
    text = file_of(line("a", A))
    stack.up(text)
    id_ = live(stack)[1]["sip_dispatch_rule_id"]
    stack.world.sandbox.livekit.edit_rule(id_, **by_hand)
    narrowed = live(stack)
    names = {"inbound_numbers": "callers", "numbers": "numbers"}
    finding = {"code": "narrowed-rule", "id": id_, "lines": ["a"], "message": told(id_, only)}
    finding |= {names[name]: value for name, value in by_hand.items()}

    assert said(stack, text) == said(stack, text) == [f"{told(id_, only)} {way_out(id_)}"]
    stack.up(text)
    assert (recorded(stack), live(stack)) == ([finding], narrowed)
    stack.up(file_of(line("a", A, ", attributes: {tenant: b}")))
    assert live(stack)[1] == {**narrowed[1], "attributes": {"tenant": "b"}}
    stack.engine.state = State()
    stack.up(file_of(line("a", A, ", attributes: {tenant: b}")))
    assert recorded(stack) == [finding]
    accepted = file_of(line("a", A), top=f"accepted: [{{id: {id_}, reason: partners}}]\n")
    assert said(stack, accepted) == []
    stack.up(accepted)
    assert recorded(stack) == [finding | {"accepted": "partners"}]


@pytest.mark.parametrize(
    ("rule", "trunk"),
    [
        ({"numbers": [A]}, {}),
        ({"inbound_numbers": [PARTNER]}, {"allowed_numbers": [PARTNER]}),
    ],
)
def test_a_rule_that_answers_all_that_its_trunk_takes_is_not_told(
    stack: Stack, rule: dict[str, Any], trunk: dict[str, Any]
) -> None:
    seed(stack, [A], rule, **trunk)
    text = file_of(line("a", A))
    stack.up(text)
    assert (said(stack, text), recorded(stack)) == ([], [])


def test_a_line_that_adopts_no_more_has_its_rule_widened_to_all_numbers_as_the_preview_shows(stack: Stack) -> None:
    seed(stack, [A], {"numbers": [A]})
    text = file_of(line("a", A))
    stack.up(text)
    stack.up(text)
    ours = text.replace(", adopt: true", "")
    shown = [step for step in stack.preview(ours) if step.key == ("DispatchRule", "a")]
    assert [(step.op, "onlyNumbers" in step.changed) for step in shown] == [("update", True)]
    stack.up(ours)
    assert "numbers" not in live(stack)[1]


def test_taking_adopt_off_opens_no_rule_to_callers_that_it_keeps_out(stack: Stack) -> None:
    seed(stack, [A], {"inbound_numbers": [PARTNER]})
    text = file_of(line("a", A))
    stack.up(text)
    id_ = live(stack)[1]["sip_dispatch_rule_id"]
    assert refusal(stack, text.replace(", adopt: true", "")) == (
        f'numbers.yaml:6: line "a": DispatchRule {id_}: it answers some callers alone (onlyCallers); without'
        " `adopt: true` the file would open it, and does not name it. Nothing was changed. Write `allowed_callers` on"
        " the line or its trunk, or leave `adopt: true`"
    )


def test_a_line_that_names_its_callers_itself_may_end_the_adoption_of_such_a_rule(stack: Stack) -> None:
    seed(stack, [A], {"inbound_numbers": [PARTNER]})
    stack.up(file_of(line("a", A)))
    stack.up(file_of(line("a", A, f', allowed_callers: ["{PARTNER}"]').replace(", adopt: true", "")))
    trunk, rule = live(stack)
    assert (trunk["allowed_numbers"], rule.get("inbound_numbers")) == ([PARTNER], None)
