"""Verbs that do a part: `--target` of what is there, `--exclude`, `--continue-on-error`, `refresh`, `import`."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.day import NOT_IMPORTED, Day
from tests.engine.inventories import START
from tests.engine.stage import edited
from tests.toolchain.scratch_project import has_stand_ins

pytestmark = pytest.mark.engine

FILE = START
SALES = FILE[FILE.index("  sales-us:") : FILE.index("  support-us:")]
MARKED = edited(FILE, SALES, f"{SALES}    removal: release\n")
REMAPPED = edited(FILE, "    agent: sales\n", "    agent: support\n").replace("UK Office\n", "Office\n")
NEW = REMAPPED + '  desk-us:\n    phone_number: "+16505551236"\n    agent: sales\n'


def test_a_mark_that_was_applied_by_target_counts(day: Day) -> None:
    day.run("up", "--target", day.urn("PhoneNumber", "sales-us"), file=MARKED)

    day.run("up", file=edited(FILE, SALES, ""))

    assert (day.released, len(day.charged)) == (["+16505551234"], 3)
    assert [cut.partition(",")[0] for cut in day.cut] == ["+16505551234"]
    day.settles()


@pytest.mark.parametrize("verb", ["--target", "--exclude"])
def test_a_marked_line_that_an_update_without_the_fleet_left_goes_in_the_next(day: Day, verb: str) -> None:
    day.run("up", file=MARKED)
    left_out = {"--target": ("DispatchRule", "support-us"), "--exclude": ("Fleet", "fleet")}[verb]

    day.run("up", verb, day.urn(*left_out), file=edited(FILE, SALES, ""), code=0 if verb == "--target" else 1)

    outputs = day.theatre.project.outputs()
    assert (sorted(outputs["lines"]), outputs["summary"]["lines"]) == (
        ["sales-us", "support-gb", "support-us", "uk-office"],
        4,
    )
    assert (day.released, day.cut) == ([], [])
    day.run("up")
    assert (day.released, len(day.charged)) == (["+16505551234"], 3)
    assert "sales-us" not in day.theatre.project.outputs()["lines"]
    day.settles()


def test_what_is_excluded_waits_for_the_next_update(day: Day) -> None:
    run = day.run("up", "--exclude", day.urn("DispatchRule", "sales-us"), "--exclude-dependents", file=REMAPPED)
    assert not any(step.startswith("update DispatchRule sales-us") for step in run.steps)

    run = day.run("up")

    assert [step.partition(" agents")[0] for step in run.steps] == ["update DispatchRule sales-us"]
    assert (day.cut, day.released, len(day.charged)) == ([], [], 3)
    day.settles()


def test_an_update_that_goes_on_after_an_error_buys_nothing_twice(day: Day) -> None:
    day.sandbox.faults.add(Fault("status", vendor="twilio", method="POST", path="IncomingPhoneNumbers", status=400))
    day.run("up", "--continue-on-error", file=NEW, code=1)
    day.sandbox.faults.clear()

    day.run("up")

    assert (day.charged.count("+16505551236"), len(day.charged), day.cut) == (1, 4, [])
    day.settles()


def test_a_refresh_writes_nothing(day: Day) -> None:
    for flags in ((), ("--run-program",)):
        day.run("refresh", *flags)
    day.theatre.project.engine("refresh", "--preview-only")
    day.run("up", "--refresh", "--run-program")

    assert day.sandbox.journal.writes() == []
    day.settles()


def test_an_import_fails_plainly_and_changes_nothing(day: Day) -> None:
    before = day.theatre.project.resources()

    for kind, id_ in (("InboundTrunk", "ST_1"), ("DispatchRule", "SDR_1"), ("PhoneNumber", "+16505551234")):
        run = day.theatre.project.pulumi(
            "import", f"pulumi-python:dynamic/trunkline:{kind}", "by-hand", id_, "--yes", "--skip-preview", code=1
        )
        assert NOT_IMPORTED in run.text
        assert not has_stand_ins() or "Traceback" not in run.text
    assert day.sandbox.journal.writes() == []
    assert len(day.theatre.project.resources()) == len(before)


def test_a_destroy_takes_no_more_than_was_marked(day: Day) -> None:
    day.run("up", file=MARKED)

    day.run("destroy", "--run-program", "--exclude", day.urn("PhoneNumber", "sales-us"), code=1)
    assert day.sandbox.journal.writes() == []
    day.run("destroy", "--exclude-protected")

    assert (day.released, len(day.charged)) == (["+16505551234"], 3)
    day.run("up", file=edited(FILE, SALES, ""))
    assert (day.released, len(day.charged)) == (["+16505551234"], 3)
    day.settles()
