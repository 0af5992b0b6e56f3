"""A hundred lines: what a preview without a change costs the vendors."""

from __future__ import annotations

from collections import Counter

import pytest

from sandbox.journal import Entry
from tests.engine.conftest import MakeProject
from tests.engine.inventories import many
from tests.engine.project import Run
from tests.engine.stage import brief

pytestmark = pytest.mark.engine

TWILIO, VONAGE, CUSTOM = 60, 20, 20


@pytest.fixture(scope="module")
def quiet(make_project: MakeProject) -> tuple[Run, list[Entry]]:
    """The preview that follows the first update, and what it asked of the vendors."""
    project = make_project(many(TWILIO, VONAGE, CUSTOM))
    project.up()
    mark = project.sandbox.journal.mark()
    return project.preview(), project.sandbox.journal.entries(mark)


def test_a_preview_of_100_lines_without_a_change_shows_none(quiet: tuple[Run, list[Entry]]) -> None:
    run, _ = quiet
    assert run.steps == []
    # Three LiveKit objects a line, a number for carriers' lines, the line itself; five of the Twilio trunk, the Fleet.
    resources = 100 * 4 + (TWILIO + VONAGE) + 5 + 1
    assert f"{resources + 1} unchanged" in run.text


def test_a_preview_of_100_lines_without_a_change_makes_no_write_and_only_lists(quiet: tuple[Run, list[Entry]]) -> None:
    _, entries = quiet
    assert [brief(entry) for entry in entries if entry.write] == []
    # Each listing once for the whole run; LiveKit's has a second page, the empty one that ends it.
    assert Counter(map(brief, entries)) == {
        "ListSIPInboundTrunk": 2,
        "ListSIPOutboundTrunk": 2,
        "ListSIPDispatchRule": 2,
        "GET 2010-04-01/Accounts/IncomingPhoneNumbers.json": 1,
        "GET account/numbers": 1,
        "GET v1/Trunks": 1,
        "GET 2010-04-01/Accounts/SIP/CredentialLists.json": 1,
        "GET 2010-04-01/Accounts/SIP/CredentialLists/Credentials.json": 1,
        "GET v1/Trunks/OriginationUrls": 1,
        "GET v1/Trunks/CredentialLists": 1,
        "GET v1/Trunks/IpAccessControlLists": 1,
    }
