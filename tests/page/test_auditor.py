"""What auditors ask, answered by clicking: who answered then, what a team pays, which lines nobody answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, frames, serve
from tests.page import scene
from tests.page.chromium import LINES, Visit
from tests.page.conftest import Starting, Visiting
from tests.page.test_trouble import look
from tests.state import fleet
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import Page as PageRoute
from trunkline.state.checkpoint import EMPTY, StackState

KEY = credentials.KEYS[Role.DEVELOPER]
LAPTOP = {"width": 1366, "height": 768}
STACK = "acme-communications/telephony-fleet/production"
MANY = StackState(outputs=fleet.outputs(fleet.many(60)))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the scene is served as the stack acme/fleet/prod."""
    auth = credentials.auth(tmp_path_factory.mktemp("named"))
    app = create_app(Fixed(scene.NOW, scene.ENTRIES), auth, stack="acme/fleet/prod", routes=(PageRoute.load(),))
    with serve(app) as served:
        yield served


@pytest.fixture
def page(visiting: Visiting, named: str) -> Page:
    page = visiting(named, timezone_id="Europe/Berlin").open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    return page


def saved(page: Page, button: str) -> tuple[str, list[list[str]]]:
    """Press a button; give the name and the table of the file that it saves."""
    with page.expect_download() as download:
        page.locator(button).click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def rows(page: Page) -> list[list[str]]:
    return [
        [cell.replace("\n", "") for cell in row.locator("th, td").all_inner_texts()]
        for row in page.locator("#costs tr").all()
    ]


def test_the_page_names_its_stack_and_its_reader(page: Page) -> None:
    assert page.title() == "acme/fleet/prod · Trunkline"
    expect(page.locator("h1")).to_have_text("Trunkline acme/fleet/prod")
    expect(page.locator("#reader")).to_have_text("ci-developer · developer")
    page.get_by_role("link", name="sales-us").click()
    assert page.title() == "sales-us · acme/fleet/prod · Trunkline"


def test_who_answered_a_number_then_is_told_by_a_moment_and_its_line(page: Page) -> None:
    page.get_by_label("As of").fill("2026-01-01T13:00")
    page.get_by_label("As of").press("Tab")
    expect(page.locator("#lines-count")).to_have_text("2 lines")
    page.get_by_role("row", name="+1 650 555 1234").click()

    expect(page.get_by_role("dialog").locator(".facts")).to_contain_text("support")
    expect(page.locator("#banners")).to_contain_text("This is the past: 1 Jan 2026, 13:00:00 CET")
    expect(page.locator("#banners")).to_contain_text("As update 1 left it, which succeeded on 1 Jan 2026, 01:00:00 CET")
    assert "at=2026-01-01T12%3A00%3A00Z" in page.url
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Now").click()
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    expect(page.locator("#banners .note")).to_have_count(0)


def test_who_answered_a_number_when_is_told_by_its_lines_history(page: Page) -> None:
    page.get_by_role("link", name="sales-us").click()
    page.get_by_role("dialog").get_by_text("History").click()

    told = page.locator(".past > li")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("agent support → ag_550e8400")
    expect(told.last).to_contain_text("+16505551234 · twilio · support")


def test_a_moment_that_is_not_on_record_shows_no_line(visiting: Visiting, starting: Starting) -> None:
    source = Fixed(scene.NOW, scene.ENTRIES)
    url = starting(source)
    source.push(*frames(scene.NOW, scene.ENTRIES[1:], complete=False))
    with client(url) as asking:
        until(lambda: asking.get("/history").json()["complete"] is False)
    page = visiting(url).open("/?at=2026-01-01T00:00:00Z", key=KEY)
    expect(page.locator("#banners")).to_contain_text("That time is not on record")
    expect(page.locator(LINES)).to_have_text([])


