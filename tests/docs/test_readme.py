"""The README holds what a newcomer needs first, and its edits do what their paragraphs say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.docs.pages import README, command
from tests.docs.walk import Chapter, chapters
from tests.engine.stage import brief
from tests.support.model_engine import Failed
from tests.support.world import Stack, World
from trunkline.inventory import parse

FIRST_PAGE = 40  # lines
ADOPTED = "+14155550100"
TRUNKS = ("CreateSIPInboundTrunk", "CreateSIPOutboundTrunk")
LIVEKIT = ("CreateSIPDispatchRule", *TRUNKS)
BUY = "POST 2010-04-01/Accounts/IncomingPhoneNumbers.json"
ROUTE = "POST 2010-04-01/Accounts/IncomingPhoneNumbers/PN.json"
# The writes that each edit causes at the vendors, sorted; what a twilio number's routing costs is in its purchase.
WRITES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "buy a number": ((*LIVEKIT, BUY),),
    "search and buy": ((*LIVEKIT, "POST number/buy", "POST number/update"),),
    "register a custom trunk": (LIVEKIT,),
    "update": (("UpdateSIPInboundTrunk", "UpdateSIPOutboundTrunk"),),
    "remap": (("UpdateSIPDispatchRule",),),
    "rename": ((ROUTE, "UpdateSIPDispatchRule", "UpdateSIPInboundTrunk", "UpdateSIPOutboundTrunk"),),
    "adopt": ((*LIVEKIT, ROUTE),),
    "release": ((), ("DeleteSIPDispatchRule", "DeleteSIPTrunk", "DeleteSIPTrunk", "POST number/cancel")),
}


@pytest.fixture(scope="module")
def walked() -> list[tuple[Chapter, tuple[str, ...]]]:
    """The README's states, applied one after the other, each with the writes that it caused."""
    world = World()
    world.sandbox.twilio.add_number(ADOPTED)
    stack, seen = Stack(world), list[tuple[Chapter, tuple[str, ...]]]()
    for chapter in chapters():
        mark = world.sandbox.journal.mark()
        stack.up(chapter.inventory)
        seen.append((chapter, tuple(sorted(_short(brief(entry)) for entry in world.sandbox.journal.writes(mark)))))
    return seen


def first_page() -> str:
    return "\n".join(README.text.splitlines()[:FIRST_PAGE])


def test_the_first_page_has_a_file_its_preview_the_two_commands_and_what_is_never_done() -> None:
    page = first_page()
    shown = [block.language for block in README.blocks("yaml", "console", "sh") if block.line < FIRST_PAGE]

    assert shown == ["yaml", "console", "sh"]
    assert page.count("```") % 2 == 0
    assert page.splitlines()[0] == "# Trunkline"
    assert "\nmake demo " in page
    assert "\nmake test " in page
    assert "What it never does unasked" in page


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.title or "first")
def test_every_state_of_the_readme_s_file_is_sound(chapter: Chapter) -> None:
    assert parse(chapter.inventory, "numbers.yaml").lines


def test_every_edit_writes_what_its_paragraph_says_and_nothing_else(
    walked: list[tuple[Chapter, tuple[str, ...]]],
) -> None:
    caused: dict[str, tuple[tuple[str, ...], ...]] = {}
    for chapter, writes in walked[1:]:
        caused[chapter.title] = (*caused.get(chapter.title, ()), writes)

    assert caused == {title: tuple(tuple(sorted(each)) for each in steps) for title, steps in WRITES.items()}


def test_a_line_that_is_deleted_without_its_mark_is_refused() -> None:
    """The README says that a release takes two changes."""
    *_, adopted, marked, removed = chapters()
    world = World()
    world.sandbox.twilio.add_number(ADOPTED)
    stack = Stack(world)
    stack.up(adopted.inventory.replace("    renamed_from: sales-us\n", ""))

    with pytest.raises(Failed) as refusal:
        stack.up(removed.inventory.replace("    renamed_from: sales-us\n", ""))

    assert (adopted.title, marked.title, removed.title) == ("adopt", "release", "release")
    assert "was never marked for removal" in refusal.value.messages[0]


def test_console_blocks_are_previews() -> None:
    """Those are what the real engine is held to, in test_real_output.py."""
    assert {command(block) for block in README.blocks("console")} == {"pulumi preview --diff"}


def _short(write: str) -> str:
    """Leave out which number a Twilio request is about."""
    head, slash, tail = write.rpartition("/")
    return f"{head}/PN.json" if slash and tail.startswith("PN") else write
