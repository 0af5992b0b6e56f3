"""What a carrier is known to demand is refused before the first write: papers of a purchase, what blocks a release."""

from __future__ import annotations

import re

import pytest

from sandbox.twilio.settings import TwilioSettings
from tests.dynamic.inventories import BOUGHT, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

BERLIN, MOBILE, NUMBER = "+493023456789", "+447400123456", "+16505551234"
ADDRESS = f'{{provider: twilio, phone_number: "{BERLIN}", agent: sales}}'
BUNDLE = f'{{provider: twilio, phone_number: "{MOBILE}", agent: sales}}'
SEARCHED = "{provider: twilio, search: {country: GB, type: mobile}, agent: sales}"
REGULATIONS = "/v2/RegulatoryCompliance/Regulations"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    return Stack(world)


_NUMBER = re.compile(r"\+\d{7,}")


def refusals(stack: Stack, text: str) -> list[str]:
    """Preview and run `up`, which must be refused alike and without a write; give the reasons.

    What a search finds is another number each time.
    """
    before = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as previewed:
        stack.preview(text)
    with pytest.raises(Failed) as failure:
        stack.up(text)
    alike = [[_NUMBER.sub("+…", each) for each in run.value.messages] for run in (previewed, failure)]
    assert alike[0] == alike[1]
    assert stack.world.sandbox.journal.writes(before) == []
    return failure.value.messages


def asked(world: World, path: str) -> int:
    return sum(path in entry.path for entry in world.sandbox.journal.entries())


def test_a_number_that_needs_an_address_is_refused_without_one(stack: Stack) -> None:
    assert refusals(stack, inventory({"x": ADDRESS})) == [
        f'numbers.yaml:19: line "x": {BERLIN} cannot be bought as it stands: Twilio sells local numbers of DE with an'
        " address in that country alone. Write `address_sid` on the line, with the SID (AD…) of such an address of your"
        " account"
    ]


def test_an_address_in_the_wrong_country_or_account_is_refused(stack: Stack) -> None:
    abroad, missing = stack.world.sandbox.twilio.add_address("US")["sid"], "AD" + 32 * "0"
    [wrong] = refusals(stack, inventory({"x": having(ADDRESS, f"address_sid: {abroad}")}))
    [absent] = refusals(stack, inventory({"x": having(ADDRESS, f"address_sid: {missing}")}))
    assert f"alone, and {abroad} is in US." in wrong
    assert f"the account has no address {missing}." in absent


def test_with_the_address_the_number_is_bought(stack: Stack) -> None:
    address = stack.world.sandbox.twilio.add_address("DE")["sid"]
    stack.up(inventory({"x": having(ADDRESS, f"address_sid: {address}")}))
    assert stack.world.sandbox.twilio.numbers() == (BERLIN,)


@pytest.mark.parametrize("line", [BUNDLE, SEARCHED])
def test_a_number_that_needs_a_bundle_is_refused_without_one(stack: Stack, line: str) -> None:
    [reason] = refusals(stack, inventory({"x": line}))
    assert "Twilio sells mobile numbers of GB with a regulatory bundle alone. Write `bundle_sid` on the line" in reason


@pytest.mark.parametrize("status", ["draft", "pending-review", "in-review", "twilio-rejected"])
def test_a_bundle_that_is_not_approved_is_refused(stack: Stack, status: str) -> None:
    bundle = stack.world.sandbox.twilio.add_bundle(status, country="GB", type="mobile")["sid"]
    [reason] = refusals(stack, inventory({"x": having(BUNDLE, f"bundle_sid: {bundle}")}))
    assert f"bundle {bundle} is {status}, and Twilio sells mobile numbers of GB with an approved one alone" in reason


def test_a_bundle_of_another_kind_or_account_is_refused(stack: Stack) -> None:
    twilio, missing = stack.world.sandbox.twilio, "BU" + 32 * "0"
    other = twilio.add_bundle(country="DE", type="mobile")["sid"]
    [wrong] = refusals(stack, inventory({"x": having(BUNDLE, f"bundle_sid: {other}")}))
    [absent] = refusals(stack, inventory({"x": having(BUNDLE, f"bundle_sid: {missing}")}))
    assert f"bundle {other} is for another kind of number than mobile numbers of GB" in wrong
    assert f"the account has no bundle {missing}." in absent


def test_with_an_approved_bundle_the_number_is_bought(stack: Stack) -> None:
    bundle = stack.world.sandbox.twilio.add_bundle(country="GB", type="mobile")["sid"]
    stack.up(inventory({"x": having(BUNDLE, f"bundle_sid: {bundle}")}))
    assert stack.world.sandbox.twilio.numbers() == (MOBILE,)


def test_twilio_is_asked_once_for_each_kind_and_only_where_something_is_bought(world: World, stack: Stack) -> None:
    lines = {"a": BOUGHT, "b": BOUGHT.replace("1234", "1235")}
    stack.up(inventory(lines))
    assert asked(world, REGULATIONS) == 1
    stack.up(inventory(lines))
    assert asked(world, REGULATIONS) == 1


def test_credentials_that_may_not_read_regulations_stop_nothing(world: World, stack: Stack) -> None:
    def deny(sandbox: object, request: object) -> object:
        from sandbox.twilio.errors import of_status

        path = getattr(request, "path", "")
        return of_status(403).response() if path.startswith(REGULATIONS) else sandbox.handle(request)  # type: ignore[attr-defined]

    stack.up(inventory({"x": BOUGHT}), handle=deny)
    assert world.sandbox.twilio.numbers() == (NUMBER,)


MARKED = having(BOUGHT, "removal: release")
CLEARED = having(MARKED, "clear_emergency_address: true")
BLOCKED = "emergency address {} is attached to it"


