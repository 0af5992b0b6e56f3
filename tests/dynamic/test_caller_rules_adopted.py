"""Rules for some callers that somebody made by hand, and a line's `callers` that adopt them, or do not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import A, file_of, line, refusal, seed
from tests.dynamic.neighbourhood import recorded, said
from tests.support.model_engine import Failed, State
from tests.support.world import Stack, World

PARTNER, OTHER = "+16505550111", "+16505550112"
AGENTS = "  gold: {agent_name: gold-agent}\n"
GOLD: dict[str, Any] = {
    "name": "partners",
    "rule": {"dispatch_rule_individual": {"room_prefix": "gold-"}},
    "room_config": {"agents": [{"agent_name": "gold-agent", "metadata": "theirs"}]},
}


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def text(*callers: str, more: str = "") -> str:
    listed = ", ".join(f'"{one}"' for one in callers)
    said = f", callers: {{vip: {{from: [{listed}], agent: gold}}}}" if callers else ""
    return file_of(line("a", A, said + more)).replace(
        "agents: {desk: {agent_name: desk-agent}}",
        "agents: {desk: {agent_name: desk-agent}, gold: {agent_name: gold-agent}}",
    )


def given(stack: Stack, *callers: str, **more: Any) -> dict[str, str]:
    """Make a trunk with a rule for all, and one for some; give what each is called -> its id."""
    trunk = seed(stack, [A], {"room_config": {"agents": [{"agent_name": "desk-agent"}]}})
    stack.world.sandbox.livekit.add_dispatch_rule(
        **{**GOLD, "trunk_ids": [trunk], "inbound_numbers": list(callers), **more}
    )
    return {one["name"]: one["sip_dispatch_rule_id"] for one in stack.world.sandbox.livekit.dispatch_rules()}


def there(stack: Stack) -> dict[str, tuple[str, list[str], list[tuple[str, str]]]]:
    """Give id -> tag, callers, and who is called with what."""
    return {
        one["sip_dispatch_rule_id"]: (
            one["name"],
            list(one.get("inbound_numbers", ())),
            [(agent["agent_name"], agent.get("metadata", "")) for agent in one["room_config"]["agents"]],
        )
        for one in stack.world.sandbox.livekit.dispatch_rules()
    }


def test_an_entry_adopts_the_rule_for_just_its_callers_and_the_line_that_for_all_others(stack: Stack) -> None:
    ids = given(stack, PARTNER, OTHER)
    stack.up(text(OTHER, PARTNER))
    adopted = there(stack)
    stack.world.sandbox.journal.clear()
    silent = (stack.preview(text(OTHER, PARTNER)), stack.up(text(OTHER, PARTNER)), stack.world.writes())
    tag = "trunkline:acme/test/a"
    assert adopted == {
        ids["r"]: (f"{tag}#adopted", [], [("desk-agent", "")]),
        ids["partners"]: (f"{tag}+vip#adopted", [PARTNER, OTHER], [("gold-agent", "theirs")]),
    }
    assert silent == ([], [], [])
    stack.engine.state = State()
    stack.up(text(OTHER, PARTNER))
    assert there(stack) == adopted


def test_what_is_adopted_is_shown_before(stack: Stack) -> None:
    ids = given(stack, PARTNER)
    stack.world.notices.clear()
    stack.preview(text(PARTNER))
    told = "\n".join(stack.world.notices)
    assert f'"a" adopts CallerRule {ids["partners"]}:' in told
    assert f'"a" adopts DispatchRule {ids["r"]}:' in told


@pytest.mark.parametrize("id", ["SDR_000000000000", "SDR_zzzzzzzzzzzz"])
def test_a_rule_that_an_entry_adopts_is_not_taken_for_the_lines_wherever_it_stands_in_the_list(
    stack: Stack, id: str
) -> None:
    """To empty its callers, as of a line's own rule that answers some alone, would give it every call."""
    given(stack, PARTNER, sip_dispatch_rule_id=id)
    first_lines = [one.splitlines()[0] for one in said(stack, text(PARTNER))]
    assert [one for one in first_lines if " adopts " not in one] == []
    stack.up(text(PARTNER))
    assert recorded(stack) == []


def test_an_entry_for_which_there_is_no_rule_gets_one_beside_the_adopted(stack: Stack) -> None:
    seed(stack, [A])
    stack.up(text(PARTNER))
    assert sorted((tag, callers) for tag, callers, _ in there(stack).values()) == [
        ("trunkline:acme/test/a#adopted", []),
        ("trunkline:acme/test/a+vip", [PARTNER]),
    ]


