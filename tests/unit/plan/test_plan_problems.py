"""What shows only when the plan is made: each problem with its place, and all of them at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.plan.inventories import IMPLICIT, SHARED, edited, plan_of
from trunkline.errors import InventoryError

IMPLICIT_LINE = """\
  own:
    phone_number: "+442071234567"
    sip_address: sip.example.com
    auth_username: user
    auth_password: {secret: lineSecret}
    agent: support
"""


@pytest.mark.parametrize(
    ("text", "facts", "problems"),
    [
        pytest.param(
            IMPLICIT,
            {"fleet": "acme/" + "t" * 50},
            [("tag-too-long", 4)],
            id="a fleet's name too long for a tag",
        ),
        pytest.param(
            IMPLICIT,
            {"config_secrets": frozenset()},
            [("no-termination-credentials", 4)],
            id="calls out without a user at the carrier",
        ),
        pytest.param(
            SHARED,
            {"config_secrets": frozenset()},
            [("missing-config-secret", 8)],
            id="a secret that is not set",
        ),
        pytest.param(
            SHARED + IMPLICIT_LINE,
            {"config_secrets": frozenset()},
            [("missing-config-secret", 8), ("missing-config-secret", 17)],
            id="several at once, in the order of the file",
        ),
    ],
)
def test_a_problem_is_told_with_its_rule_and_place(
    text: str, facts: dict[str, Any], problems: list[tuple[str, int]]
) -> None:
    with pytest.raises(InventoryError) as caught:
        plan_of(text, **facts)
    assert [(problem.rule, problem.line) for problem in caught.value.problems] == problems


def test_calls_in_alone_need_no_user_at_the_carrier() -> None:
    text = edited(IMPLICIT, "agent: support}", "agent: support, outbound: false}")
    kinds = {spec.kind for spec in plan_of(text, config_secrets=frozenset()).resources}
    assert kinds == {"SipTrunk", "OriginationUrl", "InboundTrunk", "DispatchRule", "PhoneNumber"}


def test_a_login_that_many_lines_lack_is_told_once_at_the_first_of_them() -> None:
    text = IMPLICIT + "".join(
        f'  more-{each}: {{phone_number: "+4420712345{60 + each}", provider: twilio, agent: support}}\n'
        for each in range(3)
    )
    with pytest.raises(InventoryError) as caught:
        plan_of(text, config_secrets=frozenset())
    assert [(problem.rule, problem.line, problem.message) for problem in caught.value.problems] == [
        (
            "no-termination-credentials",
            5,
            'line "more-0" and 3 more make calls out, but their Twilio trunk has no user and password',
        )
    ]
