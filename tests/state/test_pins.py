"""Whether callers enter a PIN is what the rule says that stands, and never the PIN itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.state import fleet
from tests.state.overlaid import SAID, differs, left
from tests.state.state_file import written
from tests.state.test_caller_rules import RULE, SAYS, state
from trunkline.calls.explain import explain
from trunkline.outputs import to_json
from trunkline.state import checkpoint
from trunkline.state.checkpoint import StackState

# As the engine writes a secret: resource.SigKey and resource.SecretSig of Pulumi.
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:8ciphertext8"}
PINNED = fleet.SALES.model_copy(update={"asks_pin": True})


def of_rule(**says: Any) -> StackState:
    """The state whose first line's rule says this since the last complete update."""
    return left(lambda said: said["sales-us"]["DispatchRule"].update(says))


def with_outputs_asking(**says: Any) -> StackState:
    """The same, of a fleet whose last complete update left that line with a PIN."""
    rule = {**SAID["sales-us"]["DispatchRule"], **says}
    resources = {**SAID, "sales-us": {**SAID["sales-us"], "DispatchRule": rule}}
    return checkpoint.parse(written(fleet.document((PINNED, fleet.SUPPORT, fleet.OFFICE)), resources))


@pytest.mark.parametrize("pin", [SECRET, "4711"], ids=["a secret", "in clear"])
def test_a_pin_that_came_with_a_failed_update_is_told(pin: object) -> None:
    found = of_rule(pin=pin)
    assert found.lines["sales-us"] == PINNED
    assert found.differences == {"sales-us": (differs("asksPin", "False", "True"),)}
    assert explain([to_json(PINNED)], PINNED.phone_number, "")["reason"] == (
        'LiveKit asks for a PIN; then agent "sales-agent" answers'
    )


@pytest.mark.parametrize("says", [{}, {"pin": ""}, {"pin": None}], ids=["none", "empty", "null"])
def test_a_pin_that_is_gone_from_the_rule_is_asked_of_nobody(says: dict[str, Any]) -> None:
    found = with_outputs_asking(**says)
    assert found.lines["sales-us"] == fleet.SALES
    assert found.differences == {"sales-us": (differs("asksPin", "True", "False"),)}


def test_a_pin_that_stands_as_it_was_listed_is_no_difference() -> None:
    found = with_outputs_asking(pin=SECRET)
    assert (found.lines["sales-us"], found.differences) == (PINNED, {})


def test_a_pin_of_an_adopted_rule_that_the_file_does_not_name_is_told_and_is_no_difference() -> None:
    found = of_rule(pin=SECRET, unmanaged=["pin"])
    assert (found.lines["sales-us"], found.differences) == (PINNED, {})


def test_callers_whom_others_answer_enter_the_pin_of_their_own_rule() -> None:
    found = state(**SAYS, pin=SECRET)
    pinned = RULE.model_copy(update={"asks_pin": True})
    assert found.lines["sales-us"].caller_rules == (pinned,)
    assert [one.field for one in found.differences["sales-us"]] == ["callerRules"]


def test_a_pin_of_an_adopted_rule_for_some_callers_is_no_difference() -> None:
    found = state(**SAYS, pin=SECRET, unmanaged=["pin"])
    assert [one.asks_pin for one in found.lines["sales-us"].caller_rules] == [True]
    assert found.differences == {}


def test_a_line_that_the_outputs_lack_asks_for_the_pin_of_its_rule() -> None:
    rule = {**SAID["sales-us"]["DispatchRule"], "pin": SECRET}
    resources = {**SAID, "sales-us": {**SAID["sales-us"], "DispatchRule": rule}}
    found = checkpoint.parse(written(fleet.document((fleet.SUPPORT, fleet.OFFICE)), resources))
    assert found.lines["sales-us"].asks_pin


def test_no_pin_and_no_cipher_of_it_is_kept() -> None:
    assert "8ciphertext8" not in repr(of_rule(pin=SECRET)) and "4711" not in repr(of_rule(pin="4711"))
