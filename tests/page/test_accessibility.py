"""What everyone needs to use the page: names, focus, contrast, room, and no motion for those who want none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api import credentials
from tests.page.chromium import PHONE, Visit
from tests.page.conftest import Visiting
from trunkline.api.auth.principal import Role

KEY = credentials.KEYS[Role.ADMIN]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
PLACES = {
    "sign in": ("/", ""),
    "lines": ("/?tag=team%3Dgrowth", KEY),
    "a line": ("/?line=unanswered", KEY),
    "costs": ("/?view=costs&group=tag", KEY),
    "changes": ("/?view=changes", KEY),
    "findings": ("/?view=findings", KEY),
}
READY = {"sign in": "#login", "a line": "dialog svg"}
# Roles that say nothing without a name.
NAMELESS = re.compile(r"- (?:button|link|textbox|searchbox|combobox|dialog|img|navigation|search|table)\b(?! \").*")


def at(place: str, visit: Visit) -> Page:
    """Open a place of the page, with all that unfolds unfolded."""
    address, key = PLACES[place]
    page = visit.open(address, key=key)
    page.locator(READY.get(place, f"#view-{place}")).first.wait_for()
    if key:
        expect(page.locator("#overview")).to_contain_text("without a line")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    expect(page.get_by_text("Loading…")).to_have_count(0)
    return page


@pytest.fixture(scope="module", params=PLACES)
def everywhere(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Page]:
    """Each place in turn; its tests change its size and colours alone."""
    visit = Visit(browser, url, reduced_motion="reduce")
    yield at(request.param, visit)
    visit.context.close()
    assert (visit.other_hosts(), visit.complaints) == (set(), [])


@pytest.fixture
def still(visiting: Visiting, url: str) -> Visit:
    """A visit without motion."""
    return visiting(url, reduced_motion="reduce")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: Literal["light", "dark"], everywhere: Page) -> None:
    everywhere.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    found = everywhere.evaluate(CONTRAST)

    assert found["poor"] == []
    assert found["seen"] > 8


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_everything_fits_the_width_of_the_screen(width: int, everywhere: Page) -> None:
    everywhere.set_viewport_size({"width": width, "height": 640})

    beyond = everywhere.evaluate(
        """() => {
          const root = document.querySelector("dialog[open]") ?? document.documentElement;
          return root.scrollWidth - root.clientWidth;
        }"""
    )

    assert beyond == 0


def test_every_control_has_a_name_and_there_is_one_first_heading(everywhere: Page) -> None:
    tree = everywhere.locator("body").aria_snapshot()

    assert NAMELESS.findall(tree) == []
    assert tree.count("- button") > 0
    parts = ("h1", "main", "body > header", "body > footer")
    assert [everywhere.locator(part).count() for part in parts] == [1, 1, 1, 1]
    assert everywhere.evaluate("document.documentElement.lang") == "en"
    ids = everywhere.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("place", ["sign in", "lines", "a line"])
def test_the_focus_goes_everywhere_in_order_and_is_seen(place: str, still: Visit) -> None:
    page = at(place, still)
    page.evaluate("document.activeElement.blur()")
    stops: list[tuple[bool, bool]] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => {
                  const style = getComputedStyle(document.activeElement);
                  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                  return [document.activeElement === document.body, seen];
                }"""
            )
        )

    assert [seen for nowhere, seen in stops if not nowhere] == [True] * sum(not nowhere for nowhere, _ in stops)
    assert sum(not nowhere for nowhere, _ in stops) >= 5


def test_the_first_stop_leads_past_the_head(still: Visit) -> None:
    page = at("lines", still)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_controls_are_large_enough_for_a_thumb(visiting: Visiting, url: str) -> None:
    page = at("lines", visiting(url, viewport=PHONE, has_touch=True))

    heights = page.evaluate(
        """() => [...document.querySelectorAll("input, select, button, nav a")]
          .filter((each) => each.checkVisibility() && !each.closest("thead, .chips"))
          .map((each) => each.getBoundingClientRect().height)"""
    )

    assert min(heights) >= 44


def test_the_theme_follows_the_system_until_one_is_chosen_which_is_then_kept(visiting: Visiting, url: str) -> None:
    page = at("lines", visiting(url, color_scheme="dark"))
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)

    page.locator("#theme").select_option("light")

    light = page.evaluate(ground)
    assert [dark, light] == ["rgb(17, 21, 24)", "rgb(245, 246, 247)"]
    page.reload()
    assert page.evaluate(ground) == light
    page.locator("#theme").select_option("")
    assert page.evaluate(ground) == dark


def test_nothing_moves_for_those_who_want_no_motion(still: Visit) -> None:
    page = at("a line", still)

    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName") == "none"
