"""One served fleet with a history, shared by the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.offers import Offer, Wanted
from trunkline.state.checkpoint import EMPTY, StackState

EARLIER = StackState(outputs=fleet.outputs((fleet.SALES.model_copy(update={"agent": "support"}), fleet.SUPPORT)))
NOW = StackState(outputs=fleet.outputs())
ENTRIES = (entry(1, StackState(outputs=EMPTY), EARLIER), entry(2, EARLIER, NOW))


def search(wanted: Wanted) -> Sequence[Offer]:
    """A carrier with one number."""
    if wanted.provider not in ("twilio", "vonage"):
        raise LookupError(wanted.provider)
    return [Offer(number="+16505550100", country=wanted.country, type=wanted.type, monthly=("1.15", "USD"))]


def explain(lines: Sequence[Mapping[str, Any]], to: str, caller: str) -> Mapping[str, Any]:
    """A call model that says what it was asked."""
    return {"to": to, "caller": caller, "lines": [line["id"] for line in lines]}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the shared API is served."""
    folder: Path = tmp_path_factory.mktemp("api")
    with serve(create_app(Fixed(NOW, ENTRIES), credentials.auth(folder), search, explain)) as served:
        yield served


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an API of 500 lines."""
    app = create_app(
        Fixed(StackState(outputs=fleet.outputs(fleet.many(500)))), credentials.auth(tmp_path_factory.mktemp("large"))
    )
    with serve(app) as url, client(url) as api:
        yield api


@pytest.fixture
def admin(url: str) -> Iterator[httpx.Client]:
    with client(url, Role.ADMIN) as it:
        yield it


@pytest.fixture
def developer(url: str) -> Iterator[httpx.Client]:
    with client(url, Role.DEVELOPER) as it:
        yield it


@pytest.fixture
def viewer(url: str) -> Iterator[httpx.Client]:
    with client(url, Role.VIEWER) as it:
        yield it


@pytest.fixture
def nobody(url: str) -> Iterator[httpx.Client]:
    with client(url, None) as it:
        yield it
