"""A line's picture: the way of a call, and where it ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.api import credentials
from tests.page.chromium import DESKTOP, PHONE
from tests.page.conftest import Visiting
from trunkline.api.auth.principal import Role

KEY = credentials.KEYS[Role.ADMIN]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def stages(page: Page, picture: str) -> list[list[str]]:
    """The texts of each box, as drawn."""
    boxes = page.locator(f"svg[aria-labelledby='{picture}-title'] .stage")
    return [box.locator("text").all_text_contents() for box in boxes.all()]


@SIZES
def test_a_call_is_drawn_from_the_caller_to_the_agent(size: dict[str, int], visiting: Visiting, url: str) -> None:
    page = visiting(url, viewport=size).open("/?line=sales-us", key=KEY)
    expect(page.get_by_role("img", name="Calls to +16505551234")).to_be_visible()

    assert stages(page, "inbound") == [
        ["Caller", "Anyone", "from any network"],
        ["Carrier", "Twilio", "+16505551234"],
        ["Inbound trunk", "ST_in_sales", "Krisp on"],
        ["Dispatch rule", "SDR_sales", "a room for the call"],
        ["Agent", "sales-agent", "ag_550e8400"],
    ]
    assert [box[0] for box in stages(page, "outbound")] == ["Agent", "Outbound trunk", "Carrier", "Callee"]
    assert page.locator(".fault, .dead").count() == 0


@SIZES
def test_its_texts_fit_their_boxes_and_are_large_enough_to_read(
    size: dict[str, int], visiting: Visiting, url: str
) -> None:
    page = visiting(url, viewport=size).open("/?line=sales-us", key=KEY)
    page.get_by_role("img", name="Calls to +16505551234").wait_for()

    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".stage")].flatMap((stage) => {
          const box = stage.querySelector("rect").getBoundingClientRect();
          return [...stage.querySelectorAll("text")].map((text) => {
            const own = text.getBoundingClientRect();
            const across = own.left >= box.left && own.right <= box.right;
            const inside = across && own.top >= box.top && own.bottom <= box.bottom;
            return [inside, own.height >= 12];
          });
        })"""
    )

    assert len(sizes) == 27
    assert sizes == [[True, True]] * 27


def test_a_picture_is_said_in_words_to_those_who_do_not_see_it(visiting: Visiting, url: str) -> None:
    page = visiting(url).open("/?line=unanswered", key=KEY)

    expect(page.get_by_role("img", name="Calls to +16505550111")).to_have_accessible_description(
        "Caller: Anyone, from any network; then Carrier: Twilio, +16505550111; "
        "then Inbound trunk: ST_in_unanswered, Krisp on; "
        "then Dispatch rule: None, calls end here; then Agent: None, nobody answers. "
        "The way ends at the dispatch rule: calls end here."
    )


def test_what_is_broken_is_drawn_broken_from_there_on(visiting: Visiting, url: str) -> None:
    visit = visiting(url)
    page = visit.open("/?line=vanished", key=KEY)
    dialog = page.get_by_role("dialog", name="vanished")

    expect(dialog.locator("svg").first.locator(".fault .detail")).to_have_text(["number is gone from it"])
    expect(dialog.locator("svg").first.locator(".arrow.dead")).to_have_count(4)
    expect(dialog.locator("svg").first.locator(".name").first).to_have_text("2 numbers only")


def test_ids_are_copied_by_a_button_and_that_is_said(visiting: Visiting, url: str) -> None:
    visit = visiting(url)
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    page = visit.open("/?line=sales-us", key=KEY)

    page.get_by_role("button", name="Copy the dispatch rule's id").click()

    expect(page.get_by_role("button", name="Copy the dispatch rule's id")).to_have_text("Copied")
    expect(page.locator("#announcer")).to_have_text("SDR_sales is copied")
    assert page.evaluate("navigator.clipboard.readText()") == "SDR_sales"


def test_all_that_is_known_of_a_line_is_listed(visiting: Visiting, url: str) -> None:
    page = visiting(url).open("/?line=sales-us", key=KEY)
    expect(page.locator(".facts > div")).to_have_count(14)
    rows = [row.locator("dt, dd").all_text_contents() for row in page.locator(".facts > div").all()]

    assert [(name, value.replace("Copy", "")) for name, value in rows] == [
        ("Number", "+16505551234+1 650 555 1234"),
        ("Country", "United States (US)"),
        ("Carrier", "Twilio"),
        ("Agent", "ag_550e8400runs as sales-agent"),
        ("Monthly cost", "1.15 USD"),
        ("Origin", "Bought by an update of this stack"),
        ("Removal", "Protected: taking it out of numbers.yaml is refused"),
        ("Tags", "team=growth"),
        ("Noise cancellation", "Krisp"),
        ("SIP address", "acme-us.pstn.twilio.com"),
        ("Number's id", "PN0001"),
        ("Inbound trunk", "ST_in_sales"),
        ("Outbound trunk", "ST_out_sales"),
        ("Dispatch rule", "SDR_sales"),
    ]


def test_a_line_that_is_not_there_is_said_to_be_missing(visiting: Visiting, url: str) -> None:
    page = visiting(url).open("/?line=nobody", key=KEY)

    expect(page.get_by_role("dialog", name="nobody")).to_contain_text("The stack has no line of this name.")
