"""An agent that numbers.yaml does not know answers all the same; a line whose calls are lost says so."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.page.conftest import Starting, Visiting
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.outputs import Agent, StackOutputs
from trunkline.state.checkpoint import EMPTY, StackState

LOST = "+493012345678 is forwarded to nobody: no call arrives"
BY_HAND = fleet.SALES.model_copy(update={"agent": "", "agent_name": "by-hand"})
CUT = fleet.SUPPORT.model_copy(update={"calls_lost": LOST})
NOW = StackState(outputs=fleet.outputs((BY_HAND, CUT)))
STRANGER = {"id": "", "agentName": "by-hand", "lines": ["sales-us"]}


def test_the_page_names_who_answers_and_where_calls_are_lost(visiting: Visiting, starting: Starting) -> None:
    page = visiting(starting(Fixed(NOW))).open(key=credentials.KEYS[Role.DEVELOPER])
    rows = page.locator("#lines-body tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator(".state")).to_have_text("Active")
    expect(rows.nth(0)).to_contain_text("by-hand")
    expect(rows.nth(1).locator(".state")).to_have_text("Cut off")
    expect(rows.nth(1).locator(".state")).to_have_attribute("title", LOST)
    rows.nth(0).locator("a").first.click()
    expect(page.locator("#line-content dl")).to_contain_text("not in numbers.yaml")
    expect(page.locator("#line-content")).not_to_contain_text("nobody answers")


def test_an_agent_that_the_file_does_not_know_is_listed_and_counted_now_and_then(tmp_path: Path) -> None:
    later = StackState(outputs=fleet.outputs((fleet.SALES, CUT)))
    entries = (entry(1, StackState(outputs=EMPTY), NOW), entry(2, NOW, later))
    auth = credentials.auth(tmp_path)
    for source, at in ((Fixed(NOW), {}), (Fixed(later, entries), {"at": "2026-01-01T12:00:00Z"})):
        with serve(create_app(source, auth)) as url, client(url) as api:
            agents = api.get("/agents", params=at).json()
            assert [one for one in agents["agents"] if one["lines"]] == [
                {"id": "support", "agentName": "support-agent", "lines": ["support-de"]},
                STRANGER,
            ]
            assert agents["unused"] == ["ag_550e8400", "night"]
            assert api.get("/summary", params=at).json()["byAgent"] == {"by-hand": 1, "support": 1}
            one = api.get("/agents/by-hand/numbers", params=at).json()
            assert (one["agent"], [line["id"] for line in one["lines"]]) == (STRANGER, ["sales-us"])


def test_an_agent_of_the_file_is_not_taken_for_one_that_is_called_like_its_key() -> None:
    other = BY_HAND.model_copy(update={"id": "other", "agent_name": "support"})
    outputs: StackOutputs = fleet.outputs((fleet.SUPPORT, other), {"support": "support-agent"})
    assert outputs.everyone == (
        Agent(id="support", agent_name="support-agent", lines=("support-de",)),
        Agent(id="", agent_name="support", lines=("other",)),
    )
