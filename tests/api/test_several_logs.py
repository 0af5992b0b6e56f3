"""Of several stacks the log says whose word it is, when one is read again, and what is served meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.serving import Fixed, Silent, client, serve
from tests.api.test_several_stacks import EU
from tests.support.waiting import until
from trunkline.api.app import create_several
from trunkline.state.publication import Status


def test_the_log_says_of_which_stack_it_speaks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    us, eu = Fixed(NOW), Fixed(EU)
    with serve(create_several({"us": us, "eu": eu}, credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/sip").status_code == 200 and api.get("/sip").json()["missing"] == [])
        us.push(Status(killed=True))
        until(lambda: bool(caplog.messages))
        eu.push(Status(fault="broken", detail="the state is no JSON"))
        until(lambda: len(caplog.messages) > 1)
        eu.push(Status())
        until(lambda: len(caplog.messages) > 2)
    assert [message.partition(" was ")[0] for message in caplog.messages] == [
        "stack us: an update of the stack",
        "stack eu: the state is no JSON. The last good version goes on being served.",
        "stack eu: the backend can be read again.",
    ]


def test_the_log_does_not_tell_of_a_good_version_before_there_was_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(create_several({"us": Fixed(NOW), "eu": Silent()}, credentials.auth(tmp_path))):
        until(lambda: bool(caplog.messages))
    assert caplog.messages == ["stack eu: the backend's folder does not exist. Nothing is served until it can be read."]


@pytest.mark.parametrize("path", ["/stacks/mars/sip", "/stacks/mars", "/stacks/mars/", "/stacks/mars/stacks/eu/sip"])
def test_a_stack_that_is_not_served_is_told_with_those_that_are(path: str, tmp_path: Path) -> None:
    sources = {"us": Fixed(NOW), "eu": Fixed(EU)}
    detail = 'no stack "mars" is served; served are us, eu: see /stacks'
    with serve(create_several(sources, credentials.auth(tmp_path))) as url, client(url) as api:
        answer, asked = api.get(path), api.get("/sip?stack=mars")
    problem = answer.json()
    assert (answer.status_code, problem["detail"], problem["stacks"]) == (404, detail, ["us", "eu"])
    assert asked.json()["errors"] == [{"parameter": "stack", "detail": detail}]


def test_of_many_stacks_the_first_are_told(tmp_path: Path) -> None:
    sources = {f"s{number:02}": Fixed(NOW) for number in range(12)}
    with serve(create_several(sources, credentials.auth(tmp_path))) as url, client(url) as api:
        detail = api.get("/stacks/mars/sip").json()["detail"]
    named = ", ".join([*sources][:10])
    assert detail == f'no stack "mars" is served; served are {named} and 2 more: see /stacks'
