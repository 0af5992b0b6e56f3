"""Numbers move to other accounts of their carriers: first what they need is made there, then each is taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers import twilio, vonage
from providers.dynamic.runtime import Runtime
from sandbox.credentials import OTHER_TWILIO, OTHER_VONAGE
from tests.dynamic.inventories import inventory
from tests.support.model_engine import Options
from tests.support.sandbox_transport import SandboxTransport
from tests.support.world import Stack, World, site
from trunkline.inventory import parse
from trunkline.plan import compile_plan
from trunkline.secret import Secret
from trunkline.settings import AccountSettings

US, GB = "+16505551234", "+447400123456"
FILE = inventory(
    {
        "us": f'{{provider: twilio, phone_number: "{US}", agent: support}}',
        "gb": f'{{provider: vonage, phone_number: "{GB}", agent: support}}',
    },
    "version: 1\nagents: {support: {agent_name: support-agent}}\n",
)
ACCOUNTS = {"twilio": OTHER_TWILIO.sid, "vonage": OTHER_VONAGE.api_key}
FLAGS = pytest.mark.parametrize("refresh", [True, False], ids=["refreshed", "unrefreshed"])


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(FILE)
    return made


def process(world: World, *, allow: bool) -> Runtime:
    """A process with the credentials of the other accounts."""
    own = world.process(allow_account_change=allow)
    transport = SandboxTransport(world.sandbox, world.clock)
    at_twilio = twilio.connect(
        AccountSettings(
            account=OTHER_TWILIO.sid,
            user=OTHER_TWILIO.sid,
            password=Secret(OTHER_TWILIO.auth_token),
            base_url="http://localhost",
        ),
        own.policy,
        transport,
    )
    at_vonage = vonage.connect(
        AccountSettings(
            account=OTHER_VONAGE.api_key,
            user=OTHER_VONAGE.api_key,
            password=Secret(OTHER_VONAGE.api_secret),
            base_url="http://localhost",
        ),
        own.policy,
        transport,
    )
    vendors = replace(
        own.vendors,
        adapters={**own.vendors.adapters, **at_twilio.adapters},
        carriers={"twilio": at_twilio.carrier, "vonage": at_vonage.carrier},
        accounts={**own.vendors.accounts, **ACCOUNTS},
    )
    return replace(own, vendors=vendors)


def up(stack: Stack, *, allow: bool = True, refresh: bool = True) -> list[str]:
    """Update at the other accounts; give the writes, without ids."""
    known = site()
    where = replace(known, accounts={**known.accounts, **ACCOUNTS}, allow_account_change=allow)
    plan = compile_plan(parse(FILE, "numbers.yaml").for_stack(known.stack), where)
    journal = stack.world.sandbox.journal
    mark = journal.mark()
    stack.world.notices.clear()
    stack.engine.up(plan, process(stack.world, allow=allow), Options(refresh=refresh))
    return [entry.path for entry in journal.writes(mark)]


def transfer(stack: Stack) -> None:
    """Move the numbers to the other accounts, as somebody does in the consoles."""
    for number, vendor, account in (
        (US, stack.world.sandbox.twilio, OTHER_TWILIO.sid),
        (GB, stack.world.sandbox.vonage, OTHER_VONAGE.api_key),
    ):
        vendor.release_by_hand(number)
        vendor.add_number(number, account)


@FLAGS
def test_what_the_numbers_need_is_made_before_they_come_and_each_is_named(stack: Stack, refresh: bool) -> None:
    before = (stack.world.sandbox.twilio.number(US), stack.world.sandbox.vonage.number(GB))

    up(stack, refresh=refresh)

    assert (stack.world.sandbox.twilio.number(US), stack.world.sandbox.vonage.number(GB)) == before
    assert len(stack.world.sandbox.twilio.store.table("trunks")) == 2
    waits = (
        '{} of line "{}" is not in the new {} account. Move it there, and run `pulumi up` again before'
        " `trunkline:allowAccountChange` is taken out."
    )
    leaves = (
        "{} is another account from now on. What this stack made in the former one stays there as it is, and calls to a"
        " number go on until you move it to the new account; then run `pulumi up` again, and delete the rest there."
    )
    assert stack.world.notices == [
        waits.format(GB, "gb", "vonage"),
        waits.format(US, "us", "twilio"),
        leaves.format("twilio"),
        leaves.format("vonage"),
    ]


@FLAGS
def test_a_number_that_has_come_is_routed_by_one_write(stack: Stack, refresh: bool) -> None:
    up(stack, refresh=refresh)
    transfer(stack)
    ids, charges = stack.ids(), len(stack.world.sandbox.ledger.charges())

    written = up(stack, refresh=refresh)

    assert ["IncomingPhoneNumbers" in path or "number/update" in path for path in written] == [True, True]
    kept = {name: id_ for name, id_ in ids.items() if not name.startswith("PhoneNumber us")}
    assert stack.ids().items() >= kept.items()
    assert len(stack.world.sandbox.ledger.charges()) == charges
    recorded = [stack.engine.state.resources["PhoneNumber", name].outputs for name in ("us", "gb")]
    assert [(one["status"], one["account"]) for one in recorded] == [
        ("owned", OTHER_TWILIO.sid),
        ("owned", OTHER_VONAGE.api_key),
    ]
    assert up(stack, allow=False) == []
    assert stack.world.notices == []


@FLAGS
def test_numbers_that_are_there_before_are_taken_at_once(stack: Stack, refresh: bool) -> None:
    charges = len(stack.world.sandbox.ledger.charges())
    transfer(stack)
    up(stack, refresh=refresh)
    assert len(stack.world.sandbox.ledger.charges()) == charges
    assert up(stack, allow=False) == []


def test_the_former_accounts_keep_what_was_made_in_them(stack: Stack) -> None:
    tables = ("trunks", "origination_urls", "credential_lists", "credentials")
    before = {name: dict(stack.world.sandbox.twilio.store.table(name)) for name in tables}
    up(stack, refresh=False)
    now = {name: stack.world.sandbox.twilio.store.table(name) for name in tables}
    assert all(now[name].items() >= before[name].items() for name in tables)
