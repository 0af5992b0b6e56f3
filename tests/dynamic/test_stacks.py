"""Several stacks of one file: what belongs to a sibling's line is left alone, in any order and from any commit."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.fleets import FAR, HEAD, NEAR, OFFICE, ONE, TWO, file, refusals, tags, two, writes_of
from tests.dynamic.inventories import having
from tests.support.model_engine import Failed, State
from tests.support.world import Stack, World

# Two stacks under one name, and two stacks each under its own.
FLEETS = pytest.mark.parametrize("fleet", ["acme/fleet", "acme/"])
OWNED_A = ["CredentialList", "OriginationUrl", "SipTrunk"]
CARRIED = ["DispatchRule", "InboundTrunk", "OutboundTrunk", "PhoneNumber"]


@pytest.fixture
def world() -> World:
    return World()


def scopes(fleet: str) -> tuple[str, str]:
    return (f"{fleet}a", f"{fleet}b") if fleet.endswith("/") else (f"{fleet}/a", f"{fleet}/b")


@FLEETS
def test_each_stack_s_tags_name_it_and_a_borrowed_trunk_is_found_by_its_owner_s(world: World, fleet: str) -> None:
    (a, b), (of_a, of_b) = two(world, fleet), scopes(fleet)
    both = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(both)
    b.up(both)

    assert tags(world) == {f"{of_a}/trunk.tw": OWNED_A, f"{of_a}/one": CARRIED, f"{of_b}/two": CARRIED}
    records = [world.sandbox.twilio.number(number) for number in ("+16505551234", "+16505551235")]
    (trunk,) = {record["trunk_sid"] for record in records if record}
    assert b.engine.state.resources["Fleet", "fleet"].outputs["borrowedSids"] == {"tw": trunk}


@FLEETS
def test_a_stack_whose_commit_lacks_a_sibling_s_line_leaves_it_alone(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    older, newer = (
        file(one=f"a: {ONE}", two=f"b: {TWO}"),
        file(one=f"a: {ONE}", office=f"a: {OFFICE}", two=f"b: {TWO}"),
    )
    a.up(older)
    b.up(older)
    a.up(newer)
    before = tags(world)

    for _ in range(3):
        assert writes_of(b, older) == []

    assert tags(world) == before
    assert writes_of(a, newer) == []


@FLEETS
def test_a_stack_whose_commit_lacks_a_sibling_s_trunk_leaves_it_alone(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    both = file(one=f"a: {ONE}", office=f"b: {OFFICE}")
    a.up(both)
    before = tags(world)
    older = file(head="version: 1\nagents: {support: {agent_name: support-agent}}\n", office=f"b: {OFFICE}")
    for _ in range(3):
        b.up(older)

    assert tags(world) == before | tags(world)
    assert writes_of(a, both) == []


@FLEETS
def test_destroying_a_stack_leaves_its_sibling_whole(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    both = file(one=f"a: {ONE}", two=f"b: {TWO}", office=f"a: {OFFICE}", far=f"b: {FAR}")
    a.up(both)
    b.up(both)
    ids = a.ids()
    b.up(
        file(
            one=f"a: {ONE}",
            two=f"b: {having(TWO, 'removal: release')}",
            office=f"a: {OFFICE}",
            far=f"b: {having(FAR, 'removal: release')}",
        )
    )

    b.destroy()

    assert {tag.rpartition("/")[2] for tag in tags(world)} == {"trunk.tw", "one", "office"}
    assert len(world.sandbox.ledger.releases()) == 2
    assert writes_of(a, both) == []
    assert a.ids() == ids


def test_a_borrowed_trunk_that_is_not_there_says_which_tags_were_looked_for(world: World) -> None:
    _, b = two(world, "acme/")

    (reason,) = refusals(b, file(one=f"a: {ONE}", two=f"b: {TWO}"))

    assert reason == (
        'numbers.yaml:5: trunk "tw" is owned by stack a and is not there yet; run `pulumi up --stack a` first. Looked'
        " for a SIP trunk tagged trunkline:acme/a/trunk.tw or trunkline:acme/b/a/trunk.tw or trunkline:acme/b/trunk.tw"
    )


def test_a_borrowed_trunk_whose_stack_was_renamed_is_not_said_to_be_missing(world: World) -> None:
    a, b = two(world, "acme/")
    text = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(text)
    b.up(text)
    (trunk,) = world.process().adapter("SipTrunk").list()

    (reason,) = refusals(b, text.replace("owner: a", "owner: west").replace("[a]", "[west]"))

    assert reason == (
        f'numbers.yaml:5: trunk "tw" is owned by stack west, which has none there, but SipTrunk {trunk.id} at its'
        " domain is tagged trunkline:acme/a/trunk.tw. Nothing was changed. If the stack that made it was renamed,"
        " rename it back: others look for its trunk under its name; else correct the `owner`. Looked for a SIP trunk"
        " tagged trunkline:acme/west/trunk.tw or trunkline:acme/b/west/trunk.tw or trunkline:acme/b/trunk.tw"
    )


def test_two_trunks_that_may_be_the_borrowed_one_are_refused_with_their_ids(world: World) -> None:
    a, b = two(world)
    text = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(text)
    other = Stack(world, name="fleet", fleet="acme/fleet")
    other.up(file(head=HEAD.replace("acme-us", "acme-other").replace("owner: a", "owner: fleet"), x=f"fleet: {NEAR}"))

    (reason,) = refusals(b, text)

    assert 'trunk "tw" is owned by another stack, and several may be it: TK' in reason
    assert "(trunkline:acme/fleet/a/trunk.tw)" in reason
    assert "(trunkline:acme/fleet/trunk.tw)" in reason


def test_a_borrowed_trunk_whose_domain_the_borrower_cannot_know_is_refused_with_the_domain(world: World) -> None:
    a, b = two(world, "acme/")
    head = HEAD.replace("    domain_name: acme-us.pstn.twilio.com\n", "")
    a.up(file(head=head, one=f"a: {ONE}", two=f"b: {TWO}"))
    domain = a.engine.state.resources["SipTrunk", "tw"].inputs["domainName"]

    (reason,) = refusals(b, file(head=head, one=f"a: {ONE}", two=f"b: {TWO}"))
    assert f'trunk "tw" has the domain {domain} in the stack that owns it' in reason
    told = file(head=HEAD.replace("acme-us.pstn.twilio.com", domain), one=f"a: {ONE}", two=f"b: {TWO}")
    b.up(told)

    assert b.engine.state.resources["OutboundTrunk", "two"].inputs["address"] == domain
    assert writes_of(a, told) == []
    # A line that makes no calls out needs no domain.
    quiet = file(head=head, one=f"a: {ONE}", two=f"b: {having(TWO, 'outbound: false')}")
    Stack(world, name="b", fleet="acme/b").preview(quiet)


@FLEETS
def test_a_carrier_trunk_stays_with_the_stack_that_made_it(world: World, fleet: str) -> None:
    (a, b), (of_a, _) = two(world, fleet), scopes(fleet)
    text = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(text)
    b.up(text)

    (reason,) = refusals(b, text.replace("owner: a", "owner: b"))

    assert reason.startswith('numbers.yaml:5: trunk "tw" has the domain acme-us.pstn.twilio.com of SipTrunk TK')
    assert f'which belongs to trunk "tw" of fleet "{of_a}"' in reason


def test_a_number_that_a_sibling_claims_and_has_not_bought_yet_is_not_chosen(world: World) -> None:
    a, b = two(world, "acme/")
    only = NEAR.replace("area_code: 650", 'contains: "6505551236"')
    text = file(one=f"a: {ONE}", near=f"a, b: {only}")
    a.up(file(one=f"a: {ONE}"))
    world.sandbox.faults.add(
        Fault("status", vendor="twilio", method="POST", path="IncomingPhoneNumbers", status=400, times=1)
    )
    with pytest.raises(Failed):
        a.up(text)

    assert "twilio offers no further number for the search" in refusals(b, text)[0]
    a.up(text)

    assert a.engine.state.resources["PhoneNumber", "near"].id == "+16505551236"


def test_a_number_with_a_sibling_s_tag_alone_is_not_adopted_either(world: World) -> None:
    a, _ = two(world)
    world.sandbox.twilio.add_number("+16505551234", friendly_name="trunkline:acme/fleet/b/line")

    (reason,) = refusals(a, file(line=f"a: {having(ONE, 'adopt: true')}"))

    assert 'already and belongs to line "line" of fleet "acme/fleet/b"' in reason


@FLEETS
@pytest.mark.parametrize("line", [NEAR, FAR], ids=["twilio", "vonage"])
def test_a_searched_line_of_two_stacks_has_a_number_in_each(world: World, fleet: str, line: str) -> None:
    a, b = two(world, fleet)
    text = file(near=f"a, b: {line}", out=f"a: {ONE}")
    a.up(text)
    b.up(text)
    numbers = {charge.number for charge in world.sandbox.ledger.charges()}
    assert len(numbers) == len(world.sandbox.ledger.charges()) == 3
    for stack in (a, b):
        stack.engine.state = State()
        assert writes_of(stack, text) == []
    held = {stack.engine.state.resources["Fleet", "fleet"].inputs["lines"]["near"]["phoneNumber"] for stack in (a, b)}
    assert held == numbers - {"+16505551234"}


@FLEETS
def test_a_trunk_s_route_stays_when_its_owner_is_said_to_be_another_stack(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    both = file(one=f"a: {ONE}", two=f"b: {TWO}")
    a.up(both)
    b.up(both)
    before = tags(world)

    told, *_ = refusals(a, both.replace("owner: a", "owner: b"))

    assert 'trunk "tw" is no longer this stack\'s in numbers.yaml' in told
    assert "+16505551234, +16505551235. Nothing was changed" in told
    assert tags(world) == before
    assert a.preview(both) == []


def test_a_trunk_that_carries_somebody_s_number_does_not_lose_its_route_with_the_last_line(world: World) -> None:
    a, _ = two(world, "acme/")
    a.up(file(one=f"a: {having(ONE, 'removal: release')}"))
    (trunk,) = world.process().adapter("SipTrunk").list()
    world.sandbox.twilio.add_number("+16505551239", trunk_sid=trunk.id)

    (told,) = refusals(a, file(head=HEAD[: HEAD.index("trunks:")], office=f"a: {OFFICE}"))

    assert f"SipTrunk {trunk.id} carries +16505551239" in told


@FLEETS
def test_the_owner_of_a_trunk_gives_up_its_last_line_and_keeps_the_trunk(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    a.up(file(one=f"a: {ONE}", two=f"b: {TWO}"))
    b.up(file(one=f"a: {ONE}", two=f"b: {TWO}"))
    a.up(file(one=f"a: {having(ONE, 'removal: release')}", two=f"b: {TWO}"))
    left = file(two=f"b: {TWO}")

    a.up(left)

    assert [release.number for release in world.sandbox.ledger.releases()] == ["+16505551234"]
    assert {tag.rpartition("/")[2]: kinds for tag, kinds in tags(world).items()} == {
        "trunk.tw": OWNED_A,
        "two": CARRIED,
    }
    assert writes_of(a, left) == writes_of(b, left) == []
    # Both ways on: a line comes again, or the trunk's last user leaves it and the owner ends.
    a.preview(file(near=f"a: {NEAR}", two=f"b: {TWO}"))
    b.up(file(two=f"b: {having(TWO, 'removal: release')}"))
    b.destroy()
    a.destroy()
    assert tags(world) == {}
