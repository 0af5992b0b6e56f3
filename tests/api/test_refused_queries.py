"""What is wrong with a query is said in words that help, and a call is explained to whatever number a line has."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.app import create_several
from trunkline.api.auth.principal import Role
from trunkline.calls.explain import explain
from trunkline.state.checkpoint import StackState

DESK = fleet.OFFICE.model_copy(update={"id": "desk", "phone_number": "2000", "country": ""})
STATE = StackState(outputs=fleet.outputs((*fleet.LINES, DESK)))
MOMENT = "write it like 2026-05-03T12:00:00Z: RFC 3339, with a zone, a plus as %2B"
NUMBER = "write a number like %2B16505551234: E.164, a plus as %2B"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    app = create_app(Fixed(STATE), credentials.auth(tmp_path_factory.mktemp("queries")), explain=explain)
    with serve(app) as url, client(url, Role.DEVELOPER) as served:
        yield served


@pytest.mark.parametrize(
    ("asked", "parameter", "detail"),
    [
        ("/explain?to=+16505551234", "to", NUMBER),
        ("/explain?to=%2B16505551234&caller=+13035550100", "caller", NUMBER),
        ("/explain", "to", "must be given"),
        ("/sip?at=2026-05-03T24:00:00Z", "at", MOMENT),
        ("/sip?at=2026-02-30T12:00:00Z", "at", MOMENT),
        ("/sip?at=2026-05-03T12:00:00%2B25:00", "at", MOMENT),
        ("/audit?line=x", "line", "there is no such parameter here; there are code, severity"),
        ("/carriers?x=1", "x", "no parameter is taken here"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_told_with_what_can(
    asked: str, parameter: str, detail: str, api: httpx.Client
) -> None:
    answer = api.get(asked)
    assert (answer.status_code, answer.json()["errors"][0]) == (400, {"parameter": parameter, "detail": detail})


def test_over_several_stacks_a_moment_is_said_to_be_asked_of_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    doors = credentials.auth(tmp_path_factory.mktemp("several"))
    with serve(create_several({"us": Fixed(STATE), "eu": Fixed(STATE)}, doors)) as url, client(url) as asking:
        found = asking.get("/sip?at=2026-05-03T12:00:00Z").json()["errors"]
    assert found == [{"parameter": "at", "detail": "is asked of one stack: below /stacks/STACK, see /stacks"}]


@pytest.mark.parametrize(
    ("to", "line"),
    [
        ("2000", "desk"),
        ("%2B2000", "desk"),
        ("%2B16505551234", "sales-us"),
        ("16505551234", "sales-us"),
        ("sales-us", ""),
        ("2001", ""),
    ],
)
def test_a_call_is_explained_to_whatever_number_a_line_has(to: str, line: str, api: httpx.Client) -> None:
    answer = api.get(f"/explain?to={to}")
    assert (answer.status_code, answer.json()["line"], answer.json()["answered"]) == (200, line, bool(line))
