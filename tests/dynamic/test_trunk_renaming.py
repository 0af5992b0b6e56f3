"""A trunk under a new name is the same one: `renamed_from` keeps objects, numbers and calls; only tags are written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from tests.dynamic.fleets import file as of_stacks
from tests.dynamic.fleets import refusals, tags, two, writes_of
from tests.dynamic.test_sharing import NUMBERS, TRUNKS, Watched, answered
from tests.faults.interruption import AtWrite
from tests.support.model_engine import FLEET, Killed, State
from tests.support.world import SECRETS, Stack, World

PROVIDERS = ("twilio", "vonage", "custom")
LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
CARRIER = ("SipTrunk", "OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def file(provider: str, name: str = "tw", *, was: str = "", shared: bool = True, lines: str = "") -> str:
    """Two lines on a trunk of that name, or `lines`."""
    keys = TRUNKS[provider] + (", shared: true" if shared else "") + (f", renamed_from: {was}" if was else "")
    one, two = NUMBERS[provider][:2]
    return (
        "version: 1\nguard: {max_purchases: 5, max_releases: 3}\nagents: {support: {agent_name: support-agent}}\n"
        f"trunks:\n  {name}: {{{keys}}}\nnumbers:\n"
    ) + (
        lines
        or f'  one: {{phone_number: "{one}", trunk: {name}, agent: support}}\n'
        f'  two: {{phone_number: "{two}", trunk: {name}, agent: support}}\n'
    )


def ids(stack: Stack, name: str) -> dict[str, str]:
    """The ids of all objects, those of the trunk without its name."""
    return {key.removesuffix(f" {name}"): id_ for key, id_ in stack.ids().items() if not key.startswith("PhoneNumber")}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("shared", [True, False])
def test_a_trunk_is_renamed_in_place(world: World, stack: Stack, provider: str, shared: bool) -> None:
    stack.up(file(provider, shared=shared))
    before, charges, numbers = ids(stack, "tw"), len(world.sandbox.ledger.charges()), NUMBERS[provider][:2]
    watched = Watched(world, numbers)
    text = file(provider, "new", was="tw", shared=shared)

    stack.preview(text)
    stack.up(text, handle=watched)

    assert ids(stack, "new") == before
    assert watched.silent == []
    assert answered(world) == {number: ["support-agent"] for number in numbers}
    assert len(world.sandbox.ledger.charges()) == charges
    assert not [tag for tag in tags(world) if tag.endswith("trunk.tw")]
    assert stack.up(text) == []
    # `renamed_from` may go, the name may come back, and a lost state finds all of it.
    assert writes_of(stack, file(provider, "new", shared=shared)) == []
    stack.engine.state = State()
    assert writes_of(stack, file(provider, "new", shared=shared)) == []
    stack.up(file(provider, was="new", shared=shared))
    assert ids(stack, "tw") == before


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("shared", [True, False])
def test_the_preview_of_a_renaming_makes_and_deletes_nothing(stack: Stack, provider: str, shared: bool) -> None:
    stack.up(file(provider, shared=shared))

    steps = stack.preview(file(provider, "new", was="tw", shared=shared))

    assert [step for step in steps if step.op != "update"] == []


def test_a_list_that_holds_a_rotated_password_is_renamed_with_its_trunk(world: World, stack: Stack) -> None:
    stack.up(file("twilio"))
    stack.engine.secrets = {**SECRETS, "twilioTermination": "Second-Password-2"}
    stack.up(file("twilio"))

    stack.up(file("twilio", "new", was="tw"))

    lists = [one.tag for one in world.process().adapter("CredentialList").list()]
    assert sorted(lists) == [f"trunkline:acme/test/trunk.new{plus}" for plus in ("", "+")]
    # Once the former name is forgotten, nothing takes the list for a leftover.
    for _ in range(2):
        stack.up(file("twilio", "new"))
    assert all(world.sandbox.can_call_out(one["sip_trunk_id"]) for one in world.sandbox.livekit.outbound_trunks())
    assert stack.up(file("twilio", "new")) == []


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("on", [True, False])
def test_a_trunk_is_renamed_while_sharing_begins_or_ends(world: World, stack: Stack, provider: str, on: bool) -> None:
    lines = f'  one: {{phone_number: "{NUMBERS[provider][0]}", trunk: %s, agent: support}}\n'
    stack.up(file(provider, shared=not on, lines=lines % "tw"))
    before = {id_ for key, id_ in stack.ids().items() if key.split()[0] in (*LIVEKIT, *CARRIER)}
    watched = Watched(world, NUMBERS[provider][:1])
    text = file(provider, "new", was="tw", shared=on, lines=lines % "new")

    stack.up(text, handle=watched)

    assert {id_ for key, id_ in stack.ids().items() if key.split()[0] in (*LIVEKIT, *CARRIER)} == before
    assert watched.silent == []
    assert stack.up(text) == []


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("write", range(6))
@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_a_renaming_that_is_killed_is_finished(
    world: World, stack: Stack, provider: str, write: int, lost: bool
) -> None:
    stack.up(file(provider))
    before = ids(stack, "tw")
    text = file(provider, "new", was="tw")
    with suppress(Killed):
        stack.up(text, handle=AtWrite(write, after=_kill))
    if lost:
        stack.engine.state = State()

    stack.up(text)

    assert ids(stack, "new") == before
    assert stack.up(text) == []


def test_lines_and_their_trunk_are_renamed_together(world: World, stack: Stack) -> None:
    stack.up(file("custom"))
    before = ids(stack, "tw")
    one, two = NUMBERS["custom"][:2]
    text = file(
        "custom",
        "new",
        was="tw",
        lines=f'  dos: {{phone_number: "{two}", trunk: new, agent: support, renamed_from: two}}\n'
        f'  uno: {{phone_number: "{one}", trunk: new, agent: support, renamed_from: one}}\n',
    )

    stack.up(text)

    assert ids(stack, "new") == before
    assert stack.up(text) == []


@pytest.mark.parametrize(
    ("provider", "shared", "said"),
    [
        ("twilio", True, 'which is trunk "tw" of this stack'),
        ("twilio", False, 'which is trunk "tw" of this stack'),
        ("custom", True, "If the trunk has a new name, write `renamed_from: tw` on it"),
    ],
)
def test_a_new_name_alone_is_refused_and_says_the_key(
    world: World, stack: Stack, provider: str, shared: bool, said: str
) -> None:
    stack.up(file(provider, shared=shared))
    ended = ids(stack, "tw")

    reasons = refusals(stack, file(provider, "new", shared=shared))

    assert any(said in reason and "renamed_from: tw" in reason for reason in reasons)
    assert ids(stack, "tw") == ended


def test_a_borrowed_trunk_is_found_before_and_after_its_owner_renames_it(world: World) -> None:
    a, b = two(world, "acme/")
    line = '{{provider: twilio, phone_number: "{}", agent: support, trunk: {}}}'
    head = of_stacks().partition("numbers:")[0]
    texts = {
        name: of_stacks(
            head=head.replace("  tw:\n", f"  {name}:\n{was}"),
            one=f"a: {line.format('+16505551234', name)}",
            two=f"b: {line.format('+16505551235', name)}",
        )
        for name, was in (("tw", ""), ("new", "    renamed_from: tw\n"))
    }
    a.up(texts["tw"])
    b.up(texts["tw"])

    assert writes_of(b, texts["new"]) == []
    a.up(texts["new"])

    assert writes_of(b, texts["new"]) == []
    assert (b.preview(texts["new"]), a.preview(texts["new"])) == ([], [])


def test_a_rotated_password_is_known_under_the_new_name(world: World, stack: Stack) -> None:
    stack.up(file("twilio"))
    for _ in range(2):
        stack.engine.secrets = {**stack.engine.secrets, "twilioTermination": "Canary-Termination-5"}
        stack.up(file("twilio"))
    stack.up(file("twilio", "new", was="tw"))
    stack.up(file("twilio", "new"))
    stack.engine.secrets = {**stack.engine.secrets, "twilioTermination": "Canary-Termination-6"}
    for _ in range(2):
        stack.up(file("twilio", "new"))

    assert not [tag for tag in tags(world) if "trunk.tw" in tag]
    assert len(world.sandbox.twilio.store.table("credentials")) == 1
    assert stack.up(file("twilio", "new")) == []


def test_a_rotated_password_is_known_under_the_new_name_where_the_state_is_lost_too(world: World, stack: Stack) -> None:
    stack.up(file("twilio"))
    stack.engine.secrets = {**SECRETS, "twilioTermination": "Second-Password-2"}
    stack.up(file("twilio"))
    ids = sorted(stack.ids().values())
    stack.engine.state = State()

    stack.up(file("twilio", "new", was="tw"))

    assert sorted(stack.ids().values()) == ids
    lists = [one.tag for one in world.process().adapter("CredentialList").list()]
    assert sorted(lists) == [f"trunkline:acme/test/trunk.new{plus}" for plus in ("", "+")]
    assert len(world.sandbox.twilio.store.table("credentials")) == 1
    assert [step.key for step in stack.up(file("twilio", "new"))] == [FLEET]


def _kill(*_: Any) -> None:
    raise Killed
