"""When something is wrong: the page says what, goes on showing what it has, and mends itself."""

from __future__ import annotations

import json

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.api import credentials
from tests.api.serving import Fixed, Silent, client, entry, frames
from tests.page import scene
from tests.page.conftest import Starting, Visiting
from tests.state import fleet
from tests.support.waiting import until
from trunkline.api.auth.principal import Role
from trunkline.audit.fleet import Difference
from trunkline.state.checkpoint import StackState
from trunkline.state.publication import Status

KEY = credentials.KEYS[Role.ADMIN]


def look(page: Page) -> None:
    """Let the page look at the API now, as when its tab is come back to."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def wait_till_ready_says(url: str, name: str, value: object) -> None:
    with client(url, None) as asking:
        until(lambda: asking.get("/readyz").json()[name] == value)


def banners(page: Page) -> list[str]:
    return page.locator("#banners .banner strong").all_text_contents()


def test_a_backend_that_cannot_be_reached_is_said_while_the_lines_stay(visiting: Visiting, starting: Starting) -> None:
    source = Fixed(scene.NOW, scene.ENTRIES)
    url = starting(source)
    page = visiting(url).open(key=KEY)
    expect(page.locator("#lines-body tr")).to_have_count(5)
    assert banners(page) == []

    source.push(Status(fault="unreachable", detail="the bucket does not answer"))
    wait_till_ready_says(url, "fault", "unreachable")
    look(page)

    expect(page.locator("#banners")).to_contain_text("The backend of the stack does not answer.")
    expect(page.locator("#banners")).to_contain_text("was last known to be current")
    expect(page.locator("#lines-body tr")).to_have_count(5)
    source.push(Status())
    wait_till_ready_says(url, "fault", "")
    look(page)
    expect(page.locator("#banners .banner")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "name", "said"),
    [
        (Status(killed=True, held=60.0), "updateKilled", "An update was killed"),
        (Status(traceless=True), "updateTraceless", "An update left no trace"),
    ],
)
def test_an_update_of_which_the_state_may_not_tell_all_is_said(
    status: Status, name: str, said: str, visiting: Visiting, starting: Starting
) -> None:
    source = Fixed(scene.NOW, scene.ENTRIES)
    url = starting(source)
    page = visiting(url).open(key=KEY)
    expect(page.locator("#lines-body tr")).to_have_count(5)

    source.push(status)
    wait_till_ready_says(url, name, True)
    look(page)

    expect(page.locator("#banners .banner strong")).to_have_text([said])
    expect(page.locator("#banners")).to_contain_text("run pulumi up", ignore_case=True)


def test_a_failed_update_is_said_with_the_lines_that_it_left_out(visiting: Visiting, starting: Starting) -> None:
    after = StackState(outputs=fleet.outputs((fleet.SALES, fleet.SUPPORT)), unlisted={"support-de": ("urn:b",)})
    url = starting(Fixed(after, (*scene.ENTRIES, entry(3, scene.NOW, after, result="failed"))))

    page = visiting(url).open(key=KEY)

    expect(page.locator("#banners .danger")).to_contain_text("The last update failed")
    expect(page.locator("#banners .danger")).to_contain_text(
        "1 line that the state holds is not in the stack's outputs: support-de."
    )


def test_before_somebody_has_signed_in_no_line_is_named_however_the_last_update_went(
    visiting: Visiting, starting: Starting
) -> None:
    before = StackState(outputs=fleet.outputs((fleet.SALES,)))
    difference = Difference(field="agent", listed="night", found="ag_550e8400")
    after = StackState(
        outputs=fleet.outputs((fleet.SALES, fleet.SUPPORT)),
        unlisted={"support-de": ("urn:b",)},
        differences={"sales-us": (difference,)},
    )
    visit = visiting(starting(Fixed(after, (entry(3, before, after, result="failed"),))))
    page = visit.open()
    expect(page.locator("#banners")).to_contain_text("The last update failed")
    shown, open_to_all = page.content(), page.request.get(page.url.rstrip("/") + "/readyz").text()
    for word in ("sales-us", "support-de", fleet.SALES.phone_number, fleet.SUPPORT.phone_number, "650 555"):
        assert (word in shown, word in open_to_all) == (False, False)


def test_a_new_version_appears_by_itself_and_keeps_the_readers_place(visiting: Visiting, starting: Starting) -> None:
    source = Fixed(scene.EARLIER, scene.ENTRIES[:1])
    url = starting(source)
    page = visiting(url).open("/?text=s&sort=-id", key=KEY)
    expect(page.locator("#lines-body a")).to_have_text(["support-de", "sales-us"])
    page.get_by_role("link", name="sales-us").focus()

    source.push(*frames(scene.NOW, scene.ENTRIES))
    with client(url) as asking:
        until(lambda: asking.get("/summary").json()["lines"] == 5)
    look(page)

    everything = ["vanished", "unanswered", "uk-office", "support-de", "sales-us"]
    expect(page.locator("#lines-body a")).to_have_text(everything)
    expect(page.get_by_role("link", name="sales-us")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("s")


def test_before_the_first_version_the_page_says_that_it_waits(
    visiting: Visiting, starting: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trunkline.api.app._PATIENCE", 0.1)
    page = visiting(starting(Silent())).open(key=KEY)

    expect(page.locator("#banners")).to_contain_text("Nothing to show yet")
    expect(page.locator("#banners")).to_contain_text("no version of the stack could be read yet")


def test_an_error_of_the_api_is_shown_with_the_request_that_its_log_names(visiting: Visiting, url: str) -> None:
    visit = visiting(url)
    broken = True

    def answer(route: Route) -> None:
        if not broken:
            route.continue_()
            return
        body = {"title": "An error of this service", "detail": "its log says more", "status": 500}
        headers = {"x-request-id": "0123abcd", "content-type": "application/problem+json"}
        route.fulfill(status=500, headers=headers, body=json.dumps(body))

    visit.context.route("**/sip?*", answer)
    page = visit.open(key=KEY)

    notice = page.get_by_role("alert").filter(has_text="An error of this service")
    expect(notice).to_contain_text("its log says more (request 0123abcd)")
    broken = False
    notice.get_by_role("button", name="Try again").click()
    expect(page.locator("#lines-body tr")).to_have_count(5)
    expect(notice).to_have_count(0)


def test_an_api_that_is_gone_is_said_and_its_return_is_noticed(visiting: Visiting, url: str) -> None:
    visit = visiting(url)
    page = visit.open(key=KEY)
    expect(page.locator("#lines-body tr")).to_have_count(5)

    visit.context.set_offline(True)
    look(page)
    expect(page.locator("#banners")).to_contain_text("The API cannot be reached")
    expect(page.locator("#lines-body tr")).to_have_count(5)

    visit.context.set_offline(False)
    look(page)
    expect(page.locator("#banners .banner")).to_have_count(0)
    visit.complaints[:] = [text for text in visit.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_too_many_wrong_keys_are_told_to_wait(visiting: Visiting, starting: Starting) -> None:
    url = starting(Fixed(scene.NOW, scene.ENTRIES))
    page = visiting(url).open()
    page.get_by_label("API key").fill("tl_wrong")
    # Last, since a failure is forgiven after 3 seconds.
    with client(url, None) as asking:
        answers = [asking.get("/sip", headers={"x-api-key": "tl_wrong"}).status_code for _ in range(30)]
    assert answers[-1] == httpx.codes.TOO_MANY_REQUESTS

    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Too many tries: this address failed to authenticate too often")
