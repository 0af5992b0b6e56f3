"""Of a list or a map the page shows what went and what came, and nothing else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.api import credentials
from tests.api.serving import Fixed, entry
from tests.api.test_changes import CALLERS, LATER, state
from tests.page.conftest import Starting, Visiting
from trunkline.api.auth.principal import Role


def test_one_caller_among_500_and_one_tag_are_shown_by_what_went_and_came(
    visiting: Visiting, starting: Starting
) -> None:
    before, now = state(CALLERS, team="growth", env="test"), state(LATER, team="growth", env="prod", cost="7")
    url = starting(Fixed(now, (entry(1, before, now),)))
    page = visiting(url).open("/?view=changes", key=credentials.KEYS[Role.VIEWER])

    page.locator("#changes li summary").first.click()
    expect(page.locator(".change.changed li")).to_have_text(
        ["tags \u2212 env=test + cost=7, env=prod", "allowed callers \u2212 +16505550250 + +442071234567"]
    )
