"""What a preview shows of what is to be adopted."""

from __future__ import annotations

import pytest

from tests.dynamic.adopted import BOARD, GUARDED, A, file_of, line, live, seed
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def test_what_others_named_in_several_lines_is_shown_in_one(stack: Stack) -> None:
    named = {**BOARD, "name": "board\n\nroom", "room_config": {"agents": [{"agent_name": "x\n    tag: y"}]}}
    seed(stack, [A], named)

    stack.preview(file_of(line("a", A)))
    (of_rule,) = (notice for notice in stack.world.notices if "DispatchRule" in notice)
    (rule,) = (one for one in live(stack) if "sip_dispatch_rule_id" in one)
    id = rule["sip_dispatch_rule_id"]
    assert of_rule.splitlines()[1:4] == [
        "    agents: x\\n    tag: y => desk-agent",
        "    tag: board\\n\\nroom => trunkline:acme/test/a",
        f'    rule {id} "board\\n\\nroom" answered them: x\\n    tag: y, in the one room "board", with a PIN',
    ]


def test_a_preview_shows_what_each_property_was_and_becomes(stack: Stack) -> None:
    seed(stack, [A], BOARD, **GUARDED)

    stack.preview(file_of(line("a", A, ", krisp_enabled: false, label: Board")))
    (told,) = (notice for notice in stack.world.notices if "InboundTrunk" in notice)
    (of_rule,) = (notice for notice in stack.world.notices if "DispatchRule" in notice)
    stack.up(file_of(line("a", A, ", krisp_enabled: false, label: Board")))
    shown = stack.engine.state.resources["Fleet", "fleet"].inputs["adopting"]["a"]

    trunk, rule = live(stack)
    assert told.splitlines() == [
        f'"a" adopts InboundTrunk {trunk["sip_trunk_id"]}:',
        "    krispEnabled: true => false",
        "    name: by hand => Board",
        "    tag: (none) => trunkline:acme/test/a",
        "    stays: allowedAddresses 203.0.113.0/28; allowedNumbers +16505550111; authPassword (set); authUsername u;"
        " mediaEncryption require; numbers +16505550123",
    ]
    assert of_rule.splitlines() == [
        f'"a" adopts DispatchRule {rule["sip_dispatch_rule_id"]}:',
        "    tag: board room => trunkline:acme/test/a",
        f'    rule {rule["sip_dispatch_rule_id"]} "board room" answered them: desk-agent, scribe, in the one room'
        ' "board", with a PIN',
        '    stays: agents desk-agent (metadata plain text), scribe; attributes {"tenant": "7"}; pin (set); room the'
        f' one room "board", with a PIN; trunkIds {trunk["sip_trunk_id"]}',
    ]
    assert shown[f"InboundTrunk {trunk['sip_trunk_id']}"] == {
        "allowedAddresses": "203.0.113.0/28 (stays)",
        "allowedNumbers": "+16505550111 (stays)",
        "authPassword": "(set) (stays)",
        "authUsername": "u (stays)",
        "headers": "(none) (stays)",
        "krispEnabled": "true => false",
        "maxCallDuration": "0 (stays)",
        "mediaEncryption": "require (stays)",
        "name": "by hand => Board",
        "numbers": "+16505550123 (stays)",
        "ringingTimeout": "0 (stays)",
        "tag": "(none) => trunkline:acme/test/a",
    }
    assert stack.preview(file_of(line("a", A, ", krisp_enabled: false, label: Board"))) == []


def test_no_secret_of_an_adopted_object_is_recorded_or_shown(stack: Stack) -> None:
    seed(stack, [A], BOARD, **{**GUARDED, "auth_password": "canary-inbound"})

    stack.up(file_of(line("a", A)))
    stack.up(file_of(line("a", A)))

    everything = f"{stack.engine.state} {stack.world.notices}"
    assert "canary-inbound" not in everything
    assert "4711" not in everything


@pytest.mark.parametrize(
    ("pin", "shown"),
    [
        ("4711", None),
        ('"4712"', "pin: (set) => (another)"),
        ("{secret: twilioSipPassword}", "pin: (set) => (the config secret)"),
    ],
)
def test_a_pin_that_becomes_another_is_shown_as_that(stack: Stack, pin: str, shown: str | None) -> None:
    seed(stack, [A], {"rule": {"dispatch_rule_individual": {"room_prefix": "call-", "pin": "4711"}}})

    text = file_of(line("a", A), agent=f", pin: {pin if shown else repr(pin)}")
    stack.preview(text)

    (told,) = (notice for notice in stack.world.notices if "adopts DispatchRule" in notice)
    assert [row.strip() for row in told.splitlines() if "pin:" in row] == ([shown] if shown else [])
    assert ("pin (set)" in told) == (shown is None)
    assert "4712" not in told


def test_a_single_other_agent_is_replaced_and_shown(stack: Stack) -> None:
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "former", "metadata": "m"}]}})

    stack.up(file_of(line("a", A)))

    assert live(stack)[1]["room_config"]["agents"] == [{"agent_name": "desk-agent"}]
    assert any("agents: former (metadata m) => desk-agent" in notice for notice in stack.world.notices)


def test_a_rule_for_all_trunks_stays_and_the_preview_tells_that_the_line_gets_its_own(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    livekit.add_inbound_trunk(name="by hand", numbers=[A])
    every = livekit.add_dispatch_rule(
        name="all",
        rule={"dispatch_rule_individual": {"room_prefix": "all-"}},
        room_config={"agents": [{"agent_name": "everybody"}]},
    )

    stack.up(file_of(line("a", A)))

    rules = {rule["sip_dispatch_rule_id"]: rule for rule in livekit.dispatch_rules()}
    assert rules[every["sip_dispatch_rule_id"]] == every
    assert len(rules) == 2
    (told,) = (notice for notice in stack.world.notices if "DispatchRule (new)" in notice)
    assert told.splitlines()[1:] == [
        "    made: (none) => its trunk has no rule of its own, so one is made",
        f'    rule {every["sip_dispatch_rule_id"]} "all" answered them: everybody, in a room of its own, "all-…", for'
        " every trunk",
    ]


def test_a_room_that_changes_its_form_is_shown_in_words(stack: Stack) -> None:
    seed(stack, [A], {"rule": {"dispatch_rule_direct": {"room_name": "board"}}})

    stack.up(file_of(line("a", A), agent=", room_prefix: desk-"))

    assert live(stack)[1]["rule"] == {"dispatch_rule_individual": {"room_prefix": "desk-"}}
    told = "\n".join(stack.world.notices)
    assert 'room: the one room "board" => a room of its own, "desk-…"' in told


def test_a_host_in_capitals_is_the_same_host(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    seed(stack, [A])
    made = livekit.add_outbound_trunk(name="out", numbers=[A], address="SIP.Example.com")

    stack.up(file_of(line("a", A).replace(", outbound: false", "")))

    assert [out["sip_trunk_id"] for out in livekit.outbound_trunks()] == [made["sip_trunk_id"]]
    assert any(f"adopts OutboundTrunk {made['sip_trunk_id']}" in notice for notice in stack.world.notices)
