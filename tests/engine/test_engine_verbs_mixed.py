"""Verbs on a fleet of eight lines of every make: own, shared, custom and implicit trunks, at both carriers."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.conftest import OpenTheatre
from tests.engine.day import Day
from tests.engine.inventories import IMPLICIT_LOGIN, MIXED
from tests.engine.reach import answered
from tests.engine.stage import edited
from tests.faults.theatre import Theatre

pytestmark = pytest.mark.engine

US, GB, DESK = "+16505551234", "+447400123456", "+442071234567"
LINE = {
    US: f'  us-one: {{provider: twilio, phone_number: "{US}", agent: sales, label: One}}\n',
    GB: f'  gb-two: {{trunk: own, phone_number: "{GB}", agent: sales}}\n',
}
FILE = MIXED


def marked(text: str, *numbers: str) -> str:
    for number in numbers:
        text = edited(text, LINE[number], LINE[number].replace("}\n", ", removal: release}\n"))
    return text


@pytest.fixture(scope="module")
def theatre(open_theatre: OpenTheatre) -> Theatre:
    theatre = open_theatre(FILE, **IMPLICIT_LOGIN)
    theatre.project.up()
    theatre.keep("made", FILE)
    return theatre


def assert_nothing_happened(day: Day) -> None:
    assert (day.cut, day.led_astray, day.released, len(day.charged)) == ([], [], [], 7)
    assert len(answered(day.sandbox)) == 8
    day.settles()


def test_a_destroy_that_goes_on_after_an_error_is_finished_by_the_next(day: Day) -> None:
    day.run("up", file=marked(FILE, US, GB))
    day.sandbox.faults.add(Fault("status", vendor="twilio", method="DELETE", path="IncomingPhoneNumbers", status=400))

    day.run("destroy", "--continue-on-error", "--exclude-protected", code=1)

    assert (day.released, {one.partition(",")[0] for one in day.cut}) == ([GB], {GB})
    day.sandbox.faults.clear()
    day.run("destroy", "--exclude-protected", "--refresh=false")
    assert ({one.partition(",")[0] for one in day.cut}, day.led_astray) == ({US, GB}, [])
    assert (day.released, len(day.charged), len(answered(day.sandbox))) == ([GB, US], 7, 6)
    day.offer_again()
    day.run("up")
    assert (day.released, len(day.charged)) == ([GB, US], 7)


def test_a_refresh_of_a_part_writes_nothing(day: Day) -> None:
    rule = day.urn("DispatchRule", "us-one")
    for flags in (
        ("--target", rule),
        ("--target", day.urn("Fleet", "fleet"), "--target-dependents"),
        ("--exclude", rule, "--exclude-dependents", "--skip-preview"),
    ):
        day.run("refresh", *flags)

    assert day.sandbox.journal.writes() == []
    assert_nothing_happened(day)


def test_a_state_that_was_emptied_is_filled_again_without_a_write(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.state("delete", "--all", "--force")

    day.run("up", "--refresh=false")

    assert (day.sandbox.journal.writes(), day.theatre.project.ids()) == ([], ids)
    assert_nothing_happened(day)


def test_an_older_state_buys_nothing_back(day: Day) -> None:
    project = day.theatre.project
    path = str(project.directory / "older.json")
    project.pulumi("stack", "export", "--file", path)
    day.run("up", file=marked(FILE, US))
    day.run("up", file=edited(FILE, LINE[US], ""))
    assert day.released == [US]
    day.offer_again()
    project.pulumi("stack", "import", "--file", path)

    # The record of that state has the line without its mark: it goes as any does, in two steps.
    assert "never marked for removal" in day.run("up", code=1).errors
    assert "Set `repurchase: true` to buy it again" in day.run("up", file=marked(FILE, US)).text
    day.run("up", file=edited(FILE, LINE[US], ""))

    assert (day.released, len(day.charged), len(answered(day.sandbox))) == ([US], 7, 7)
    day.settles()
