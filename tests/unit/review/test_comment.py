"""The comment in a pull request: it fits, whatever is in the plan, and nothing in it is markup but ours."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trunkline.money import Money
from trunkline.review import Page, Verdict, markdown
from trunkline.review.page import Change, Line, Number, Wall
from trunkline.review.shortening import shortened

names = st.text(min_size=1, max_size=80)
MANY = 10_000


def lines(count: int, label: str) -> tuple[Line, ...]:
    change = Change(place="inbound trunk", field="name", was=label, becomes=label[::-1])
    return tuple(
        Line(line=f"line-{place}", what="changed", number="+16505550000", before="a", after="b", changes=(change,))
        for place in range(count)
    )


def numbers(count: int, label: str) -> tuple[Number, ...]:
    price = Money("USD", Decimal("1.15"))
    return tuple(
        Number(line=f"{label}-{place}", number=f"+1650{place:07}", provider="twilio", price=price)
        for place in range(count)
    )


@settings(max_examples=15, deadline=None)
@given(label=names, bought=st.integers(0, 100), released=st.integers(0, 50))
def test_ten_thousand_changes_fit_and_no_purchase_or_release_is_cut(label: str, bought: int, released: int) -> None:
    page = Page(
        stack="prod",
        verdict=Verdict.CHANGES,
        bought=numbers(bought, "buy"),
        released=numbers(released, "free"),
        lines=lines(MANY, label),
    )
    shown = markdown.render(page)
    assert len(shown) <= markdown.LIMIT
    assert [one for one in (*page.bought, *page.released) if f"line {one.line}:" not in shown] == []
    told = re.search(r"and (\d+) more", shown)
    assert told is not None
    assert int(told[1]) + shown.count(", changed: ") == MANY


@given(count=st.sampled_from([600, 3_000, MANY]))
@settings(max_examples=3, deadline=None)
def test_purchases_that_alone_are_too_many_are_counted(count: int) -> None:
    shown = markdown.render(Page(stack="prod", verdict=Verdict.CHANGES, bought=numbers(count, "b" * 60)))
    assert len(shown) <= markdown.LIMIT
    told = re.search(r"and (\d+) more", shown)
    assert (int(told[1]) if told else 0) + len(re.findall(r"^- .*, line b", shown, re.MULTILINE)) == count


def test_purchases_that_are_too_many_take_the_room_of_what_costs_nothing_and_none_of_a_release() -> None:
    page = Page(
        stack="prod",
        verdict=Verdict.CHANGES,
        bought=numbers(900, "b" * 60),
        released=numbers(50, "free"),
        lines=lines(MANY, "label"),
    )
    shown = markdown.render(page)
    assert markdown.LIMIT - 2_000 < len(shown) <= markdown.LIMIT
    assert len(re.findall(r"line free-\d+:", shown)) == 50
    assert f"and {MANY} more" in shown


EVERYONE = tuple(f"+1650555{place:04}" for place in range(500))
SECTIONS = ("Walls that let more in", "Calls during the update", "Money", "Who answers, and what changes", "Notices")


@pytest.mark.parametrize("long", [", ".join(EVERYONE * 12), "m" * 70_000, '{"a": "' + "b " * 40_000 + '"}'])
def test_one_long_text_is_shortened_by_itself_and_leaves_every_section_whole(long: str) -> None:
    change = Change(place="dispatch rule", field="metadata", was=long, becomes="short")
    page = Page(
        stack="prod",
        verdict=Verdict.CHANGES,
        released=numbers(2, "free"),
        bought=numbers(3, "buy"),
        walls=(
            Wall(owner="desk", wall="it lets in some callers alone", was=long, becomes=f"{long}, +442071234567"),
            Wall(owner="hall", wall="it asks for a PIN", was="[pin]", becomes="(none)"),
        ),
        lines=(
            Line(line="desk", what="changed", number="+1", before=long, after=long, changes=(change,)),
            *lines(20, "label"),
        ),
        notices=("first", f"one\nunder it {long}", "last"),
    )
    shown = markdown.render(page)
    assert len(shown) <= markdown.LIMIT
    assert [title for title in SECTIONS if f"\n**{title}**\n" not in shown] == []
    assert [one.line for one in (*page.released, *page.bought) if f"line {one.line}:" not in shown] == []
    assert [one.line for one in page.lines if f"\n- {one.line} " not in shown] == []
    assert "- hall: it asks for a PIN\n  - \\[pin\\] =&gt; \\(none\\)\n" in shown
    assert "- first\n- one\n" in shown and "- last\n" in shown
    assert "`trunkline plan` shows them all" not in shown


def test_a_list_that_is_shortened_shows_what_it_gains_and_loses() -> None:
    stay = [f"+1650555{place:04}" for place in range(500)]
    text = f"{', '.join([*stay, '+1999'])} => {', '.join([*stay[:250], '+1000', *stay[250:]])}"
    shown = shortened(text, 200)
    assert shown == (
        "+16505550000, +16505550001, +16505550002, +1999 … and 497 more => +16505550000, +16505550001, +16505550002,"
        " +16505550003, +16505550004, +16505550005, +1000 … and 494 more"
    )
    assert len(shown) <= 200


@given(text=st.text(min_size=300), room=st.integers(120, 280))
def test_a_text_that_is_shortened_has_the_size_that_it_may_have(text: str, room: int) -> None:
    assert len(shortened(text, room)) <= room


def test_many_walls_that_are_long_are_all_there() -> None:
    everyone = ", ".join(EVERYONE)
    walls = tuple(Wall(owner=f"w{place}", wall="callers", was=everyone, becomes="(none)") for place in range(150))
    shown = markdown.render(Page(stack="prod", verdict=Verdict.CHANGES, walls=walls, lines=lines(MANY, "label")))
    assert len(shown) <= markdown.LIMIT
    assert [wall.owner for wall in walls if f"- {wall.owner}: callers\n" not in shown] == []


def test_a_section_that_is_too_long_leaves_the_others_whole() -> None:
    page = Page(stack="prod", verdict=Verdict.CHANGES, lines=lines(MANY, "label"), notices=("first", "last"))
    shown = markdown.render(page)
    assert "\n**Notices**\n\n- first\n- last\n" in shown
