"""`destroy` of a part, `--target`, `--exclude`, `state delete`: nothing is bought unasked, no limit is passed."""

from __future__ import annotations

import pytest

from tests.engine.conftest import OpenTheatre
from tests.engine.day import Day
from tests.engine.inventories import START
from tests.engine.reach import answered
from tests.engine.stage import edited
from tests.faults.theatre import Theatre

pytestmark = pytest.mark.engine

SALES, DESK = "+16505551234", "+442071234567"
LIMITED = edited(START, "max_purchases: 5", "max_purchases: 0")
MARKED = edited(LIMITED, "label: Sales, US\n", "label: Sales, US\n    removal: release\n")
MARKED = edited(MARKED, "label: Support, UK mobile\n", "label: Support, UK mobile\n    removal: release\n")
NEW = START + '  desk-us:\n    phone_number: "+16505551236"\n    agent: sales\n'


def without(text: str, *lines: str) -> str:
    """Take lines out of a file; each ends where the next one or the file does."""
    kept: list[str] = []
    skips = False
    for row in text.splitlines(keepends=True):
        if row.startswith("  ") and not row.startswith("   "):
            skips = row.strip().rstrip(":") in lines and "numbers:" in "".join(kept)
        if not skips:
            kept.append(row)
    return "".join(kept)


@pytest.fixture(scope="module")
def theatre(open_theatre: OpenTheatre) -> Theatre:
    theatre = open_theatre(START)
    theatre.project.up()
    theatre.keep("made", START)
    theatre.project.up(MARKED)
    theatre.keep("marked", MARKED)
    return theatre


def assert_nothing_is_bought_back(day: Day, gone: set[str]) -> None:
    """Apply what stands in the file, while the carriers sell again what was released; then take the lines away."""
    released = day.released
    assert set(released) == gone
    day.offer_again()
    others = answered(day.sandbox) - gone

    run = day.run("up")

    assert run.text.count("is not in its account any more. Set `repurchase: true`") >= len(gone)
    assert (len(day.charged), day.released) == (3, released)
    assert others <= answered(day.sandbox)
    rest = without(MARKED, *(name for name, number in (("sales-us", SALES),) if number in gone))
    day.run("up", file=rest)
    assert (len(day.charged), day.released) == (3, released)


def test_a_destroy_that_ends_at_the_protected_lines_is_followed_by_no_purchase(day: Day) -> None:
    day.begin("marked")

    day.run("destroy", code=1)

    assert_nothing_is_bought_back(day, set(day.released))
    assert len(day.released) == 2


def test_a_destroy_that_ctrl_c_stopped_is_followed_by_no_purchase(day: Day) -> None:
    day.begin("marked")

    code = day.interrupted("destroy", at=("twilio", "DELETE", r"/IncomingPhoneNumbers/.*"))

    assert code != 0
    assert SALES in day.released
    assert_nothing_is_bought_back(day, set(day.released))


def test_a_number_that_alone_was_destroyed_is_not_bought_back(day: Day) -> None:
    day.begin("marked")

    day.run("destroy", "--target", day.urn("PhoneNumber", "sales-us"))

    assert_nothing_is_bought_back(day, {SALES})


def test_a_vanished_number_that_the_state_lost_is_not_bought_back(day: Day) -> None:
    day.begin("marked")
    day.sandbox.twilio.release_by_hand(SALES)
    day.run("up")
    day.state("delete", day.urn("PhoneNumber", "sales-us"), "--force")

    assert_nothing_is_bought_back(day, {SALES})


def vanish(day: Day) -> None:
    """Let a number go by hand, and be on offer again."""
    day.sandbox.twilio.release_by_hand(SALES)
    day.sandbox.twilio.unsell(SALES)
    day.take_for_given()


def test_repurchase_that_is_left_in_the_file_buys_once(day: Day) -> None:
    day.begin("made")
    vanish(day)
    day.run("up", file=edited(START, "label: Sales, US\n", "label: Sales, US\n    repurchase: true\n"))
    assert (day.charged.count(SALES), SALES in answered(day.sandbox)) == (2, True)

    vanish(day)
    run = day.run("up")

    assert "It is gone again, and was not bought." in run.text
    # Both releases are those by hand.
    assert (len(day.charged), day.charged.count(SALES), day.released, day.cut) == (4, 2, [SALES, SALES], [])


def test_excluding_the_fleet_goes_past_no_limit_and_what_is_done_is_not_counted(day: Day) -> None:
    day.begin("marked")
    rest = without(MARKED, "sales-us", "support-gb")
    assert "guard.max_releases allows 1" in day.run("up", file=rest, code=1).errors

    run = day.run("up", "--exclude", day.urn("Fleet", "fleet"), code=1)

    assert "the Fleet, which judges removals, was left out of this update" in run.errors
    assert (day.released, day.cut) == ([], [])
    for name in ("sales-us", "support-gb"):
        day.run("destroy", "--target", day.urn("PhoneNumber", name), "--target-dependents")
    assert len(day.released) == 2
    day.run("up")
    day.settles()
    assert (len(day.charged), len(day.released)) == (3, 2)


def test_a_new_line_is_targeted_with_the_fleet_or_refused_plainly(day: Day) -> None:
    day.begin("made")

    run = day.run("up", "--target", "**::desk-us", file=NEW, code=1)

    assert 'line "desk-us" is new, and the Fleet, which gives it its number, was left out of this update' in run.errors
    assert len(day.charged) == 3
    day.run("up", "--target", "**Fleet::fleet", "--target", "**::desk-us")
    assert (day.charged.count("+16505551236"), day.cut) == (1, [])
    day.settles()


def test_a_number_of_an_unmarked_line_is_not_destroyed_by_any_flag(day: Day) -> None:
    day.begin("made")
    number = day.urn("PhoneNumber", "support-us")
    day.state("unprotect", number)

    for flags in (("--target", number), ("--target", number, "--ignore-protect")):
        day.run("destroy", *flags, code=1)
    # The program, which these ran too, has protected it again by now: what is protected is left out.
    day.run("destroy", "--exclude-protected")

    assert (day.released, day.cut) == ([], [])
    day.run("up")
    day.settles()