def with_emergency_address(stack: Stack) -> str:
    """Attach an emergency address to the number, by hand; give its SID."""
    twilio = stack.world.sandbox.twilio
    address: str = twilio.add_address("US", emergency=True)["sid"]
    twilio.edit_number(NUMBER, emergency_address_sid=address, emergency_status="Active")
    return address


def test_a_mark_whose_release_would_fail_is_refused(stack: Stack) -> None:
    stack.up(inventory({"x": BOUGHT}))
    address = with_emergency_address(stack)
    assert refusals(stack, inventory({"x": MARKED})) == [
        f'numbers.yaml:19: line "x": it is marked for release, and {NUMBER} cannot be released: emergency address'
        f" {address} is attached to it. Add `clear_emergency_address: true`, which takes it off before the release;"
        " or take it off at twilio"
    ]


def test_the_mark_takes_the_address_off_just_before_the_release(stack: Stack) -> None:
    stack.up(inventory({"x": BOUGHT}))
    address = with_emergency_address(stack)
    stack.up(inventory({"x": CLEARED}))
    number = stack.world.sandbox.twilio.number(NUMBER)
    assert number is not None and number["emergency_address_sid"] == address
    stack.up(inventory({}))
    assert stack.world.sandbox.twilio.numbers() == ()


def test_an_address_that_came_after_the_mark_is_told_and_the_removal_refused(stack: Stack) -> None:
    stack.up(inventory({"x": BOUGHT}))
    stack.up(inventory({"x": MARKED}))
    address = with_emergency_address(stack)
    stack.world.notices.clear()
    stack.up(inventory({"x": MARKED}))
    assert [notice for notice in stack.world.notices if address in notice] == [
        f'{NUMBER} of line "x", which is marked for release, cannot be released: emergency address {address} is'
        " attached to it. Add `clear_emergency_address: true` to it."
    ]
    [reason] = refusals(stack, inventory({}))
    blocked = BLOCKED.format(address)
    assert reason.startswith(f'numbers.yaml:18: line "x" ({NUMBER}) cannot be released: {blocked}. Put the line back')
    stack.up(inventory({"x": CLEARED}))
    stack.up(inventory({}))
    assert stack.world.sandbox.twilio.numbers() == ()


def test_destroy_leaves_a_number_whose_address_nobody_gave_up(stack: Stack) -> None:
    stack.up(inventory({"x": BOUGHT}))
    stack.up(inventory({"x": MARKED}))
    with_emergency_address(stack)
    with pytest.raises(Failed) as failure:
        stack.destroy()
    assert f"{NUMBER} of line x was not released, since emergency address" in failure.value.messages[0]
    assert stack.world.sandbox.twilio.numbers() == (NUMBER,)


def test_a_clear_that_is_not_followed_by_its_release_is_finished_by_the_next_run(stack: Stack) -> None:
    stack.up(inventory({"x": BOUGHT}))
    with_emergency_address(stack)
    stack.up(inventory({"x": CLEARED}))
    stack.world.sandbox.twilio.edit_number(NUMBER, emergency_address_sid=None, emergency_status="Inactive")
    stack.up(inventory({}))
    assert stack.world.sandbox.twilio.numbers() == ()


def test_the_settings_of_the_sandbox_are_what_twilio_says(world: World) -> None:
    """Another rule at the vendor is another refusal here: nothing about countries is written down."""
    world.sandbox.twilio.settings = TwilioSettings(bundles=frozenset({("US", "local")}), address_requirements={})
    [reason] = refusals(Stack(world), inventory({"x": BOUGHT}))
    assert "Twilio sells local numbers of US with a regulatory bundle alone" in reason


def fill(world: World, trunks: int) -> None:
    """Let the account have so many trunks of somebody else."""
    twilio = world.process().vendors.adapters["SipTrunk"]
    for index in range(trunks):
        twilio.create({"tag": f"old {index}", "domainName": "", "secure": False, "transferMode": "disable-all"})


def test_no_trunk_is_made_beyond_the_account_s_limit(world: World, stack: Stack) -> None:
    fill(world, 100)
    [reason] = refusals(stack, inventory({"x": BOUGHT}))
    assert reason.startswith(
        "numbers.yaml:13: the account has 100 objects of kind SipTrunk, and 1 more are to be made for trunk"
        ' "twilio-us"; by its vendor\'s documents it may have 100.'
    )


def test_the_last_trunk_of_an_account_can_be_made(world: World, stack: Stack) -> None:
    fill(world, 99)
    stack.up(inventory({"x": BOUGHT}))
    stack.up(inventory({"x": BOUGHT}))
    assert world.sandbox.twilio.numbers() == (NUMBER,)


def test_an_account_that_has_more_was_allowed_more() -> None:
    world = World(twilio=TwilioSettings(most_trunks=200))
    fill(world, 101)
    Stack(world).up(inventory({"x": BOUGHT}))
    assert world.sandbox.twilio.numbers() == (NUMBER,)


def test_a_trunk_with_all_its_ways_takes_no_other(world: World, stack: Stack) -> None:
    adapters = world.process().vendors.adapters
    made = {"tag": "theirs", "domainName": "acme-us.pstn.twilio.com", "secure": False, "transferMode": "disable-all"}
    trunk = adapters["SipTrunk"].create(made).id
    for index in range(10):
        world.sandbox.twilio.add_origination_url(trunk, f"sip:host{index}.example.com", enabled=False)
    text = inventory({"x": BOUGHT}).replace(
        "    auth_password: {secret: twilioTermination}\n",
        "    auth_password: {secret: twilioTermination}\n    adopt: true\n",
    )
    reasons = refusals(stack, text)
    assert [
        reason for reason in reasons if f"SipTrunk {trunk} has 10 of the 10 origination URLs that it may have" in reason
    ]