def test_what_a_team_pays_a_month_is_told_down_to_its_lines_and_as_a_file(page: Page) -> None:
    page.get_by_role("link", name="Costs").click()
    page.locator("#group").select_option("tag")
    page.get_by_label("Tag's key").select_option("team")

    assert rows(page) == [
        ["team", "Lines", "EUR", "USD"],
        ["growth", "2", "0.90", "1.15"],
        ["none", "3", "none", "none"],
        ["All", "5", "0.90", "1.15"],
    ]
    assert saved(page, "#costs-csv") == (
        "costs.csv",
        [
            ["team", "Lines", "EUR", "USD"],
            ["growth", "2", "0.90", "1.15"],
            ["none", "3", "", ""],
            ["All", "5", "0.90", "1.15"],
        ],
    )
    page.get_by_role("link", name="none").click()
    expect(page.locator(LINES)).to_have_text(["support-de", "uk-office", "vanished"])
    page.go_back()
    page.get_by_role("link", name="growth").click()
    expect(page.locator(LINES)).to_have_text(["sales-us", "unanswered"])
    name, table = saved(page, "#lines-csv")
    assert (name, [row[:3] for row in table]) == (
        "lines.csv",
        [
            ["Line", "Label", "Number"],
            ["sales-us", "Sales, US", "'+16505551234"],
            ["unanswered", scene.HOSTILE, "'+16505550111"],
        ],
    )


def test_lines_without_a_tag_are_shown_until_that_is_taken_off(page: Page) -> None:
    page.get_by_role("link", name="Costs").click()
    page.locator("#group").select_option("tag")
    page.get_by_role("link", name="Without tags").click()
    expect(page.locator(LINES)).to_have_text(["support-de", "uk-office", "vanished"])
    page.get_by_role("button", name="Show lines with tags too").click()
    expect(page.locator(LINES)).to_have_count(5)


def test_changes_are_filtered_by_line_result_and_time(page: Page) -> None:
    page.get_by_role("link", name="Changes").click()
    updates = page.locator("#changes .what")
    expect(updates).to_have_text(["change 2", "change 1"])

    page.get_by_label("Line", exact=True).fill("uk-office")
    page.get_by_label("Line", exact=True).press("Enter")
    expect(updates).to_have_text(["change 2"])
    page.get_by_role("button", name="Clear filters").click()
    expect(updates).to_have_text(["change 2", "change 1"])
    page.get_by_label("Until").fill("2026-01-01T12:00")
    page.get_by_label("Until").press("Tab")
    expect(updates).to_have_text(["change 1"])
    page.get_by_label("Result").select_option("failed")
    expect(page.locator("#changes")).to_have_text("No update fits. Loosen the filters.")
    page.go_back()
    expect(updates).to_have_text(["change 1"])


def test_lines_without_an_agent_are_one_choice_away(page: Page) -> None:
    page.get_by_label("Agent", exact=True).select_option(label="No agent · 1")
    expect(page.locator(LINES)).to_have_text(["unanswered"])


def test_the_dialog_goes_to_the_next_line_and_back_leads_to_the_table(page: Page) -> None:
    page.get_by_role("link", name="Costs").click()
    page.get_by_role("link", name="Lines", exact=True).click()
    page.get_by_role("link", name="sales-us").click()
    expect(page.get_by_role("button", name="Previous line")).to_be_disabled()
    page.get_by_role("button", name="Next line").click()
    expect(page.get_by_role("dialog", name="support-de")).to_be_visible()
    page.get_by_role("button", name="Next line").click()
    expect(page.get_by_role("dialog", name="uk-office")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#view-lines")).to_be_visible()
    page.go_back()
    expect(page.locator("#view-costs")).to_be_visible()


def test_a_closed_line_is_not_come_back_to(page: Page) -> None:
    page.get_by_role("link", name="Costs").click()
    page.get_by_role("link", name="Lines", exact=True).click()
    page.get_by_role("link", name="uk-office").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="uk-office")).to_be_focused()
    page.go_back()
    expect(page.locator("#view-costs")).to_be_visible()


