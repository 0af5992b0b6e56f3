"""The comment in a pull request: it fits, whatever is in the plan, and nothing in it is markup but ours."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trunkline.money import Money
from trunkline.review import Page, Verdict, markdown
from trunkline.review.page import Change, Line, Number

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


@given(name=names)
def test_a_name_is_no_mention_no_link_and_no_markup(name: str) -> None:
    shown = markdown.escaped(name)
    rest = re.sub(r"[@#]&#8203;|&#\d+;", "", shown)
    assert re.search(r"@|#|<|>|://|\n|\r|(?<!\\)[`*_\[\]|~]", rest) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        # What is rendered of an entity is a mention all the same, so something stands between.
        ("@octocat, @acme/ops", "@&#8203;octocat, @&#8203;acme/ops"),
        ("fixes #7", "fixes \\#&#8203;7"),
        ("sip:me@example.com", "sip:me@&#8203;example.com"),
        ("see https://evil.example, www.evil.example", "see https&#58;//evil.example, www&#46;evil.example"),
        ("<img src=x> & <!--", "&lt;img src=x&gt; &amp; &lt;\\!--"),
        ("a | b `c` **d** [e](f) &#64;g", "a \\| b \\`c\\` \\*\\*d\\*\\* \\[e\\]\\(f\\) &amp;\\#&#8203;64;g"),
        ("one\ntwo\u202e\x1b[0m", "one\\\\ntwo\\\\u202e\\\\x1b\\[0m"),
    ],
)
def test_a_name_is_shown_as_it_is_written(name: str, shown: str) -> None:
    assert markdown.escaped(name) == shown
