"""A part of an account: whole groups, and who comes along."""

from __future__ import annotations

import pytest

from tests.dump.account import Account
from tests.dump.proof import hold
from trunkline.dump import Holdings, compose, pick

DESK = {"room_config": {"agents": [{"agent_name": "desk-agent"}]}}
SALES = {"room_config": {"agents": [{"agent_name": "sales"}]}}
A, B, C, D = "+33199001001", "+33199001002", "+33199001003", "+16505551234"


@pytest.fixture(scope="module")
def held() -> Holdings:
    account = Account(0)
    account.world.sandbox.twilio.add_number(D, trunk_sid=account.twilio())
    account.inbound([A, B], rule=DESK, name="pbx")
    account.inbound([C], rule=SALES, name="solo")
    account.inbound([D], rule=SALES, name="front")
    return hold(account.world)


@pytest.mark.parametrize(
    ("providers", "patterns", "lines", "along"),
    [
        ((), (), (A, B, C, D), ()),
        ((), ("+33*1",), (A, B), (B,)),
        ((), ("pbx",), (A, B), ()),
        ((), ("sales",), (C, D), ()),
        (("twilio",), (), (D,), ()),
        (("custom",), ("sales",), (C,), ()),
        (("twilio",), (A,), (), ()),
    ],
)
def test_groups_are_taken_whole(
    held: Holdings,
    providers: tuple[str, ...],
    patterns: tuple[str, ...],
    lines: tuple[str, ...],
    along: tuple[str, ...],
) -> None:
    part, beside = pick(held, providers, patterns)

    assert {line.keys["phone_number"] for line in compose(part).lines} == set(lines)
    assert beside == along
    assert compose(part).left_out == ()


def test_what_shares_a_rule_is_one_group() -> None:
    account = Account(0)
    account.rule([account.inbound([A], ruled=False), account.inbound([B], ruled=False)])

    part, along = pick(hold(account.world), (), (A,))

    assert ({one.what for one in compose(part).left_out}, along) == ({A, B}, (B,))
