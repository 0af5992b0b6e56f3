"""A carrier's trunk that has another stack's numbers keeps its route and its credentials, whatever its owner does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from providers.dynamic import runtime
from providers.dynamic.resources import RESOURCES
from tests.dynamic.fleets import HEAD, NEAR, OFFICE, ONE, TWO, file, refusals, two, up_earlier, writes_of
from tests.dynamic.inventories import having
from tests.support.model_engine import Failed, State
from tests.support.world import SECRETS, Stack, World, site
from trunkline.errors import Refusal
from trunkline.inventory import parse
from trunkline.plan import Plan, compile_plan

FLEETS = pytest.mark.parametrize("fleet", ["acme/fleet", "acme/"])
PARTS = ("SipTrunk", "OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList")
BOTH = file(one=f"a: {ONE}", two=f"b: {TWO}")
MARKED = file(one=f"a: {having(ONE, 'removal: release')}", two=f"b: {TWO}")


@pytest.fixture
def world() -> World:
    return World()


def parts(world: World) -> dict[str, list[str]]:
    """The ids of what the trunk has at its carrier, by table."""
    names = ("trunks", "origination_urls", "credential_lists", "credentials", "trunk_lists")
    return {name: sorted(world.sandbox.twilio.store.table(name)) for name in names}


@FLEETS
@pytest.mark.parametrize("refresh", [True, False])
def test_destroying_the_owner_stops_before_the_trunk_s_first_part(world: World, fleet: str, refresh: bool) -> None:
    a, b = two(world, fleet)
    for stack, text in ((a, BOTH), (b, BOTH), (a, MARKED)):
        stack.up(text)
    before = parts(world)

    for _ in range(2):
        with pytest.raises(Failed, match=r"SipTrunk TK\w+ still carries \+16505551235, which this stack"):
            a.destroy(refresh=refresh)

    assert parts(world) == before
    assert writes_of(b, BOTH) == []
    # Its own line is gone, as it was marked; when the sibling's is too, so is the rest.
    assert [charge.number for charge in world.sandbox.ledger.releases()] == ["+16505551234"]
    b.up(BOTH.replace("two: {", "two: {removal: release, "))
    b.destroy()
    a.destroy(refresh=refresh)
    assert not any(parts(world).values())


@FLEETS
@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("known", [True, False], ids=["recorded with its trunk", "as older versions recorded it"])
def test_no_part_is_deleted_by_itself(world: World, fleet: str, kind: str, known: bool) -> None:
    a, b = two(world, fleet)
    a.up(BOTH)
    b.up(BOTH)
    before, recorded = parts(world), a.engine.state.resources[kind, "tw"]
    outputs: dict[str, Any] = dict(recorded.outputs)
    if not known and kind == "Credential":
        del outputs["trunkSid"]

    runtime.install(world.process())
    with pytest.raises(Refusal, match=r"\+16505551235, which this stack does not release"):
        RESOURCES[kind].provider_class().delete(recorded.id, outputs)

    assert parts(world) == before


@pytest.mark.parametrize("kind", ["CredentialList", "TrunkCredentialList"])
def test_nor_where_a_program_runs_that_this_part_has_left(world: World, kind: str) -> None:
    a, b = two(world, "acme/")
    a.up(BOTH)
    b.up(BOTH)
    before, recorded, process = parts(world), a.engine.state.resources[kind, "tw"], world.process()
    process.wanted = {"one": "+16505551234"}

    runtime.install(process)
    with pytest.raises(Refusal, match=r"\+16505551235, which this stack does not release"):
        RESOURCES[kind].provider_class().delete(recorded.id, recorded.outputs)

    assert parts(world) == before


def test_the_owner_s_own_number_counts_until_it_is_released(world: World) -> None:
    a, _ = two(world, "acme/")
    a.up(file(one=f"a: {ONE}"))
    with pytest.raises(Failed, match="protected"):
        a.destroy(ignore_protect=True)
    a.up(file(one=f"a: {having(ONE, 'removal: release')}"))

    a.destroy()

    assert not any(parts(world).values())


class _Bare(Stack):
    """A stack without the config secrets that stand in for a user and password which the file does not write."""

    def plan(self, text: str, *, retag: bool = False) -> Plan:
        known = {name: SECRETS[name] for name in ("twilioTermination", "vonageApiSecret")}
        bare = replace(site(self.name, self.fleet), config_secrets=frozenset(known), secrets={})
        return compile_plan(parse(text, "numbers.yaml").for_stack(self.name), bare)


def test_credentials_with_which_a_sibling_calls_out_are_not_taken_off(world: World) -> None:
    a, b = (_Bare(world, name=name, fleet=f"acme/{name}") for name in ("a", "b"))
    a.up(BOTH)
    b.up(BOTH)
    head = HEAD.replace("    auth_username: livekit\n    auth_password: {secret: twilioTermination}\n", "")
    before = parts(world)

    (told,) = refusals(a, file(head=head, one=f"a: {having(ONE, 'outbound: false')}", two=f"b: {TWO}"))

    assert 'trunk "tw" has no user and password any more, but other stacks call out over SipTrunk TK' in told
    assert "as +16505551235. Nothing was changed" in told
    assert parts(world) == before
    # Where nobody calls out any more they go.
    quiet = {"one": f"a: {having(ONE, 'outbound: false')}", "two": f"b: {having(TWO, 'outbound: false')}"}
    b.up(file(**quiet))
    a.up(file(head=head, **quiet))
    assert parts(world)["credentials"] == parts(world)["trunk_lists"] == []
    assert writes_of(a, file(head=head, **quiet)) == []


@FLEETS
def test_a_line_s_password_is_rotated_beside_a_sibling_s(world: World, fleet: str) -> None:
    a, b = two(world, fleet)
    a.up(BOTH)
    b.up(BOTH)
    for stack in (a, b):
        stack.engine.secrets = {**stack.engine.secrets, "twilioTermination": "Canary-Termination-4"}

    for stack in (a, b, a):
        stack.up(BOTH)

    assert len(parts(world)["credentials"]) == 1
    assert writes_of(a, BOTH) == writes_of(b, BOTH) == []
    # Nor does a stack write whose state is lost then.
    b.engine.state = State()
    assert writes_of(b, BOTH) == []


@pytest.mark.parametrize(("fleet", "earlier"), [("acme/fleet", False), ("acme/", False), ("acme/fleet", True)])
def test_no_password_is_written_with_which_the_trunk_s_owner_does_not_call_out(
    world: World, fleet: str, earlier: bool
) -> None:
    """Neither a new one before the owner has it, nor an old one of an older commit once that has gone."""
    a, b = two(world, fleet)
    for stack in (a, b):
        (up_earlier if earlier else Stack.up)(stack, BOTH)
    borrower, owner = (fleet, fleet) if earlier else (f"{fleet.rstrip('/')}/{one.name}" for one in (b, a))
    old, new = a.engine.secrets, {**a.engine.secrets, "twilioTermination": "Canary-Termination-4"}
    b.engine.secrets = new

    (reason,) = refusals(b, BOTH)
    assert reason == (
        f'line "two" of fleet "{borrower}" would call out over acme-us.pstn.twilio.com with a user or password with'
        f" which no line of the trunk's owner, {owner}, calls out: its calls would be refused. Nothing was changed."
        " Where they are new, run `pulumi up` there first; otherwise take the newest commit of numbers.yaml, and that"
        " stack's secret."
    )
    a.engine.secrets = new
    for stack in (a, b, a):
        stack.up(BOTH)
    b.engine.secrets = old
    assert refusals(b, BOTH) == [reason]
    more = BOTH + file(head="", near=f"b: {NEAR}").removeprefix("numbers:\n")
    assert len(refusals(b, more)) == 1

    assert len(parts(world)["credentials"]) == 1
    assert all(world.sandbox.can_call_out(one["sip_trunk_id"]) for one in world.sandbox.livekit.outbound_trunks())


NEW = {**SECRETS, "twilioTermination": "Canary-Termination-4"}


def test_its_own_older_lines_are_no_witness_for_a_borrower(world: World) -> None:
    """Under a shared name: neither where the owner calls out with something else, nor where it has no such line."""
    a, b = two(world)
    for stack in (a, b):
        up_earlier(stack, file(one=f"a: {having(ONE, 'outbound: false')}", two=f"b: {TWO}"))
    quiet = file(one=f"a: {having(ONE, 'outbound: false')}", two=f"b: {TWO}", near=f"b: {NEAR}")
    for stack in (a, b):
        stack.engine.secrets = NEW
        stack.up(quiet)
    assert writes_of(b, quiet) == []

    a.engine.secrets = {**SECRETS, "twilioTermination": "Canary-Termination-5"}
    spoken = quiet + file(head="", far=f"a: {NEAR}").removeprefix("numbers:\n")
    a.up(spoken)

    (reason,) = refusals(b, spoken + file(head="", next=f"b: {NEAR}").removeprefix("numbers:\n"))
    assert 'line "next" of fleet "acme/fleet/b" would call out over acme-us.pstn.twilio.com with a user' in reason


def test_another_borrower_s_line_is_no_witness(world: World) -> None:
    a, b = two(world)
    c = Stack(world, name="c", fleet="acme/fleet")
    text = file(one=f"a: {having(ONE, 'outbound: false')}", two=f"b: {TWO}", near=f"c: {NEAR}")
    for stack in (a, b, c):
        up_earlier(stack, text)
        stack.engine.secrets = NEW

    for stack in (a, b, c):
        stack.up(text)

    assert [writes_of(stack, text) for stack in (b, c)] == [[], []]
    assert {one["auth_password"] for one in world.sandbox.livekit.outbound_trunks()} == {"Canary-Termination-4"}


def test_a_rotated_credential_is_taken_back_and_retagged_too(world: World) -> None:
    a, b = two(world)
    for stack in (a, b):
        up_earlier(stack, BOTH)
    a.engine.secrets = b.engine.secrets = {**SECRETS, "twilioTermination": "Second-Password-2"}
    for stack in (a, b, a):
        stack.up(BOTH)
    ids = a.ids()
    a.engine.state = State()

    a.up(BOTH, retag=True)

    assert a.ids() == ids
    lists = [one.tag for one in world.process().adapter("CredentialList").list()]
    assert sorted(lists) == [f"trunkline:acme/fleet/a/trunk.tw{plus}" for plus in ("", "+")]
    assert len(world.sandbox.twilio.store.table("credentials")) == 1
    assert writes_of(a, BOTH) == []


def test_an_owner_without_a_line_that_calls_out_cannot_tell(world: World) -> None:
    a, b = two(world)
    quiet = file(one=f"a: {having(ONE, 'outbound: false')}", two=f"b: {TWO}")
    a.up(quiet)
    b.up(quiet)
    b.engine.secrets = {**b.engine.secrets, "twilioTermination": "Canary-Termination-4"}

    assert writes_of(b, quiet) != []


def test_a_trunk_of_one_stack_goes_with_its_last_line(world: World) -> None:
    stack = Stack(world, name="a", fleet="acme/a")
    stack.up(file(one=f"a: {having(ONE, 'removal: release')}", office=f"a: {OFFICE}"))

    stack.up(file(head=HEAD[: HEAD.index("trunks:")], office=f"a: {OFFICE}"))

    assert not any(parts(world).values())
