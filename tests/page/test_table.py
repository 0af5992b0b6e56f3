"""The table: searching, filtering, sorting, paging, by hand, by keyboard and by address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.api import credentials
from tests.api.serving import Fixed, serve
from tests.page import scene
from tests.page.chromium import LINES, Visit
from tests.page.conftest import Visiting
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import Page as PageRoute
from trunkline.state.checkpoint import StackState

KEY = credentials.KEYS[Role.DEVELOPER]
MANY = 10_000
DASH = "\N{EN DASH}"


@pytest.fixture
def page(visit: Visit) -> Page:
    page = visit.open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    return page


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a large fleet is served."""
    state = StackState(outputs=fleet.outputs(fleet.many(MANY)))
    auth = credentials.auth(tmp_path_factory.mktemp("many"))
    with serve(create_app(Fixed(state), auth, routes=(PageRoute.load(),))) as served:
        yield served


def shown(page: Page) -> list[str]:
    return page.locator(LINES).all_text_contents()


def offered(page: Page, name: str) -> list[str]:
    return page.get_by_label(name, exact=True).locator("option").all_text_contents()


def costs(page: Page) -> list[str]:
    return [
        "\t".join(row.locator("th, td").all_inner_texts()).replace("\n", "") for row in page.locator("#costs tr").all()
    ]


FOUND = {
    "OFFICE": ["uk-office"],
    "+1 (650) 555-1234": ["sales-us"],
    "growth": ["sales-us", "unanswered"],
    "SDR_support": ["support-de", "vanished"],
    "support-agent": ["support-de", "uk-office", "vanished"],
    scene.HOSTILE: ["unanswered"],
    "nothing like it": [],
}
UPWARDS = {
    "Line": ["sales-us", "support-de", "uk-office", "unanswered", "vanished"],
    "Number": ["unanswered", "sales-us", "uk-office", "vanished", "support-de"],
    "Carrier": ["uk-office", "sales-us", "unanswered", "support-de", "vanished"],
    "Country": ["support-de", "vanished", "uk-office", "sales-us", "unanswered"],
    "Agent": ["unanswered", "sales-us", "support-de", "uk-office", "vanished"],
    "Status": ["sales-us", "support-de", "uk-office", "unanswered", "vanished"],
    "Monthly": ["unanswered", "vanished", "sales-us", "support-de", "uk-office"],
}


def test_a_search_finds_names_numbers_labels_agents_tags_and_ids(page: Page) -> None:
    def search(text: str) -> list[str]:
        page.get_by_role("searchbox").fill(text)
        found = shown(page)
        expect(page.locator("#lines-count")).to_have_text(f"{len(found)} of 5 lines")
        expect(page.locator("#lines-empty")).to_be_visible(visible=not found)
        return found

    assert {text: search(text) for text in FOUND} == FOUND


def test_filters_narrow_the_table_and_tell_beforehand_how_far(page: Page) -> None:
    assert offered(page, "Carrier") == ["All carriers", "Twilio · 2", "Vonage · 2", "Custom SIP · 1"]
    assert offered(page, "Agent") == ["All agents", "support · 3", "No agent · 1", "ag_550e8400 · 1"]

    page.get_by_label("Agent", exact=True).select_option(label="support · 3")

    expect(page.locator(LINES)).to_have_text(["support-de", "uk-office", "vanished"])
    assert offered(page, "Carrier") == ["All carriers", "Vonage · 2", "Custom SIP · 1"]
    assert offered(page, "Country") == ["All countries", "Germany (DE) · 2", "United Kingdom (GB) · 1"]
    assert offered(page, "Agent") == ["All agents", "support · 3", "No agent · 1", "ag_550e8400 · 1"]
    page.get_by_label("Country", exact=True).select_option("DE")
    expect(page.locator(LINES)).to_have_text(["support-de", "vanished"])
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(LINES)).to_have_count(5)
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_tags_add_up_and_each_can_be_taken_off(page: Page) -> None:
    page.get_by_label("Tag", exact=True).select_option("team=growth")
    expect(page.locator(LINES)).to_have_text(["sales-us", "unanswered"])
    page.get_by_label("Tag", exact=True).select_option(scene.UNANSWERED.tags["site"].join(("site=", "")))
    expect(page.locator(LINES)).to_have_text(["unanswered"])

    page.get_by_role("button", name="Remove the tag team=growth").click()

    expect(page.locator(LINES)).to_have_text(["unanswered"])
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    assert page.get_by_role("list", name="Chosen tags").get_by_role("button").count() == 1


def test_each_column_sorts_both_ways_and_says_so(page: Page) -> None:
    def sort(column: str) -> list[str]:
        title = page.get_by_role("columnheader", name=column)
        title.get_by_role("button").press("Enter")
        direction = title.get_attribute("aria-sort")
        expect(title.get_by_role("button")).to_be_focused()
        expect(page.locator("th[aria-sort]")).to_have_count(1)
        return shown(page)[:: 1 if direction == "ascending" else -1]

    sort("Number")  # the table is sorted by line at first
    assert {column: [sort(column), sort(column)] for column in UPWARDS} == {
        column: [order, order] for column, order in UPWARDS.items()
    }


