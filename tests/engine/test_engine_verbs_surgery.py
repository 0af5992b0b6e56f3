"""Surgery on the state: what was moved, deleted, unprotected, repaired or written by hand costs no number, no call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.conftest import OpenTheatre
from tests.engine.day import Day
from tests.engine.inventories import IMPLICIT_LOGIN, MIXED
from tests.engine.project import SECRETS, STACK
from tests.engine.reach import answered
from tests.engine.stage import edited
from tests.faults.theatre import Theatre

pytestmark = pytest.mark.engine

LINE = 'us-one: {provider: twilio, phone_number: "+16505551234", agent: sales, label: One}'
FILE = edited(MIXED, LINE, LINE.replace("}", ", removal: release}"))


@pytest.fixture(scope="module")
def theatre(open_theatre: OpenTheatre) -> Theatre:
    theatre = open_theatre(FILE, **IMPLICIT_LOGIN)
    theatre.project.up()
    theatre.keep("made", FILE)
    return theatre


def assert_nothing_happened(day: Day, ids: dict[str, str]) -> None:
    assert (day.cut, day.led_astray, day.released, len(day.charged)) == ([], [], [], 7)
    assert (day.writes_of_deletes(), len(answered(day.sandbox)), day.theatre.project.ids()) == ([], 8, ids)
    day.settles()


def rewrite(day: Day, change: Callable[[dict[str, Any]], None]) -> None:
    """Take the state out, change it, and put it back, as with `stack export` and `stack import`."""
    project = day.theatre.project
    path = project.directory / "export.json"
    project.pulumi("stack", "export", "--file", str(path))
    exported = json.loads(path.read_text())
    change(exported["deployment"])
    path.write_text(json.dumps(exported))
    project.pulumi("stack", "import", "--file", str(path), "--force")


def test_a_stack_to_which_entries_were_moved_deletes_and_releases_nothing(day: Day) -> None:
    project, ids = day.theatre.project, day.theatre.project.ids()
    project.pulumi("stack", "init", "other")
    for name, value in {**SECRETS, **IMPLICIT_LOGIN}.items():
        project.pulumi("config", "set", "--secret", f"trunkline:{name}", value)
    project.pulumi("stack", "select", STACK)
    kinds = ("SipTrunk", "OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList")
    urns = [day.urn(kind, "twilio") for kind in kinds]
    urns += [day.urn(kind, "us-one") for kind in ("PhoneNumber", "DispatchRule", "InboundTrunk", "OutboundTrunk")]

    project.pulumi("state", "move", "--source", STACK, "--dest", "other", "--include-parents", "--yes", *urns)

    project.pulumi("stack", "select", "other")
    assert f'belongs to line "us-one" of fleet "trunkline/{STACK}"' in day.run("up", code=1).errors
    run = day.run("destroy")

    assert run.text.count("from whose stack this entry was moved") >= len(urns)
    assert day.sandbox.journal.writes() == []
    project.pulumi("stack", "select", STACK)
    day.run("up")
    assert_nothing_happened(day, ids)


def test_what_was_deleted_from_the_state_with_its_dependents_is_taken_back(day: Day) -> None:
    ids = day.theatre.project.ids()
    day.state("delete", day.urn("SipTrunk", "twilio"), "--target-dependents", "--force")
    assert len(day.theatre.project.ids()) < len(ids)

    day.run("up", "--target", "**Fleet::fleet", "--target-dependents", "--parallel", "1")

    assert day.sandbox.journal.writes() == []
    assert_nothing_happened(day, ids)


@pytest.mark.parametrize("flag", ["--refresh=false", "--continue-on-error"])
def test_a_state_that_was_unprotected_releases_no_unmarked_number(day: Day, flag: str) -> None:
    day.state("unprotect", "--all")

    day.run("destroy", flag, code=1)

    assert (day.released, {one.partition(",")[0] for one in day.cut}) == (["+16505551234"], {"+16505551234"})
    day.cut.clear()
    day.state("protect", day.urn("PhoneNumber", "us-two"))
    assert "Set `repurchase: true` to buy it again" in day.run("up").text
    assert (day.released, day.cut, len(day.charged)) == (["+16505551234"], [], 7)


def test_a_state_of_which_the_order_was_repaired_is_used_on(day: Day) -> None:
    ids = day.theatre.project.ids()
    path = day.theatre.project.directory / f"state/.pulumi/stacks/trunkline/{STACK}.json"
    checkpoint = json.loads(path.read_text())
    checkpoint["checkpoint"]["latest"]["resources"].reverse()
    path.write_text(json.dumps(checkpoint))
    assert "snapshot integrity error" in day.theatre.project.pulumi("preview", code=1).text

    day.state("repair")

    day.run("up")
    assert day.sandbox.journal.writes() == []
    assert_nothing_happened(day, ids)


@pytest.mark.parametrize("flag", ["--clear-pending-creates", "--import-pending-creates", "--skip-pending-creates"])
def test_a_refresh_forgets_no_object_of_which_the_state_notes_a_create(day: Day, flag: str) -> None:
    ids = day.theatre.project.ids()

    def note(deployment: dict[str, Any]) -> None:
        for each in [one for one in deployment["resources"] if one["urn"].endswith("::us-one") and "id" in one]:
            deployment["resources"].remove(each)
            deployment.setdefault("pending_operations", []).append({"resource": each, "type": "creating"})

    named = (day.urn("PhoneNumber", "us-one"), flag, "+16505551234") if flag == "--import-pending-creates" else ()
    rewrite(day, note)

    day.theatre.project.pulumi("refresh", "--yes", "--skip-preview", flag, *named)
    day.run("up")

    assert day.sandbox.journal.writes() == []
    assert_nothing_happened(day, ids)


def test_a_line_that_the_file_lost_with_the_record_stays_in_its_shared_trunk(day: Day) -> None:
    ids = day.theatre.project.ids()
    lost = edited(FILE, '  joint-two: {trunk: joint, phone_number: "+447400123502", agent: sales}\n', "")

    unread = day.run("up", "--replace", day.urn("Fleet", "fleet"), "--refresh=false", file=lost, code=1)
    day.state("delete", "--all", "--force")
    emptied = day.run("up", code=1)

    assert '+447400123502 of line "joint-two" stands in LiveKit trunk' in unread.errors
    assert "+447400123502 stands in LiveKit trunk" in emptied.errors
    assert day.sandbox.journal.writes() == []
    day.run("up", file=FILE)
    assert_nothing_happened(day, ids)