@pytest.mark.parametrize("callers", [(PARTNER, OTHER), (PARTNER[1:],)], ids=["more callers", "another spelling"])
def test_a_rule_for_other_callers_too_is_refused(stack: Stack, callers: tuple[str, ...]) -> None:
    ids = given(stack, *callers)
    assert "several objects of kind DispatchRule" in refusal(stack, text(PARTNER))
    stack.world.sandbox.livekit.edit_rule(ids["r"], name="trunkline:acme/test/a")
    assert "LiveKit takes no two rules for one caller" in refusal(stack, text(PARTNER))


def test_a_line_without_callers_is_refused_beside_two_rules_as_before(stack: Stack) -> None:
    given(stack, PARTNER)
    assert "several objects of kind DispatchRule could be adopted" in refusal(stack, text())


def narrowed(stack: Stack, **by_hand: Any) -> str:
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "desk-agent"}]}})
    stack.up(text())
    (rule,) = stack.world.sandbox.livekit.dispatch_rules()
    stack.world.sandbox.livekit.edit_rule(rule["sip_dispatch_rule_id"], **by_hand)
    return str(rule["sip_dispatch_rule_id"])


def test_beside_an_adopted_rule_that_answers_some_alone_an_entry_is_refused(stack: Stack) -> None:
    id = narrowed(stack, inbound_numbers=[OTHER])
    assert f"its rule {id} answers {OTHER} alone, which adoption leaves so" in refusal(stack, text(PARTNER))


def test_beside_an_adopted_rule_that_names_the_numbers_called_an_entry_is_refused(stack: Stack) -> None:
    id = narrowed(stack, numbers=[A])
    assert f"its rule {id} names the numbers called ({A})" in refusal(stack, text(PARTNER))


def test_adopt_comes_off_a_rule_for_some_where_an_entry_names_them(stack: Stack) -> None:
    id = narrowed(stack, inbound_numbers=[PARTNER])
    off = text(PARTNER).replace(", adopt: true", "")
    without = refusal(stack, text().replace(", adopt: true", ""))
    others = refusal(stack, text(OTHER).replace(", adopt: true", ""))
    stack.up(off)
    found = there(stack)
    assert "it answers some callers alone (onlyCallers)" in without and "onlyCallers" in others
    assert found.pop(id) == ("trunkline:acme/test/a#adopted", [], [("desk-agent", "")])
    assert list(found.values()) == [("trunkline:acme/test/a+vip", [PARTNER], [("gold-agent", "")])]


def test_a_rule_of_somebody_else_for_a_caller_of_an_entry_is_left_alone_by_a_line_that_does_not_adopt(
    stack: Stack,
) -> None:
    off = text().replace(", adopt: true", "")
    stack.up(off)
    (trunk,) = stack.world.sandbox.livekit.inbound_trunks()
    made = stack.world.sandbox.livekit.add_dispatch_rule(
        **{**GOLD, "trunk_ids": [trunk["sip_trunk_id"]], "inbound_numbers": [PARTNER]}
    )
    before = there(stack)[made["sip_dispatch_rule_id"]]
    with pytest.raises(Exception, match="is already in use by"):
        stack.up(text(PARTNER).replace(", adopt: true", ""))
    assert there(stack)[made["sip_dispatch_rule_id"]] == before


def test_what_was_adopted_stays_when_its_entry_goes_without_our_tag(stack: Stack) -> None:
    ids = given(stack, PARTNER)
    stack.up(text(PARTNER))
    stack.up(text())
    assert there(stack)[ids["partners"]] == ("partners", [PARTNER], [("gold-agent", "theirs")])


def test_an_adopted_rule_that_would_lose_all_its_callers_is_not_deleted(stack: Stack) -> None:
    ids = given(stack, PARTNER)
    stack.up(text(PARTNER))
    before = there(stack)[ids["partners"]]
    late = f'{{late: {{from: ["{PARTNER}"], agent: desk}}, vip: {{from: ["{OTHER}"], agent: gold}}}}'
    moved = text(PARTNER).replace(f'{{vip: {{from: ["{PARTNER}"], agent: gold}}}}', late)
    with pytest.raises(Failed, match="which was there before it was adopted, answers"):
        stack.up(moved)
    assert there(stack)[ids["partners"]] == before
