"""The pictures of docs/page.md: `python -m tests.page.pictures` makes them anew, and a test makes them too."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.api import credentials
from tests.api.serving import Fixed, entry, serve
from tests.page.chromium import Visit, chromium
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import Page as PageRoute
from trunkline.outputs import Cost, Line
from trunkline.state.checkpoint import EMPTY, StackState

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 920, "height": 470}
_TEAMS = ("sales", "support", "field", "")


def line(number: int) -> Line:
    """A line of the fleet in the pictures."""
    team, country = _TEAMS[number % 4], ("US", "GB", "DE")[number % 3]
    prefix = {"US": "+1650555", "GB": "+44207123", "DE": "+49301234"}[country]
    return fleet.SALES.model_copy(
        update={
            "id": f"{team or 'spare'}-{country.lower()}-{number}",
            "phone_number": f"{prefix}{1000 + number * 37}",
            "label": f"{(team or 'spare').title()} {number}",
            "provider": ("twilio", "vonage")[number % 2],
            "country": country,
            "tags": {"team": team} if team else {},
            "agent": f"{team}-agent" if team else "",
            "agent_name": f"{team}-agent" if team else "",
            "monthly_cost": Cost(amount=("1.15", "0.90")[number % 2], currency=("USD", "EUR")[number % 2]),
        }
    )


LINES = tuple(line(number) for number in range(14))
AGENTS = {f"{team}-agent": f"{team}-agent" for team in _TEAMS if team}
EARLIER = StackState(
    outputs=fleet.outputs([LINES[0].model_copy(update={"agent": "support-agent"}), *LINES[1:11]], AGENTS)
)
NOW = StackState(outputs=fleet.outputs(LINES, AGENTS))
ENTRIES = (entry(1, StackState(outputs=EMPTY), EARLIER), entry(2, EARLIER, NOW))

# What each picture shows: the address, and what is pressed there.
PICTURES = {
    "lines.png": ("/", ""),
    "line.png": ("/?line=sales-us-0", ".history summary"),
    "costs.png": ("/?view=costs&group=tag&key=team", ""),
    "changes.png": ("/?view=changes", "#changes summary"),
    "then.png": ("/?at=2026-01-01T12:00:00Z", ""),
}


def make(browser: Browser, folder: Path) -> None:
    """Make every picture."""
    auth = credentials.auth(Path(tempfile.mkdtemp(prefix="pictures-")))
    app = create_app(Fixed(NOW, ENTRIES), auth, stack="acme/fleet/prod", routes=(PageRoute.load(),))
    folder.mkdir(parents=True, exist_ok=True)
    with serve(app) as url:
        for name, (address, press) in PICTURES.items():
            visit = Visit(browser, url, viewport=SIZE, reduced_motion="reduce", color_scheme="light")
            page = visit.open(address, key=credentials.KEYS[Role.DEVELOPER])
            expect(page.locator("#lines-count")).not_to_contain_text("loaded")
            expect(page.locator("#overview")).not_to_contain_text("…")
            if press:
                page.locator(press).first.click()
                expect(page.get_by_text("Loading…")).to_have_count(0)
                page.locator(".past:visible, .what-changed:visible").first.scroll_into_view_if_needed()
            page.screenshot(path=folder / name)
            visit.context.close()


if __name__ == "__main__":
    with chromium() as running:
        make(running, FOLDER)
