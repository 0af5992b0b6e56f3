"""Rules for some callers of an account: entries of a line's `callers`, or a reason why there is no line."""

from __future__ import annotations

import pytest

from tests.dump.account import INDIVIDUAL, Account
from tests.dump.proof import Dumped, but_for_tags
from trunkline.dump import Reason

DESK = {"name": "desk", "room_config": {"agents": [{"agent_name": "desk-agent"}]}, "rule": INDIVIDUAL}
GOLD = {"room_config": {"agents": [{"agent_name": "gold", "metadata": "vip"}]}}


@pytest.fixture
def account() -> Account:
    return Account(0)


def test_rules_for_some_callers_are_entries_of_the_line_and_stay_as_they_are(account: Account) -> None:
    trunk = account.inbound([account.at_twilio(account.twilio())], rule=DESK)
    account.rule([trunk], **GOLD, name="Key accounts", inbound_numbers=["+16505550111", "+16505550112"])
    account.rule([trunk], **{**DESK, "name": "7"}, inbound_numbers=["+16505550113"])
    before = but_for_tags(account.world)

    dumped = Dumped.of(account.world)
    (line,) = dumped.description.lines
    _, again = dumped.up()

    callers = {name: (entry["from"], entry["agent"]) for name, entry in line.keys["callers"].items()}
    assert callers == {
        "key-accounts": (["+16505550111", "+16505550112"], "gold"),
        "callers": (["+16505550113"], line.keys["agent"]),
    }
    assert (again, but_for_tags(account.world), dumped.description.left_out) == ([], before, ())


@pytest.mark.parametrize(
    "rules",
    [
        [{"inbound_numbers": ["16505550111"]}],
        [{"inbound_numbers": ["anonymous"]}],
        [{"inbound_numbers": ["+16505550111"], "attributes": {"tenant": "b"}}],
        [{"rule": {"dispatch_rule_individual": {"room_prefix": "call-", "pin": "1"}}}],
    ],
    ids=["without a plus", "no number", "other attributes", "by its PIN"],
)
def test_rules_that_no_entry_says_make_no_line(account: Account, rules: list[dict[str, object]]) -> None:
    trunk = account.inbound([account.pbx()], rule=DESK)
    for one in rules:
        account.rule([trunk], **{**GOLD, **one})

    description = Dumped.of(account.world).description

    assert (description.lines, [one.note.reason for one in description.left_out]) == ((), [Reason.SEVERAL_RULES])
