"""What adoption leaves as it stands, what it shows of it, and what it puts back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from tests.dynamic.test_adoption_limits import A, B, file_of, line, seed
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed, State, Step
from tests.support.world import Stack, World

GUARDED: dict[str, Any] = {
    "auth_username": "u",
    "auth_password": "p",
    "allowed_addresses": ["203.0.113.0/28"],
    "allowed_numbers": ["+16505550111"],
    "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
    "krisp_enabled": True,
}
BOARD = {
    "name": "board room",
    "rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}},
    "attributes": {"tenant": "7"},
    "room_config": {"agents": [{"agent_name": "desk-agent", "metadata": "plain text"}, {"agent_name": "scribe"}]},
}


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def live(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the only inbound trunk and the only rule."""
    livekit = stack.world.sandbox.livekit
    (trunk,), (rule,) = livekit.inbound_trunks(), livekit.dispatch_rules()
    return dict(trunk), dict(rule)


def inputs(stack: Stack, kind: str) -> dict[str, Any]:
    return stack.engine.state.resources[kind, "a"].inputs


def test_what_the_file_does_not_name_stays_and_is_no_drift_also_after_a_lost_state(stack: Stack) -> None:
    seed(stack, [A], BOARD, **GUARDED)
    trunk, rule = live(stack)
    text = file_of(line("a", A))

    stack.up(text)
    adopted = live(stack)
    mark = stack.world.sandbox.journal.mark()
    again = stack.preview(text)
    stack.engine.state = State()
    stack.up(text)

    tag = "trunkline:acme/test/a#adopted"
    assert adopted == ({**trunk, "metadata": tag}, {**rule, "name": tag})
    assert again == []
    assert stack.world.sandbox.journal.writes(mark) == []
    assert inputs(stack, "InboundTrunk")["allowedNumbers"] == ["+16505550111"]


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


def test_a_change_by_hand_of_what_the_file_does_not_name_is_no_drift_and_one_of_what_it_names_is(stack: Stack) -> None:
    trunk = seed(stack, [A])
    text = file_of(line("a", A, ", krisp_enabled: false"))
    stack.up(text)
    livekit = stack.world.sandbox.livekit
    livekit.edit_trunk(trunk, allowed_numbers=["+16505550111"], krisp_enabled=True)

    assert stack.up(text) == [Step("update", ("InboundTrunk", "a"), ("krispEnabled",))]

    (after,) = livekit.inbound_trunks()
    assert after["allowed_numbers"] == ["+16505550111"]
    assert "krisp_enabled" not in after
    assert inputs(stack, "InboundTrunk")["allowedNumbers"] == ["+16505550111"]


def test_a_number_that_was_added_by_hand_to_an_adopted_trunk_is_not_taken_out(stack: Stack) -> None:
    trunk = seed(stack, [A])
    stack.up(file_of(line("a", A)))
    stack.world.sandbox.livekit.edit_trunk(trunk, numbers=[A, B])

    stack.up(file_of(line("a", A, ", krisp_enabled: true")))

    assert live(stack)[0]["numbers"] == [A, B]


def test_a_number_whose_line_goes_leaves_the_shared_trunk_that_was_adopted(stack: Stack) -> None:
    seed(stack, [A, B])
    both = file_of(line("a", A), line("b", B, ", removal: keep"), trunk=", shared: true")
    stack.up(both)

    stack.up(file_of(line("a", A), trunk=", shared: true"))

    assert live(stack)[0]["numbers"] == [A]


def test_other_agents_of_an_adopted_rule_stay_when_the_line_gets_another_agent(stack: Stack) -> None:
    seed(stack, [A], BOARD)
    stack.up(file_of(line("a", A)))

    stack.up(file_of(line("a", A)).replace("desk-agent", "night-agent"))

    agents = live(stack)[1]["room_config"]["agents"]
    assert agents == [{"agent_name": "night-agent"}, {"agent_name": "scribe"}]


def test_a_single_other_agent_is_replaced_and_shown(stack: Stack) -> None:
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "former", "metadata": "m"}]}})

    stack.up(file_of(line("a", A)))

    assert live(stack)[1]["room_config"]["agents"] == [{"agent_name": "desk-agent"}]
    assert any("agents: former (metadata m) => desk-agent" in notice for notice in stack.world.notices)


def test_the_metadata_of_the_agent_is_ours_where_the_file_names_it(stack: Stack) -> None:
    seed(stack, [A], BOARD)

    stack.up(file_of(line("a", A), agent=", metadata: {tier: gold}"))

    agents = live(stack)[1]["room_config"]["agents"]
    assert agents == [{"agent_name": "desk-agent", "metadata": '{"tier":"gold"}'}, {"agent_name": "scribe"}]


def test_a_rule_by_the_number_called_keeps_its_form(stack: Stack) -> None:
    form = {"dispatch_rule_callee": {"room_prefix": "number-", "randomize": True}}
    seed(stack, [A], {"rule": form})

    stack.up(file_of(line("a", A)))

    assert live(stack)[1]["rule"] == form


