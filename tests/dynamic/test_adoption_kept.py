"""What adoption leaves as it stands, and what of it is no drift."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import BOARD, GUARDED, A, B, file_of, inputs, line, live, seed
from tests.support.model_engine import Failed, State, Step
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


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


def test_an_outbound_trunk_keeps_how_it_spells_the_number_and_how_it_signs_in(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    seed(stack, [A])
    made = livekit.add_outbound_trunk(
        name="out", numbers=["16505550123"], address="sip.example.com", auth_username="u", auth_password="p"
    )

    stack.up(file_of(line("a", A).replace(", outbound: false", "")))

    (out,) = livekit.outbound_trunks()
    assert out == {**made, "metadata": "trunkline:acme/test/a#adopted"}


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


def test_a_number_that_stands_twice_in_two_spellings_stays_so(stack: Stack) -> None:
    seed(stack, ["1 650 555 0123", A])
    text = file_of(line("a", A))

    stack.up(text)

    assert live(stack)[0]["numbers"] == ["1 650 555 0123", A]
    assert stack.preview(text) == []
