"""Several stacks on one page: all lines with their stacks, each stack's own page, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.api.test_several_stacks import EU, NAMES
from tests.page import scene
from tests.page.chromium import Visit
from tests.page.conftest import Visiting
from tests.page.test_trouble import banners, look
from tests.support.waiting import until
from trunkline.api.app import create_several
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import Page as PageRoute
from trunkline.state.publication import Status

KEY = credentials.KEYS[Role.ADMIN]


@pytest.fixture
def eu() -> Fixed:
    return Fixed(EU, (entry(1, scene.EARLIER, EU, result="failed"),))


@pytest.fixture
def url(eu: Fixed, tmp_path: Path) -> Iterator[str]:
    """Where two stacks are served, which share a line's name; the last update of the second failed."""
    sources = {"us": Fixed(scene.NOW, scene.ENTRIES), "eu": eu}
    app = create_several(sources, credentials.auth(tmp_path), names=NAMES, routes=(PageRoute.load(),))
    with serve(app) as served:
        yield served


@pytest.fixture
def visit(visiting: Visiting, url: str) -> Visit:
    return visiting(url)


def rows(page: Page) -> list[tuple[str, str]]:
    return [
        (row.locator("[data-column=stack]").inner_text(), row.locator("th a").inner_text())
        for row in page.locator("#lines-body tr").all()
    ]


def test_all_lines_stand_with_their_stacks_and_are_filtered_and_summed_by_them(visit: Visit) -> None:
    page = visit.open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("7 lines")
    everything = [
        ("eu", "desk"),
        ("eu", "sales-us"),
        ("us", "sales-us"),
        ("us", "support-de"),
        ("us", "uk-office"),
        ("us", "unanswered"),
        ("us", "vanished"),
    ]
    assert rows(page) == everything
    assert page.locator("#stack").inner_text() == "2 stacks"
    page.locator("#stack-filter").select_option("eu")
    expect(page.locator("#lines-count")).to_have_text("2 of 7 lines")
    assert rows(page) == everything[:2]
    page.get_by_role("link", name="Costs").click()
    page.get_by_label("by", exact=True).select_option("stack")
    expect(page.locator("#costs tbody th")).to_have_text(["eu"])


def test_a_line_opens_on_its_stacks_own_page_with_its_history(visit: Visit) -> None:
    page = visit.open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("7 lines")
    page.locator("tr", has_text="eu").get_by_role("link", name="sales-us").click()

    page.wait_for_url("**/stacks/eu/?line=sales-us")
    expect(page.locator("#line-title")).to_have_text("sales-us")
    expect(page.locator("#line .facts")).to_contain_text("France (FR)")
    page.locator("#line summary", has_text="History").click()
    expect(page.locator("#line .past li").first).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#stack")).to_have_text("organization/fleet/eu")
    expect(page.locator("#lines-count")).to_have_text("2 lines")
    assert page.locator("#stacks option").all_text_contents() == ["All stacks", "us", "eu"]
    page.locator("#stacks").select_option("us")
    page.wait_for_url("**/stacks/us/")
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    page.locator("#stacks").select_option("All stacks")
    expect(page.locator("#lines-count")).to_have_text("7 lines")


def test_what_is_wrong_with_one_stack_is_said_with_its_name_and_the_others_stay(
    visit: Visit, url: str, eu: Fixed
) -> None:
    page = visit.open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("7 lines")
    assert banners(page) == ["eu: The last update failed"]

    eu.push(Status(fault="unreachable", detail="the bucket does not answer"))
    with client(url, None) as asking:
        until(lambda: asking.get("/readyz").json()["fault"] == "unreachable")
    look(page)

    expect(page.locator("#banners .banner strong")).to_have_text(
        ["eu: This may be out of date", "eu: The last update failed"]
    )
    expect(page.locator("#lines-count")).to_have_text("7 lines")


def test_findings_name_their_stack_and_changes_are_of_one(visit: Visit) -> None:
    page = visit.open("/?view=findings", key=KEY)
    failed = page.locator("#findings li", has_text="update-failed")
    expect(failed.locator(".tag")).to_have_text("eu")
    page.get_by_role("link", name="Changes").click()
    expect(page.locator("#changes")).to_have_text("Each stack has its own changes: choose one above.")
    expect(page.locator("#changes-filters")).to_be_hidden()
    expect(page.locator("#then")).to_be_hidden()
