"""A real Chromium that reaches this machine alone, and what it did."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.support.waiting import SOON

PROGRAM = Path("/usr/bin/chromium")
_OPTIONS = (
    "--no-sandbox",  # CI runs as root, which Chromium's sandbox refuses
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
LINES = "#lines-body a"  # the name of each line that the table shows; await it, since the rows come after the page
PATIENCE = 1000 * SOON  # milliseconds
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium. It must end with the module: while it runs, this thread has a running event loop."""
    if not PROGRAM.exists():
        pytest.skip("no Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(_OPTIONS))
        yield browser
        browser.close()


class Visit:
    """One reader at one server, with a browser profile of their own."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.context = browser.new_context(base_url=url, **{"viewport": DESKTOP, **options})
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports each error status as such, which some tests ask for.
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str = "/", key: str = "") -> Page:
        """Go to an address, signed in with a key if one is given."""
        if key:
            self.page.goto("/page/icon.svg")
            self.page.evaluate("key => sessionStorage.setItem('trunkline-key', key)", key)
        self.page.goto(path)
        return self.page

    def other_hosts(self) -> set[str]:
        """The hosts other than the server that the page asked."""
        schemes = ("http", "https", "ws", "wss")
        parts = [urlsplit(url) for url in self.requests]
        return {part.netloc for part in parts if part.scheme in schemes} - {urlsplit(self.url).netloc}
