"""`up --replace`, `state taint` and `state rename` on the real engine: the live objects stay, and no entry waits."""

from __future__ import annotations

import pytest

from tests.engine.day import Day
from tests.engine.inventories import START
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

KINDS = (
    "InboundTrunk",
    "OutboundTrunk",
    "DispatchRule",
    "SipTrunk",
    "OriginationUrl",
    "CredentialList",
    "Credential",
    "TrunkCredentialList",
    "PhoneNumber",
)
FILE = edited(START, "label: Sales, US\n", "label: Sales, US\n    removal: release\n")


def assert_nothing_happened(day: Day, ids: dict[str, str]) -> None:
    assert (day.writes_of_deletes(), day.cut, day.released, len(day.charged)) == ([], [], [], 3)
    day.settles()
    assert day.theatre.project.ids() == ids


def test_replacing_everything_that_can_be_replaced_deletes_nothing(day: Day) -> None:
    ids, urns = day.theatre.project.ids(), day.urns(*KINDS)
    assert {urn.split("::")[-2].rpartition(":")[2] for urn in urns} == set(KINDS)

    run = day.run("up", *(word for urn in urns for word in ("--replace", urn)))

    assert (
        f"InboundTrunk {ids['InboundTrunk sales-us']} was left as it is: another entry of the state has it" in run.text
    )
    assert "+16505551234 of line sales-us was left as it is" in run.text
    assert_nothing_happened(day, ids)


def test_what_is_tainted_keeps_its_objects(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.state("taint", *day.urns(*KINDS))
    day.state("untaint", "--all")
    assert day.run("up").steps == []
    day.state("taint", *day.urns(*KINDS))

    day.run("up")

    assert_nothing_happened(day, ids)


def test_a_protected_number_that_was_tainted_is_not_made_anew(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.state("taint", day.urn("PhoneNumber", "support-us"))

    assert day.run("up").steps == []

    assert_nothing_happened(day, ids)


def test_what_is_renamed_in_the_state_keeps_its_objects(day: Day) -> None:
    ids = day.theatre.project.ids()
    for kind in ("DispatchRule", "PhoneNumber"):
        day.state("rename", day.urn(kind, "sales-us"), "renamed-by-hand")

    day.run("up")

    assert_nothing_happened(day, ids)


def test_a_protected_number_is_not_replaced(day: Day) -> None:
    ids = day.theatre.project.ids()

    run = day.run("up", "--target-replace", day.urn("PhoneNumber", "support-us"), code=1)

    assert "currently marked for protection" in run.text
    assert_nothing_happened(day, ids)


def test_a_marked_number_that_is_in_the_file_is_replaced_by_itself(day: Day) -> None:
    ids = day.theatre.project.ids()

    day.run("up", "--target-replace", day.urn("PhoneNumber", "sales-us"))

    assert_nothing_happened(day, ids)


def test_a_protected_number_that_is_replaced_all_the_same_stays(day: Day) -> None:
    ids = day.theatre.project.ids()

    day.run("up", "--ignore-protect", "--replace", day.urn("PhoneNumber", "support-us"))

    assert_nothing_happened(day, ids)


def test_entries_that_wait_for_their_deletion_go_and_their_objects_stay(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.leave_replaced(day.urns(*KINDS))
    assert len(day.waiting) > len(KINDS)

    day.run("up")

    assert_nothing_happened(day, ids)


def test_a_destroy_that_reads_nothing_cuts_nobody_off_by_the_entries_that_wait(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.leave_replaced([urn for urn in day.urns(*KINDS[:-1]) if not urn.endswith("::sales-us")])

    run = day.run("destroy", "--refresh=false", code=1)

    assert "un it again without `--refresh=false`" in run.text
    assert [one for one in day.cut if not one.startswith("+16505551234")] == []
    assert day.released in ([], ["+16505551234"])
    assert {kind: id_ for kind, id_ in day.theatre.project.ids().items() if "sales-us" not in kind} == {
        kind: id_ for kind, id_ in ids.items() if "sales-us" not in kind
    }


def test_a_fleet_that_is_replaced_forgets_nothing(day: Day) -> None:
    line = START[START.index("  support-us:") : START.index("  support-gb:")]
    fleet = day.urn("Fleet", "fleet")

    run = day.run("up", "--replace", fleet, file=edited(FILE, line, ""), code=1)
    assert "never marked for removal" in run.errors
    day.state("taint", fleet)
    day.run("up", file=FILE)

    assert_nothing_happened(day, day.theatre.project.ids())


def test_replacing_everything_by_a_pattern_changes_nothing(day: Day) -> None:
    ids = day.theatre.project.ids()

    day.run("up", "--replace", "**", "--ignore-protect")

    assert_nothing_happened(day, ids)


def test_a_protected_number_that_is_renamed_in_the_state_stays(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.state("rename", day.urn("PhoneNumber", "support-us"), "renamed-by-hand")

    assert "because it is protected" in day.run("up", code=1).text
    day.state("unprotect", day.urn("PhoneNumber", "renamed-by-hand"))
    day.run("up")

    assert_nothing_happened(day, ids)
