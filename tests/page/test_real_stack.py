"""The page over a stack that the real engine made, as `trunkline serve` serves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api import credentials
from tests.page.conftest import Starting, Visiting
from tests.state import fleet
from tests.state.pulumi_stack import PulumiStack
from trunkline.api.auth.principal import Role
from trunkline.state.process import ReaderProcess


@pytest.mark.engine
def test_an_update_of_the_stack_appears_on_an_open_page(tmp_path: Path, visiting: Visiting, starting: Starting) -> None:
    state = tmp_path / "state"
    state.mkdir()
    stack = PulumiStack.create(tmp_path, f"file://{state}")
    stack.apply((fleet.SALES,), message="the first line")
    page = visiting(starting(ReaderProcess(stack.address))).open(key=credentials.KEYS[Role.ADMIN])
    expect(page.locator("#lines-body a")).to_have_text(["sales-us"])

    stack.apply(message="two more lines")

    # The API shows an update within two seconds of its end, and the page looks every five.
    expect(page.locator("#lines-body a")).to_have_text(["sales-us", "support-de", "uk-office"])
    page.get_by_role("link", name="Changes").click()
    expect(page.locator("#changes .what")).to_have_text(["two more lines", "the first line"])