def test_the_address_holds_what_is_looked_at_and_back_goes_back(page: Page, visit: Visit) -> None:
    page.get_by_role("searchbox").fill("support")
    page.get_by_label("Country", exact=True).select_option("DE")
    page.get_by_role("columnheader", name="Number").get_by_role("button").click()
    page.get_by_role("link", name="support-de").click()

    address = page.url.removeprefix(visit.url)
    assert address == "/?text=support&country=DE&sort=phoneNumber&line=support-de"
    expect(page.get_by_role("dialog", name="support-de")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(LINES)).to_have_text(["vanished", "support-de"])
    page.go_back()
    page.go_back()
    expect(page.locator(LINES)).to_have_text(["support-de", "uk-office", "vanished"])

    other = visit.context.new_page()
    other.goto("/page/icon.svg")
    other.evaluate("key => sessionStorage.setItem('trunkline-key', key)", KEY)
    other.goto(address)
    expect(other.get_by_role("dialog", name="support-de")).to_be_visible()
    expect(other.locator("#country")).to_have_value("DE")
    expect(other.locator(LINES)).to_have_text(["vanished", "support-de"])


@pytest.mark.parametrize("address", ["/?page=-3&sort=up&view=x&group=y", "/?page=99&provider=", "/?%ff=%00&tag="])
def test_an_address_that_makes_no_sense_shows_all_lines(address: str, visit: Visit) -> None:
    page = visit.open(address, key=KEY)

    expect(page.locator("#lines-body tr")).to_have_count(5)


def test_the_table_works_without_a_mouse(page: Page) -> None:
    page.locator("body").press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("support")
    page.locator(LINES).first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="uk-office")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="vanished")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="vanished")).to_be_focused()


def test_names_that_mean_harm_are_shown_as_they_are(page: Page) -> None:
    row = page.get_by_role("row", name="unanswered")
    expect(row).to_contain_text(scene.HOSTILE)
    row.get_by_role("link").click()

    expect(page.get_by_role("dialog")).to_contain_text(scene.HOSTILE)
    expect(page.get_by_role("dialog")).to_contain_text("</script><script>")
    assert page.locator("main img, dialog img, body script").count() == 0
    assert page.title() == "unanswered · Trunkline"


def test_costs_are_summed_exactly_by_what_is_chosen(page: Page) -> None:
    page.get_by_role("link", name="Costs").click()
    page.locator("#group").select_option("tag")

    assert costs(page) == [
        "Tag\tLines\tEUR\tUSD",
        "team=growth\t2\t0.90\t1.15",
        f"site={scene.UNANSWERED.tags['site']}\t1\t0.90\tnone",
        "Without tags\t3\tnone\tnone",
        "All\t5\t0.90\t1.15",
    ]
    page.get_by_label("Carrier", exact=True).select_option("twilio")
    page.locator("#group").select_option("agent")
    assert costs(page) == [
        "Agent\tLines\tEUR\tUSD",
        "No agent\t1\t0.90\tnone",
        "ag_550e8400\t1\tnone\t1.15",
        "All\t2\t0.90\t1.15",
    ]


def test_recent_changes_tell_who_when_and_what(page: Page) -> None:
    page.get_by_role("link", name="Changes").click()
    newest = page.locator("#changes li").first

    expect(newest.locator("summary")).to_contain_text("change 2")
    expect(newest.locator("summary")).to_contain_text("Ann")
    expect(newest.locator("summary")).to_contain_text("committed by Bob")
    expect(newest.locator("summary")).to_contain_text("uncommitted changes on top of 0000000000 on main")
    expect(newest.get_by_role("link", name="0000000000 on main")).to_have_attribute(
        "href", f"https://github.com/acme/lines/commit/{2:040}"
    )
    expect(newest.get_by_role("link", name="GitHub Actions 2")).to_have_attribute("href", "https://ci.example.com/2")
    expect(page.locator("#changes li").last.locator("summary")).not_to_contain_text("uncommitted")
    expect(newest.locator("summary")).to_contain_text("3 added, 1 changed")
    expect(newest.locator("time")).to_have_attribute("datetime", "2026-01-02T00:00:00Z")
    newest.locator("summary").click()
    expect(newest.locator(".change.changed")).to_contain_text("agent support → ag_550e8400")
    expect(newest.locator(".change.added h3")).to_have_text(["+uk-officeadded", "+unansweredadded", "+vanishedadded"])
    newest.get_by_role("link", name="uk-office").click()
    expect(page.get_by_role("dialog", name="uk-office")).to_be_visible()


def test_findings_lead_to_their_lines(page: Page) -> None:
    expect(page.locator("#findings-count")).to_have_text("5")
    page.get_by_role("link", name="Findings").click()
    finding = page.locator(".findings li").filter(has_text="line-without-agent")

    expect(finding).to_contain_text("nobody answers +16505550111")
    finding.get_by_role("link", name="unanswered").click()

    expect(page.get_by_role("dialog", name="unanswered")).to_be_visible()


def test_ten_thousand_lines_are_searched_and_turned_at_once(visiting: Visiting, many: str) -> None:
    page = visiting(many).open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("10,000 lines")
    expect(page.locator(LINES)).to_have_count(50)

    page.get_by_role("button", name="Next").click()
    expect(page.locator("#pages-where")).to_have_text(f"51{DASH}100 of 10,000")
    expect(page.locator(LINES).first).to_have_text("line-000050")
    took = page.evaluate(
        """() => {
          const text = document.getElementById("text");
          const times = ["t", "te", "team 4", "team 49", "line 12"].map((value) => {
            const start = performance.now();
            text.value = value;
            text.dispatchEvent(new Event("input", { bubbles: true }));
            return performance.now() - start;
          });
          return times.sort((a, b) => a - b)[2];
        }"""
    )
    # 11 ms where nothing else runs; the machines of tests are slow, and a tenth of a second is felt as at once.
    assert took < 100
    expect(page.locator("#pages-where")).to_contain_text(f"1{DASH}50 of ")
