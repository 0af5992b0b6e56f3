"""A secret in the variable of something that is shown: what differs from the record is told without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.dynamic import lacking
from sandbox.credentials import OTHER_TWILIO, OTHER_VONAGE, TWILIO, VONAGE
from tests.dynamic.inventories import ALL, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World, site
from trunkline.errors import Refusal
from trunkline.inventory import parse
from trunkline.plan import compile_plan
from trunkline.redaction import Redaction

NOT_SHOWN = "something that is no account of this carrier's; it may be a secret, and is not shown"
MISPLACED = [
    ("twilio", TWILIO.auth_token),
    ("twilio", "sandboxTwilioApiSecret0000000001"),
    ("vonage", VONAGE.api_secret),
    ("vonage", "Abcdefg1"),  # as short as a secret of theirs may be
]


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(inventory(ALL))
    return made


@pytest.mark.parametrize(("vendor", "secret"), MISPLACED)
def test_one_in_the_place_of_the_account_is_refused_and_not_shown(stack: Stack, vendor: str, secret: str) -> None:
    known = site(stack.name, stack.fleet)
    where = replace(known, accounts={**known.accounts, vendor: secret})
    plan = compile_plan(parse(inventory(ALL), "numbers.yaml").for_stack(stack.name), where)
    with pytest.raises(Failed) as failure:
        stack.engine.up(plan, stack.world.process())
    (told,) = failure.value.messages
    assert (secret in told, f"says {NOT_SHOWN}. Nothing was changed." in told) == (False, True)


@pytest.mark.parametrize(("vendor", "secret"), MISPLACED)
def test_so_it_is_where_an_object_is_of_another_account(stack: Stack, vendor: str, secret: str) -> None:
    run = stack.world.process()
    run = replace(run, vendors=replace(run.vendors, accounts={**run.vendors.accounts, vendor: secret}))
    with pytest.raises(Refusal) as refusal:
        run.demand_account(site().accounts[vendor], secret, "PhoneNumber +16505551234")
    told = str(refusal.value)
    assert (secret in told, f"but the credentials are for {NOT_SHOWN}. Nothing was changed." in told) == (False, True)


def test_another_account_is_named_and_another_host_too() -> None:
    hide = Redaction.of(())
    told = [
        lacking.account_told(*each, hide) for each in (("twilio", OTHER_TWILIO.sid), ("vonage", OTHER_VONAGE.api_key))
    ]
    assert told == [OTHER_TWILIO.sid, OTHER_VONAGE.api_key]
    assert lacking.account_told("livekit", "acme.livekit.cloud", hide) == "acme.livekit.cloud"
