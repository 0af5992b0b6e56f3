"""`shared:` is switched on and off in place: ids are kept, nothing fails half-way, and each number is in one trunk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

TRUNKS = {
    "twilio": "provider: twilio, domain_name: acme-us.pstn.twilio.com, auth_username: livekit,"
    " auth_password: {secret: twilioTermination}",
    "vonage": "provider: vonage",
    "custom": "provider: custom, sip_address: sip.provider.com",
}
NUMBERS = {
    "twilio": ("+16505551234", "+16505551235", "+16505551236"),
    "vonage": ("+447400123456", "+447400123501", "+447400123502"),
    "custom": ("+442071234567", "+442071234568", "+442071234569"),
}
CARRIERS = ("twilio", "vonage")
LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")


def file(provider: str, count: int, *, shared: bool, more: str = "", apart: tuple[str, ...] = ()) -> str:
    """An inventory of `count` lines on one trunk; those `apart` are on a trunk of their own."""
    rows = [
        f'  {name}: {{phone_number: "{number}", trunk: {"other" if name in apart else "tw"}, agent: support{more}}}\n'
        for name, number in list(zip(("one", "two", "three"), NUMBERS[provider], strict=True))[:count]
    ]
    other = TRUNKS[provider].replace("acme-us", "acme-other")
    return (
        "version: 1\nguard: {max_purchases: 5, max_releases: 3}\nagents:\n  support: {agent_name: support-agent}\n"
        f"trunks:\n  tw: {{{TRUNKS[provider]}{', shared: true' if shared else ''}}}\n  other: {{{other}}}\n"
        f"numbers:\n{''.join(rows)}"
    )


def livekit_ids(stack: Stack) -> dict[str, set[str]]:
    return {kind: {id_ for name, id_ in stack.ids().items() if name.startswith(f"{kind} ")} for kind in LIVEKIT}


def answered(world: World) -> dict[str, list[str]]:
    """Give number -> the agents that a call to it reaches: by its one trunk and the rules of that."""
    livekit = world.sandbox.livekit
    reach: dict[str, list[str]] = {}
    for trunk in livekit.inbound_trunks():
        for number in trunk["numbers"]:
            reach.setdefault(number, []).extend(
                agent["agent_name"]
                for rule in livekit.dispatch_rules()
                if trunk["sip_trunk_id"] in rule["trunk_ids"]
                for agent in rule["room_config"]["agents"]
            )
    return reach


class Watched:
    """The sandbox, asked after every write which numbers reach no agent."""

    def __init__(self, world: World, numbers: tuple[str, ...]) -> None:
        self.world, self.numbers = world, numbers
        self.silent: list[str] = []

    def __call__(self, sandbox: Any, request: Any) -> Any:
        answer = sandbox.handle(request)
        vendor = next(each for each in sandbox.vendors if each.owns(request.path))
        if vendor.is_write(request):
            reach = answered(self.world)
            self.silent += [number for number in self.numbers if not reach.get(number)]
        return answer


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_trunk_comes_to_be_shared_with_the_first_lines_ids(
    world: World, stack: Stack, provider: str, count: int
) -> None:
    stack.up(file(provider, count, shared=False))
    ids, charges = stack.ids(), len(world.sandbox.ledger.charges())
    watched = Watched(world, NUMBERS[provider][:count])

    stack.up(file(provider, count, shared=True), handle=watched)

    assert livekit_ids(stack) == {kind: {ids[f"{kind} one"]} for kind in LIVEKIT}
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:count]}
    # Each number but the first is in no trunk for one write: LiveKit lets it stand in one only.
    assert watched.silent == list(NUMBERS[provider][1:count])
    assert len(world.sandbox.livekit.dispatch_rules()) == len(world.sandbox.livekit.outbound_trunks()) == 1
    assert len(world.sandbox.ledger.charges()) == charges
    assert stack.up(file(provider, count, shared=True)) == []


@pytest.mark.parametrize("provider", [*CARRIERS, "custom"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_shared_trunk_comes_to_be_the_first_lines_with_its_ids(
    world: World, stack: Stack, provider: str, count: int
) -> None:
    stack.up(file(provider, count, shared=True))
    ids, charges = livekit_ids(stack), len(world.sandbox.ledger.charges())
    watched = Watched(world, NUMBERS[provider][:count])

    stack.up(file(provider, count, shared=False), handle=watched)

    assert {stack.ids()[f"{kind} one"] for kind in LIVEKIT} == set().union(*ids.values())
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:count]}
    # From the moment in which the shared trunk lets a number go to that in which its own rule stands.
    assert sorted(watched.silent) == [number for number in NUMBERS[provider][1:count] for _ in range(2)]
    assert len(world.sandbox.ledger.charges()) == charges
    assert stack.up(file(provider, count, shared=False)) == []


@pytest.mark.parametrize("provider", [*CARRIERS, "custom"])
def test_on_and_off_again_is_the_same_as_before(world: World, stack: Stack, provider: str) -> None:
    count = 1 if provider == "custom" else 2
    stack.up(file(provider, count, shared=False))
    first = {name: id_ for name, id_ in stack.ids().items() if name.endswith(" one")}

    stack.up(file(provider, count, shared=True))
    stack.up(file(provider, count, shared=False))

    assert {name: id_ for name, id_ in stack.ids().items() if name.endswith(" one")} == first
    assert stack.up(file(provider, count, shared=False)) == []


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("on", [True, False])
def test_lines_that_only_call_out_are_switched_too(world: World, stack: Stack, provider: str, on: bool) -> None:
    more = ", inbound: false"
    stack.up(file(provider, 2, shared=not on, more=more))
    before = set(stack.ids().values())

    stack.up(file(provider, 2, shared=on, more=more))

    trunks = world.sandbox.livekit.outbound_trunks()
    assert len(trunks) == (1 if on else 2)
    assert {trunk["sip_trunk_id"] for trunk in trunks} & before
    assert stack.up(file(provider, 2, shared=on, more=more)) == []


@pytest.mark.parametrize("provider", [*CARRIERS, "custom"])
@pytest.mark.parametrize("kind", ["a new line is the first", "all are renamed"])
def test_sharing_ends_where_the_first_line_is_new_or_renamed(
    world: World, stack: Stack, provider: str, kind: str
) -> None:
    stack.up(file(provider, 2, shared=True))
    text = file(provider, 2, shared=False)
    if kind == "all are renamed":
        # Under the new names the second line comes first.
        text = text.replace("one: {", "uno: {renamed_from: one, ").replace("two: {", "dos: {renamed_from: two, ")
    else:
        text += f'  aaa: {{phone_number: "{NUMBERS[provider][2]}", trunk: tw, agent: support}}\n'

    stack.preview(text)
    stack.up(text)

    numbers = NUMBERS[provider][: 2 if kind == "all are renamed" else 3]
    assert answered(world) == {number: ["support-agent"] for number in numbers}
    assert len(world.sandbox.livekit.outbound_trunks()) == len(numbers)
    assert stack.up(text) == []


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("joins", [True, False])
def test_a_line_joins_and_leaves_a_trunk_that_others_share(
    world: World, stack: Stack, provider: str, joins: bool
) -> None:
    apart, together = (file(provider, 3, shared=True, apart=each) for each in (("two",), ()))
    first, then = (apart, together) if joins else (together, apart)
    stack.up(first)
    shared = {kind: stack.ids()[f"{kind} tw"] for kind in LIVEKIT}

    stack.up(then)

    assert {kind: stack.ids()[f"{kind} tw"] for kind in LIVEKIT} == shared
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider]}
    assert stack.up(then) == []


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("write", range(7))
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_a_switch_that_is_killed_at_a_write_is_finished(
    world: World, stack: Stack, provider: str, on: bool, write: int, after: bool
) -> None:
    stack.up(file(provider, 2, shared=not on))
    text = file(provider, 2, shared=on)
    try:
        stack.up(text, handle=AtWrite(write, **{"after" if after else "before": _kill}))
    except Killed:
        stack.up(text)

    stack.up(text)

    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:2]}
    count = 1 if on else 2
    livekit = world.sandbox.livekit
    objects = (livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules())
    assert [len(each) for each in objects] == [count, count, count]
    assert stack.up(text) == []


def test_what_moves_is_told_in_the_preview(world: World, stack: Stack) -> None:
    stack.up(file("vonage", 2, shared=False))
    trunk = stack.ids()["InboundTrunk two"]
    world.notices.clear()

    stack.preview(file("vonage", 2, shared=True))

    assert world.notices == [
        f'+447400123501 moves from LiveKit trunk {trunk} to that of trunk "tw". LiveKit lets a number stand in one'
        " trunk only, so calls to it are not answered between two requests."
    ]
    stack.up(file("vonage", 2, shared=True))
    shared, world.notices[:] = stack.ids()["InboundTrunk tw"], []

    stack.preview(file("vonage", 2, shared=False))

    assert world.notices == [
        f'+447400123501 moves from LiveKit trunk {shared} to that of line "two". LiveKit lets a number stand in one'
        " trunk only, so calls to it are not answered until the line's dispatch rule is made, right after."
    ]


def test_custom_lines_whose_rules_are_protected_are_refused_in_the_preview_and_the_steps_work(
    world: World, stack: Stack
) -> None:
    stack.up(file("custom", 2, shared=False))
    ids, mark = stack.ids(), world.sandbox.journal.mark()

    with pytest.raises(Failed) as failure:
        stack.preview(file("custom", 2, shared=True))
    with pytest.raises(Failed):
        stack.up(file("custom", 2, shared=True))

    assert len(failure.value.messages) == 1
    assert failure.value.messages[0].startswith('numbers.yaml:10: line "two" comes to share trunk "tw", so its own')
    assert world.sandbox.journal.writes(mark) == []

    lines = file("custom", 2, shared=False).splitlines(keepends=True)
    lines[-1] = lines[-1].replace("agent: support}", "agent: support, removal: release}")
    stack.up("".join(lines))
    stack.up(file("custom", 2, shared=True))

    assert livekit_ids(stack) == {kind: {ids[f"{kind} one"]} for kind in LIVEKIT}
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS["custom"][:2]}
    assert stack.up(file("custom", 2, shared=True)) == []


def _kill(*_: Any) -> None:
    raise Killed
