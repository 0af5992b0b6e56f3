"""The page in a real browser, over the real API."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api import credentials
from tests.api.serving import Fixed, serve
from tests.page import scene
from tests.page.chromium import Visit, chromium
from trunkline.api import create_app
from trunkline.api.page.assets import Page as PageRoute

Starting = Callable[..., str]
Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the key file of the shared server is."""
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def source() -> Fixed:
    return Fixed(scene.NOW, scene.ENTRIES)


@pytest.fixture(scope="module")
def url(source: Fixed, folder: Path) -> Iterator[str]:
    """Where the scene is served; its tests only read."""
    with serve(create_app(source, credentials.auth(folder), routes=(PageRoute.load(),))) as served:
        yield served


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Starting]:
    """Serve a source of the test's own, for longer than its visits last."""
    with contextlib.ExitStack() as running:
        yield lambda source, stack="": running.enter_context(
            serve(create_app(source, credentials.auth(tmp_path), stack=stack, routes=(PageRoute.load(),)))
        )


@pytest.fixture
def visiting(browser: Browser, starting: Starting) -> Iterator[Visiting]:
    """Start visits. When the test ends, none of them may have asked another host or have failed in the console.

    They end before the servers that `starting` started: a page that outlives its server complains of it.
    """
    visits: list[Visit] = []

    def visit(url: str, **options: Any) -> Visit:
        visits.append(Visit(browser, url, **options))
        return visits[-1]

    yield visit
    for one in visits:
        one.context.close()
    assert [one.other_hosts() for one in visits] == [set() for _ in visits]
    assert [one.complaints for one in visits] == [[] for _ in visits]


@pytest.fixture
def visit(visiting: Visiting, url: str) -> Visit:
    """A visit to the scene, at a desk."""
    return visiting(url)
