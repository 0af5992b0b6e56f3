"""What the page shows is what it says that it shows: the moment, the filter, who answers and how a change came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.api import credentials
from tests.api.serving import Fixed, entry
from tests.page import scene
from tests.page.chromium import LINES
from tests.page.conftest import Starting, Visiting
from tests.state import fleet
from trunkline.api.auth.principal import Role
from trunkline.outputs import CallerRule, Line
from trunkline.state.checkpoint import StackState

KEY = credentials.KEYS[Role.DEVELOPER]
VIP = CallerRule(name="vip", callers=("+13035550100",), agent="support", agent_name="support-agent", asks_pin=True)
NIGHT = VIP.model_copy(update={"agent": "night", "agent_name": "night-agent", "asks_pin": False})


def state(line: Line) -> StackState:
    return StackState(outputs=fleet.outputs((line, fleet.OFFICE)))


def sales(**changed: object) -> StackState:
    return state(fleet.SALES.model_copy(update=changed))


@pytest.fixture
def page(visiting: Visiting, url: str) -> Page:
    page = visiting(url, timezone_id="Europe/Berlin").open(key=KEY)
    expect(page.locator("#lines-count")).to_have_text("5 lines")
    return page


def test_back_leads_the_field_of_the_moment_back_too(page: Page) -> None:
    field = page.get_by_label("As of")
    for moment in ("2026-01-01T13:00", "2026-01-02T13:00"):
        field.fill(moment)
        field.press("Tab")
        expect(page.locator("#banners")).to_contain_text(
            f"This is the past: {int(moment[8:10])} Jan 2026, 13:00:00 CET"
        )
    page.go_back()
    expect(page.locator("#banners")).to_contain_text("This is the past: 1 Jan 2026, 13:00:00 CET")
    expect(field).to_have_value("2026-01-01T13:00")


@pytest.mark.parametrize("text", ["2026-01-01T13:00", "2026-01-01T12:00:00Z", "2026-01-01T13:00:00%2B01:00"])
def test_a_moment_that_somebody_typed_into_the_address_is_shown_as_the_field_has_it(page: Page, text: str) -> None:
    page.goto(f"/?at={text}")
    expect(page.locator("#lines-count")).to_have_text("2 lines")
    expect(page.locator("#banners")).to_contain_text("This is the past: 1 Jan 2026, 13:00:00 CET")
    expect(page.get_by_label("As of")).to_have_value("2026-01-01T13:00")


def test_what_another_filter_found_does_not_stand_below_one_that_finds_nothing(page: Page) -> None:
    page.goto("/?view=changes&of=uk-office")
    expect(page.locator("#changes .what")).to_have_text(["change 2"])
    page.get_by_label("Line", exact=True).fill("nobody-knows")
    page.get_by_label("Line", exact=True).press("Enter")
    expect(page.locator("#changes")).to_have_text(
        "no line has this name, number or vendor's id, and no update on record changed it"
    )
    expect(page.locator("#banners .banner")).to_have_count(0)


def test_changes_are_found_by_a_number_as_the_page_shows_it(page: Page) -> None:
    page.goto("/?view=changes")
    page.get_by_label("Line", exact=True).fill("+44 207 123 4567")
    page.get_by_label("Line", exact=True).press("Enter")
    expect(page.locator("#changes .what")).to_have_text(["change 2"])


def test_what_is_wrong_with_a_parameter_is_told(page: Page) -> None:
    page.goto(f"/?view=changes&of={'x' * 201}")
    expect(page.locator("#changes")).to_contain_text("line: String should have at most 200 characters")


def test_a_refresh_is_told_from_an_update_since_its_commit_changed_nothing(
    visiting: Visiting, starting: Starting
) -> None:
    seen = entry(2, sales(), sales(agent="", agent_name="stranger"))
    seen = replace(seen, update=replace(seen.update, kind="refresh"))
    source = Fixed(sales(agent="", agent_name="stranger"), (entry(1, sales(label="Old"), sales()), seen))
    page = visiting(starting(source)).open("/?view=changes", key=KEY)
    heads = page.locator("#changes summary")
    expect(heads.first).to_contain_text("refresh: what was changed outside was taken in")
    expect(heads.last).not_to_contain_text("refresh")


def test_a_change_of_the_rules_for_some_callers_is_told_in_words(visiting: Visiting, starting: Starting) -> None:
    before, now = sales(caller_rules=(NIGHT,)), sales(caller_rules=(VIP,))
    page = visiting(starting(Fixed(now, (entry(1, before, now),)))).open("/?view=changes", key=KEY)
    page.locator("#changes summary").first.click()
    expect(page.locator(".change.changed li")).to_contain_text("vip (+13035550100: support-agent, after a PIN)")
    expect(page.locator(".change.changed li")).to_contain_text("vip (+13035550100: night-agent)")


def test_whoever_answers_a_line_has_it_among_its_lines(visiting: Visiting, starting: Starting) -> None:
    source = Fixed(sales(caller_rules=(VIP,), further_agents=("scribe-agent",), asks_pin=True))
    page = visiting(starting(source)).open(key=KEY)
    offered = page.locator("#agent option")
    expect(offered).to_have_text(["All agents", "support · 2", "ag_550e8400 · 1", "scribe-agent · 1"])
    page.goto("/?agent=scribe-agent")
    expect(page.locator(LINES)).to_have_text(["sales-us"])
    expect(page.locator("#lines-body tr").first).to_contain_text("ag_550e8400 + scribe-agent")


def test_a_line_tells_its_pin_its_fallback_and_who_is_called_beside(visiting: Visiting, starting: Starting) -> None:
    source = Fixed(
        sales(
            caller_rules=(VIP,),
            further_agents=("scribe-agent",),
            asks_pin=True,
            fallback="sip:desk@pbx.example.com",
            fallback_after=15,
        )
    )
    facts = visiting(starting(source)).open("/?line=sales-us", key=KEY).locator(".facts")
    expect(facts).to_contain_text("PINCallers enter one before the agent answers")
    expect(facts).to_contain_text("Called besidescribe-agent")
    expect(facts).to_contain_text("Fallbacksip:desk@pbx.example.com, where nobody has answered within 15 seconds")
    expect(facts).to_contain_text("+13035550100: support-agent, after a PIN")


def test_a_line_without_these_tells_none_of_them(page: Page) -> None:
    page.goto("/?line=sales-us")
    facts = page.locator(".facts")
    expect(facts).to_contain_text("Twilio")
    for word in ("PIN", "Called beside", "Fallback"):
        expect(facts).not_to_contain_text(word)
    assert scene.NOW.lines["sales-us"].further_agents == ()