def test_an_encryption_in_the_deprecated_field_stays_there(stack: Stack) -> None:
    seed(stack, [A], media_encryption="SIP_MEDIA_ENCRYPT_REQUIRE")

    stack.up(file_of(line("a", A, ", krisp_enabled: true")))

    trunk = live(stack)[0]
    assert trunk["media_encryption"] == "SIP_MEDIA_ENCRYPT_REQUIRE"
    assert "media" not in trunk


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


def test_an_outbound_trunk_keeps_how_it_spells_the_number_and_how_it_signs_in(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    seed(stack, [A])
    made = livekit.add_outbound_trunk(
        name="out", numbers=["16505550123"], address="sip.example.com", auth_username="u", auth_password="p"
    )

    stack.up(file_of(line("a", A).replace(", outbound: false", "")))

    (out,) = livekit.outbound_trunks()
    assert out == {**made, "metadata": "trunkline:acme/test/a#adopted"}


def test_keep_puts_back_the_names_that_the_tag_and_the_label_replaced(stack: Stack) -> None:
    seed(stack, [A], BOARD, metadata="their words", **GUARDED)
    before = live(stack)
    stack.up(file_of(line("a", A, ", label: Board")))
    stack.up(file_of(line("a", A, ", label: Board, removal: keep")))

    stack.up(file_of("{}").replace("numbers:\n  {}", "numbers: {}"))

    assert live(stack) == before


def test_taking_adopt_off_is_an_edit_that_shows_what_was_and_becomes(stack: Stack) -> None:
    seed(stack, [A], krisp_enabled=True, max_call_duration="60s")
    stack.up(file_of(line("a", A)))

    steps = stack.up(file_of(line("a", A).replace(", adopt: true", "")))

    assert ("InboundTrunk", "a") in [step.key for step in steps]
    (changed,) = (step.changed for step in steps if step.key[0] == "InboundTrunk")
    assert {"krispEnabled", "maxCallDuration"} <= set(changed)
    assert "krisp_enabled" not in live(stack)[0]


def test_a_trunk_that_changed_since_it_was_listed_is_left_as_it_is(stack: Stack) -> None:
    trunk = seed(stack, [A])
    livekit = stack.world.sandbox.livekit

    def meanwhile(sandbox: Any, request: Any) -> Any:
        if "UpdateSIP" in request.path:
            raise AssertionError("nothing may be written")
        answer = sandbox.handle(request)
        # Just after the inbound trunks were listed.
        if request.path.endswith("/ListSIPOutboundTrunk"):
            livekit.edit_trunk(trunk, numbers=[A, B])
        return answer

    with pytest.raises(Failed, match=rf"InboundTrunk {trunk} serves \{B} by now"):
        stack.up(file_of(line("a", A)), handle=meanwhile)


def test_a_line_that_the_last_version_adopted_goes_on_without_a_write(stack: Stack) -> None:
    seed(stack, [A])
    text = file_of(line("a", A))
    stack.up(text)
    for recorded in stack.engine.state.resources.values():
        for props in (recorded.inputs, recorded.outputs):
            for name in ("unmanaged", "named", "formerLabels", "adopting"):
                props.pop(name, None)
    mark = stack.world.sandbox.journal.mark()

    assert stack.up(text) == []
    assert stack.world.sandbox.journal.writes(mark) == []


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


def test_an_adoption_that_failed_half_way_and_is_taken_back_leaves_the_trunk_as_it_was(stack: Stack) -> None:
    seed(stack, [A], BOARD, metadata="their words", **GUARDED)
    before = live(stack)

    def fails(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("/UpdateSIPDispatchRule"):
            return sandbox.handle(replace(request, path="/twirp/livekit.SIP/Nothing"))
        return sandbox.handle(request)

    with pytest.raises(Failed):
        stack.up(file_of(line("a", A)), handle=fails)
    assert live(stack) != before

    stack.up("version: 1\nnumbers: {}\n")

    assert live(stack) == before


@pytest.mark.parametrize("checkpoints", [False, True], ids=["saved at the end", "saved at each step"])
@pytest.mark.parametrize("write", range(3))
def test_what_a_killed_run_adopted_is_not_swept_when_the_edit_is_reverted(write: int, checkpoints: bool) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    seed(stack, [A], BOARD, **GUARDED)
    livekit = stack.world.sandbox.livekit
    livekit.add_outbound_trunk(name="out", numbers=[A], address="sip.example.com")
    there = [{**one} for one in (*livekit.inbound_trunks(), *livekit.outbound_trunks(), *livekit.dispatch_rules())]

    def dies() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file_of(line("a", A).replace(", outbound: false", "")), handle=AtWrite(write, after=dies))
    for _ in range(3):
        # Where the line was saved as finished its removal is refused.
        with suppress(Failed):
            stack.up(file_of().replace("numbers:", "numbers: {}"))

    left = (*livekit.inbound_trunks(), *livekit.outbound_trunks(), *livekit.dispatch_rules())
    labels = {"metadata", "name"}
    assert [{key: one[key] for key in one.keys() - labels} for one in left] == [
        {key: one[key] for key in one.keys() - labels} for one in there
    ]


def test_released_is_also_what_was_adopted(stack: Stack) -> None:
    seed(stack, [A])
    stack.up(file_of(line("a", A)))
    stack.up(file_of(line("a", A, ", removal: release")))

    stack.up("version: 1\nnumbers: {}\n")

    livekit = stack.world.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.dispatch_rules()) == ((), ())