def test_a_laptop_shows_twenty_lines_with_numbers_in_groups_and_tags(visiting: Visiting, starting: Starting) -> None:
    page = visiting(starting(Fixed(MANY), stack=STACK), viewport=LAPTOP).open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("60 lines")
    inside = page.evaluate(
        """() => [...document.querySelectorAll("#lines-body tr")]
          .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
    )
    assert inside >= 20
    head = "() => document.querySelector('.top').getBoundingClientRect().height"
    assert page.evaluate(head) < 60  # in one row
    expect(page.locator("#stack")).to_have_attribute("title", STACK)
    expect(page.locator("#lines-body .number").first).to_have_text("+1 650 000 0000")
    expect(page.locator("#lines-body tr").first.locator(".tag")).to_have_text(["site=s0", "team=t0"])


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        ("+16505551234", "+1 650 555 1234"),
        ("+442071234567", "+44 207 123 4567"),
        ("+493012345678", "+49 301 234 5678"),
        ("+35312345678", "+353 123 456 78"),
        ("sip:x", "sip:x"),
    ],
)
def test_a_number_is_read_in_groups(number: str, grouped: str, page: Page) -> None:
    code = "async (number) => (await import('/page/numbers.js')).grouped(number)"
    assert page.evaluate(code, number) == grouped


def test_and_so_many_more_opens(visiting: Visiting, starting: Starting) -> None:
    page = visiting(starting(Fixed(MANY))).open("/?view=findings", key=KEY)
    page.get_by_text("For the record").click()
    finding = page.locator(".findings li").filter(has_text="removal-protect")
    expect(finding.get_by_role("link")).to_have_count(12)

    finding.get_by_role("button", name="and 48 more").click()

    expect(finding.get_by_role("link")).to_have_count(60)
    expect(finding.get_by_role("link", name="line-000012")).to_be_focused()


def test_times_are_exact_on_demand_and_stay_so(page: Page, visiting: Visiting) -> None:
    page.get_by_role("link", name="Changes").click()
    newest = page.locator("#changes time").first
    expect(newest).to_contain_text("ago")
    page.get_by_role("button", name="Exact times").click()
    expect(newest).to_have_text("2 Jan 2026, 01:00:00 CET")
    page.reload()
    expect(page.locator("#changes time").first).to_have_text("2 Jan 2026, 01:00:00 CET")


def test_nested_changes_have_no_rule_of_their_own(visiting: Visiting, starting: Starting) -> None:
    before = StackState(outputs=fleet.outputs((fleet.SALES.model_copy(update={"agent": "support", "label": "Old"}),)))
    now = StackState(outputs=fleet.outputs((fleet.SALES,)))
    page = visiting(starting(Fixed(now, (entry(1, before, now),)))).open(key=KEY)
    page.get_by_role("link", name="Changes").click()
    page.locator("#changes summary").first.click()
    page.locator(".change.changed li").nth(1).wait_for()
    width = "getComputedStyle(document.querySelectorAll('.change.changed li')[1]).borderTopWidth"
    assert page.evaluate(width) == "0px"


def test_what_is_shown_of_an_api_that_is_gone_says_of_when_it_is(visiting: Visiting, named: str) -> None:
    visit: Visit = visiting(named)
    page = visit.open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    expect(page.locator("#overview time")).to_have_count(1)
    page.evaluate("document.querySelector('#overview time').textContent = 'frozen'")

    visit.context.set_offline(True)
    look(page)

    expect(page.locator("#banners")).to_contain_text("What is shown is as it was read on")
    expect(page.locator("#overview time")).to_contain_text("ago")
    visit.context.set_offline(False)
    look(page)
    expect(page.locator("#banners .banner")).to_have_count(0)
    visit.complaints[:] = [text for text in visit.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_the_history_before_the_first_update_is_an_empty_fleet(visiting: Visiting, starting: Starting) -> None:
    entries = (entry(1, StackState(outputs=EMPTY), scene.NOW),)
    page = visiting(starting(Fixed(scene.NOW, entries))).open("/?at=2025-01-01T00:00:00Z", key=KEY)
    expect(page.locator("#banners")).to_contain_text("Nothing stood yet: it is before the first update.")
    expect(page.locator("#lines-empty")).to_have_text("The stack has no lines yet.")
