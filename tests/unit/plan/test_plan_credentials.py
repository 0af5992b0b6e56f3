"""SIP users and passwords that Twilio refuses are named before anything is sent, and never shown."""

from __future__ import annotations

import pytest

from tests.support.world import SECRETS
from tests.unit.plan.inventories import IMPLICIT, SHARED, plan_of
from trunkline.errors import InventoryError, Problem
from trunkline.secret import Secret

TWELVE = "Twilio takes as a password at least 12 characters, with a digit, a small and a capital letter"
USER = "Twilio takes as a user 1 to 32 printable ASCII characters without spaces and colons"
GOOD = "Correct-Horse-1"


def problems(text: str, **secrets: str) -> list[Problem]:
    every = {name: Secret(value) for name, value in {**SECRETS, **secrets}.items()}
    try:
        plan_of(text, secrets=every)
    except InventoryError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Abcdef123", "has fewer than 12 characters"),
        ("abcdefgh-123", "has no capital letter"),
        ("ABCDEFGH-123", "has no small letter"),
        ("Abcdefgh-ijk", "has no digit"),
        ("a", "has fewer than 12 characters and no digit and no capital letter"),
    ],
)
def test_a_trunk_s_password_is_held_against_twilio_s_rule(password: str, fault: str) -> None:
    assert problems(SHARED, twilioTermination=password) == [
        Problem(
            rule="termination-secret",
            message=f'the config secret "twilioTermination" {fault}; {TWELVE}',
            fix="run `pulumi config set --secret trunkline:twilioTermination` with another one",
            file="numbers.yaml",
            line=8,
            column=5,
        )
    ]


def test_a_password_that_keeps_the_rule_is_taken() -> None:
    assert problems(SHARED, twilioTermination=GOOD) == []


@pytest.mark.parametrize(
    ("user", "fault"),
    [("u" * 33, "has 33 characters"), ("a b", "is empty, or has a space, a colon or a character beyond ASCII")],
)
def test_the_stack_s_own_user_is_held_against_it_too(user: str, fault: str) -> None:
    found = problems(IMPLICIT, twilioSipUsername=user, twilioSipPassword="short")
    short = "has fewer than 12 characters and no digit and no capital letter"
    assert [problem.message for problem in found] == [
        f'the config secret "twilioSipPassword" {short}; {TWELVE}',
        f'the config secret "twilioSipUsername" {fault}; {USER}',
    ]


def test_no_secret_stands_in_what_is_said() -> None:
    said = str(problems(IMPLICIT, twilioSipUsername="Canary User", twilioSipPassword="canary"))
    assert "anary" not in said and repr(plan_of(IMPLICIT)).count("Canary") == 0


def test_the_tag_of_a_trunk_must_fit_too() -> None:
    text = SHARED.replace("pool", "a-trunk-with-the-longest-name-that-may-be").replace("-may-be", "")
    with pytest.raises(InventoryError) as raised:
        plan_of(text.replace("    shared: true\n", ""), fleet="a-fleet-of-some-length/test")
    assert [(problem.rule, problem.line) for problem in raised.value.problems] == [("tag-too-long", 4)]
