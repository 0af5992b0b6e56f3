"""Another agent for some callers of a line: the rules of its `callers`, from the file to their removal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.calling import HEAD, LINE, PBX, A, B, C, entry, file, rules, said, trunks_of, written
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

DESK: tuple[list[str], list[str]] = ([], ["desk-agent"])
VIP = ([A], ["gold-agent"])
ONE = file(vip=entry(A))


def up(*texts: str) -> Stack:
    stack = Stack(World())
    for text in texts:
        stack.up(text)
    return stack


def test_some_callers_get_a_rule_of_their_own_at_the_trunk_of_the_rule_for_all_others() -> None:
    stack = up(ONE)
    (trunk,) = {tuple(ids) for ids in trunks_of(stack).values()}
    assert (rules(stack), list(trunk)) == ({"a": DESK, "a+vip": VIP}, [stack.ids()["InboundTrunk a"]])


def test_a_second_update_writes_nothing_and_so_does_a_lost_state() -> None:
    stack = up(ONE)
    ids, lost = stack.ids(), Stack(stack.world)
    silent = written(stack, ONE)
    stack.world.sandbox.journal.clear()
    lost.up(ONE)
    # Twilio never shows a password, so that one is written.
    at_livekit = [write for write in stack.world.writes() if write.startswith("livekit")]
    assert (silent, at_livekit, lost.ids()) == ([], [], ids)


def test_the_rule_for_all_stands_before_those_for_some_and_goes_after_them() -> None:
    stack = up(file(more=", removal: release", vip=entry(A)))
    specs = {spec.key: spec for spec in stack.plan(ONE).resources}
    assert ("DispatchRule", "a") in specs["CallerRule", "a+vip"].depends_on
    assert ("CallerRule", "a+vip") in specs["PhoneNumber", "a"].depends_on
    assert [step.key for step in stack.destroy() if step.op == "delete"][:3] == [
        ("PhoneNumber", "a"),
        ("CallerRule", "a+vip"),
        ("DispatchRule", "a"),
    ]
    assert rules(stack) == {}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"vip": entry(A, agent="billing")}, {"a+vip": ([A], ["billing-agent"])}),
        ({"vip": entry(A, B)}, {"a+vip": ([A, B], ["gold-agent"])}),
        ({"vip": entry(B)}, {"a+vip": ([B], ["gold-agent"])}),
        ({"vip": entry(A), "late": entry(B, agent="billing")}, {"a+vip": VIP, "a+late": ([B], ["billing-agent"])}),
        ({"key_accounts": entry(A)}, {"a+key-accounts": VIP}),
        ({}, {}),
    ],
    ids=["agent", "caller more", "other caller", "entry more", "entry renamed", "entry taken out"],
)
def test_an_edit_of_the_entries_is_what_livekit_has_then_and_nothing_else_is_touched(
    after: dict[str, str], expected: dict[str, Any]
) -> None:
    stack = up(ONE)
    ids = {name: id for name, id in stack.ids().items() if "CallerRule" not in name}
    stack.up(file(**after))
    others = {name: id for name, id in stack.ids().items() if "CallerRule" not in name}
    assert (rules(stack), others) == ({"a": DESK, **expected}, ids)
    assert written(stack, file(**after)) == []


MOVES = {
    "one of two moves": ({"gold": entry(A, B), "late": entry(C)}, {"gold": entry(A), "late": entry(B, C)}),
    "one moves back": ({"gold": entry(A), "late": entry(B, C)}, {"gold": entry(A, B), "late": entry(C)}),
    "the entries swap their callers": (
        {"gold": entry(A), "late": entry(B, agent="billing")},
        {"gold": entry(B), "late": entry(A, agent="billing")},
    ),
    "they go round": (
        {"gold": entry(A), "late": entry(B), "third": entry(C)},
        {"gold": entry(B), "late": entry(C), "third": entry(A)},
    ),
    "an entry takes all of another, which goes": ({"gold": entry(A), "late": entry(B)}, {"gold": entry(A, B)}),
    "an entry is made of another's": ({"gold": entry(A, B)}, {"gold": entry(A), "late": entry(B, agent="billing")}),
    "an entry comes before the one whose callers it takes": ({"late": entry(A)}, {"gold": entry(A), "late": entry(B)}),
}
AGENTS = {"gold": "gold-agent", "billing": "billing-agent"}


def wanted(entries: dict[str, str]) -> dict[str, Any]:
    found = {}
    for name, text in entries.items():
        callers, _, agent = text.removeprefix("{from: [").removesuffix("}").partition("], agent: ")
        found[f"a+{name}"] = ([one.strip('"') for one in callers.split(", ")], [AGENTS[agent]])
    return {"a": DESK, **found}


@pytest.mark.parametrize("name", MOVES)
def test_callers_move_between_entries_in_one_update(name: str) -> None:
    before, after = MOVES[name]
    stack = up(file(**before), file(**after))
    assert (rules(stack), written(stack, file(**after))) == (wanted(after), [])


@pytest.mark.parametrize("checkpoints", [False, True], ids=["no checkpoints", "checkpoints"])
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("write", range(5))
@pytest.mark.parametrize("name", MOVES)
def test_a_move_that_is_killed_at_any_write_comes_to_its_end_with_the_next_update(
    name: str, write: int, side: str, checkpoints: bool
) -> None:
    before, after = MOVES[name]
    stack = Stack(World(), checkpoints=checkpoints)
    stack.up(file(**before))

    def die(*_: object) -> None:
        raise Killed

    at = AtWrite(write, before=die) if side == "before" else AtWrite(write, after=die)
    try:
        stack.up(file(**after), handle=at)
    except Killed:
        stack.up(file(**after))
        stack.up(file(**after))
    assert (rules(stack), written(stack, file(**after))) == (wanted(after), [])


@pytest.mark.parametrize("checkpoints", [False, True], ids=["no checkpoints", "checkpoints"])
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("back", [file(), file(late=entry(B))], ids=["without entries", "with another"])
def test_what_a_killed_run_left_is_swept_where_the_edit_is_reverted(back: str, side: str, checkpoints: bool) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    stack.up(back)
    expected = rules(stack)

    def die(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(ONE, handle=AtWrite(0, before=die) if side == "before" else AtWrite(0, after=die))
    # Of what the record has the engine is asked first, then it is noted, then swept.
    for _ in range(3):
        stack.up(back)
    assert (rules(stack), written(stack, back)) == (expected, [])


def test_an_entry_that_is_put_back_before_its_rule_is_swept_keeps_the_rule() -> None:
    stack = up(file())

    def die(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(ONE, handle=AtWrite(0, after=die))
    stack.up(file())
    stack.world.sandbox.journal.clear()
    stack.up(ONE)
    assert (rules(stack), stack.world.writes()) == ({"a": DESK, "a+vip": VIP}, [])


def test_a_line_that_is_renamed_keeps_its_rules() -> None:
    stack = up(ONE)
    ids = {id for name, id in stack.ids().items() if "Rule" in name}
    stack.up(HEAD + LINE.replace("  a:", "  b:").format(more=f"{said(vip=entry(A))}, renamed_from: a"))
    renamed = {id for name, id in stack.ids().items() if "Rule" in name}
    assert (rules(stack), renamed) == ({"b": DESK, "b+vip": VIP}, ids)


def test_lines_that_come_to_share_a_trunk_keep_the_rules_and_get_them_back() -> None:
    head = HEAD.replace("acme-us.pstn.twilio.com", "acme-us.pstn.twilio.com, shared: true")
    both = "".join(LINE.replace("  a:", f"  {name}:").format(more=said(vip=entry(A))) for name in ("a", "b"))
    both = both.replace("+16505551234", "+16505551235", 1)
    stack = up(HEAD + both)
    apart = set(rules(stack))
    stack.up(head + both)
    shared, silent = rules(stack), written(stack, head + both)
    stack.up(HEAD + both)
    expected = {"trunk.us": DESK, "trunk.us+vip": VIP}
    assert (apart, shared, silent) == ({"a", "a+vip", "b", "b+vip"}, expected, [])
    assert (rules(stack), written(stack, HEAD + both)) == ({"a": DESK, "a+vip": VIP, "b": DESK, "b+vip": VIP}, [])


@pytest.mark.parametrize("removal", ["keep", "release"])
def test_the_rule_of_an_entry_goes_from_a_line_that_stays_whatever_the_line_s_removal_says(removal: str) -> None:
    text = file(line=PBX, more=f", removal: {removal}", vip=entry(A))
    stack = up(text, file(line=PBX, more=f", removal: {removal}"))
    assert rules(stack) == {"p": DESK}


@pytest.mark.parametrize("removal", ["keep", "release"])
def test_so_it_does_from_a_line_that_is_renamed_in_the_same_update(removal: str) -> None:
    """Left behind without its tag it would go on answering its callers, and no file would say so."""
    text = file(line=PBX, more=f", removal: {removal}", vip=entry(A))
    renamed = file(line=PBX, more=f", removal: {removal}, renamed_from: p").replace("  p: {", "  q: {")
    stack = up(text, renamed)
    assert rules(stack) == {"q": DESK}
    assert written(stack, renamed) == []


def test_a_line_that_is_kept_leaves_all_of_its_rules_where_they_are() -> None:
    stack = up(file(line=PBX, more=", removal: keep", vip=entry(A)), HEAD.rstrip() + " {}\n")
    left = stack.world.process().adapter("DispatchRule").list()
    assert sorted(one.every["onlyCallers"] for one in left) == [[], [A]]


def test_vonage_s_callers_are_written_as_vonage_writes_them() -> None:
    line = "  v: {{provider: vonage, search: {{country: GB, type: mobile}}, agent: desk, outbound: false{more}}}\n"
    stack = up(file(line=line, vip=entry(A)))
    assert rules(stack) == {"v": DESK, "v+vip": ([A[1:]], ["gold-agent"])}


def test_what_was_changed_by_hand_is_put_right_again() -> None:
    stack = up(ONE)
    adapter = stack.world.process().adapter("CallerRule")
    (rule,) = (one for one in adapter.list() if one.tag.endswith("+vip"))
    adapter.update(rule, {**rule.props, "onlyCallers": [B], "agents": [{"agentName": "else", "metadata": ""}]})
    stack.up(ONE)
    changed = rules(stack)
    adapter.delete(rule.id)
    stack.up(ONE)
    assert (changed, rules(stack)) == ({"a": DESK, "a+vip": VIP}, {"a": DESK, "a+vip": VIP})


def test_a_rule_for_all_that_is_gone_is_made_again_beside_those_for_some() -> None:
    stack = up(ONE)
    stack.world.process().adapter("DispatchRule").delete(stack.ids()["DispatchRule a"])
    stack.up(ONE)
    assert (rules(stack), written(stack, ONE)) == ({"a": DESK, "a+vip": VIP}, [])


def test_a_preview_says_nothing_of_our_own_rules() -> None:
    stack = up(ONE)
    stack.world.notices.clear()
    stack.preview(ONE)
    assert stack.world.notices == []


def test_no_rule_of_an_unmarked_custom_line_goes_whatever_the_engine_was_told() -> None:
    stack = up(file(line=PBX, vip=entry(A)))
    with pytest.raises(Failed, match=r"CallerRule .* is protected and was not deleted"):
        stack.destroy(ignore_protect=True)
    assert rules(stack) == {"p": DESK, "p+vip": VIP}


def test_of_a_marked_custom_line_all_rules_go() -> None:
    stack = up(file(line=PBX, more=", removal: release", vip=entry(A)))
    stack.destroy()
    assert rules(stack) == {}


def test_a_foreign_rule_that_takes_an_entry_s_callers_is_named_with_what_it_does() -> None:
    stack = up(ONE)
    theirs = stack.world.sandbox.livekit.add_dispatch_rule(
        trunk_ids=[stack.ids()["InboundTrunk a"]],
        inbound_numbers=[A],
        rule={"dispatch_rule_individual": {"room_prefix": "theirs-", "pin": "1"}},
        room_config={"agents": [{"agent_name": "theirs"}]},
    )
    stack.world.notices.clear()
    stack.preview(ONE)
    (told,) = stack.world.notices
    assert told.startswith(f"DispatchRule {theirs['sip_dispatch_rule_id']} asks for a PIN on calls from {A} to ")
