"""Who may see what: the key, the cookie, and what a viewer is not shown."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.api import credentials
from tests.api.serving import Fixed, client
from tests.page import scene
from tests.page.chromium import Visit
from tests.page.conftest import Starting, Visiting
from tests.page.test_trouble import look
from tests.support.waiting import until
from trunkline.api.auth import keys
from trunkline.api.auth.principal import Role

KEYS = credentials.KEYS
UNKNOWN = keys.generate(random.SystemRandom().choice).reveal()  # of the right form, in no key file


def kept_nowhere_else(visit: Visit, key: str) -> bool:
    """Whether the key is in no address, cookie or lasting storage of the browser."""
    state = str(visit.context.storage_state())
    return key not in state and not any(key in url for url in [*visit.requests, visit.page.url])


def test_a_key_opens_the_page_and_stays_in_the_tab(visit: Visit) -> None:
    page = visit.open()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("API key")).to_be_focused()

    page.get_by_label("API key").fill(f"  {KEYS[Role.ADMIN]}\n")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("row")).to_have_count(6)
    expect(page.get_by_role("heading", name="Sign in")).to_be_hidden()
    assert page.evaluate("({...sessionStorage})") == {"trunkline-key": KEYS[Role.ADMIN]}
    assert kept_nowhere_else(visit, KEYS[Role.ADMIN])
    page.reload()
    expect(page.get_by_role("row")).to_have_count(6)


def test_a_wrong_key_is_answered_clearly_and_not_kept(visit: Visit) -> None:
    page = visit.open()
    field = page.get_by_label("API key")

    def answer(typed: str) -> str:
        page.get_by_role("alert").evaluate("alert => alert.replaceChildren()")
        field.fill(typed)
        field.press("Enter")
        expect(page.get_by_role("alert")).not_to_be_empty()
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(page.get_by_role("alert").inner_text())
        return page.get_by_role("alert").inner_text()

    refused = "This key is not accepted. It may be mistyped or revoked."
    no_key = "This cannot be an API key: it has spaces or letters that no key has."
    expected = {
        "": "Paste an API key.",
        "tl_wrong": refused,
        UNKNOWN: refused,
        KEYS[Role.ADMIN][:-1]: refused,
        "two words": no_key,
        "tl_ключ": no_key,
    }
    assert {typed: answer(typed) for typed in expected} == expected
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("#signed-in").is_hidden()


def test_a_good_key_after_a_wrong_one_opens_the_page(visit: Visit) -> None:
    page = visit.open()
    page.get_by_label("API key").fill("tl_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()

    page.keyboard.type(KEYS[Role.VIEWER])  # over the wrong one, which is selected
    page.keyboard.press("Enter")

    expect(page.get_by_role("row")).to_have_count(6)


def test_a_cookie_that_the_api_takes_needs_no_key(visit: Visit) -> None:
    host = urlsplit(visit.url).hostname or ""
    cookie = credentials.token(role="developer")
    visit.context.add_cookies([{"name": "access_token", "value": cookie, "domain": host, "path": "/"}])

    page = visit.open()

    expect(page.get_by_role("row")).to_have_count(6)
    page.get_by_role("button", name="Use an API key").click()
    page.get_by_label("API key").fill(KEYS[Role.VIEWER])
    with page.expect_request("**/summary") as asked:
        page.keyboard.press("Enter")
    assert "cookie" not in asked.value.all_headers()
    expect(page.get_by_role("columnheader", name="Monthly")).to_have_count(0)
    expect(page.get_by_role("row")).to_have_count(6)


def test_signing_out_takes_the_key_and_the_data_off_the_page(visit: Visit) -> None:
    page = visit.open("/?line=sales-us", key=KEYS[Role.ADMIN])
    page.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("API key")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0
    assert "+16505551234" not in page.content()


def test_a_key_that_is_revoked_meanwhile_leads_back_to_the_form(visit: Visit) -> None:
    page = visit.open(key=UNKNOWN)

    expect(page.get_by_role("alert")).to_have_text("The key is no longer accepted. Sign in again.")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("path", ["/?line=sales-us", "/?view=changes", "/?view=costs", "/?at=2026-01-01T12:00:00Z"])
def test_a_key_that_is_revoked_while_the_page_shows_data_takes_it_off_the_page(
    path: str, visiting: Visiting, starting: Starting, tmp_path: Path
) -> None:
    url = starting(Fixed(scene.NOW, scene.ENTRIES))
    page = visiting(url).open(path, key=KEYS[Role.ADMIN])
    expect(page.locator("#reader")).to_have_text("ci-admin · admin")
    expect(page.locator("body")).to_contain_text("sales-us")

    keys.revoke(tmp_path / "keys.json", "ci-admin")
    with client(url, Role.ADMIN) as asking:
        until(lambda: asking.get("/reader").status_code == 401)
    look(page)

    expect(page.get_by_role("alert")).to_have_text("The key is no longer accepted. Sign in again.")
    shown = page.content()
    assert [word for word in ("sales-us", "650 555", "ag_550e8400", "ci-admin") if word in shown] == []
    assert page.evaluate("sessionStorage.length") == 0


def test_a_key_of_another_role_shows_from_the_next_look_on_what_that_role_may_see(
    visiting: Visiting, starting: Starting, tmp_path: Path
) -> None:
    url = starting(Fixed(scene.NOW, scene.ENTRIES))
    page = visiting(url).open("/?text=s", key=KEYS[Role.ADMIN])
    expect(page.get_by_role("columnheader", name="Monthly")).to_have_count(1)

    file = tmp_path / "keys.json"
    file.write_text(file.read_text().replace('"role": "admin"', '"role": "viewer"'))
    with client(url, Role.ADMIN) as asking:
        until(lambda: asking.get("/reader").json()["role"] == "viewer")
    look(page)

    expect(page.locator("#reader")).to_have_text("ci-admin · viewer")
    expect(page.get_by_role("columnheader", name="Monthly")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_value("s")


def test_a_viewer_sees_lines_and_a_word_for_what_is_left_out(visit: Visit) -> None:
    page = visit.open(key=KEYS[Role.VIEWER])

    titles = page.get_by_role("columnheader")
    expect(titles).to_have_text(["Line", "Number", "Carrier", "Country", "Agent", "Tags", "Status"])
    expect(page.locator("#overview dt")).to_have_text(["Lines", "Agents", "Last change"])
    page.get_by_role("link", name="Costs").click()
    expect(page.locator("#costs")).to_have_text(
        "Costs are shown to developers and administrators; this credential is a viewer's."
    )
    page.get_by_role("link", name="Findings").click()
    expect(page.locator("#findings")).to_have_text(
        "Findings are shown to developers and administrators; this credential is a viewer's."
    )
    page.get_by_role("link", name="Lines").click()
    page.get_by_role("link", name="sales-us").click()
    expect(page.get_by_role("dialog")).to_contain_text("ST_in_sales")
    expect(page.get_by_role("dialog")).not_to_contain_text("Monthly cost")
