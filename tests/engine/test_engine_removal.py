"""Taking lines away: nothing leaves without a mark that was applied before, and then exactly once."""

from __future__ import annotations

import re

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project, Run
from tests.engine.stage import Stage, advance, edited

pytestmark = pytest.mark.engine

SUPPORT_US = """\
  support-us:
    search: {country: US, area_code: 650, type: local}
    agent: support
"""
SUPPORT_GB = """\
  support-gb:
    provider: vonage
    search: {country: GB, type: mobile}
    agent: support
    label: Support, UK mobile
"""
UK_OFFICE = """\
  uk-office:
    phone_number: "+442071234567"
    trunk: uk-office
    agent: support
    label: UK Office
"""
RENAMED = edited(START, "  sales-us:\n", "  sales-america:\n    renamed_from: sales-us\n")
MARKED = edited(RENAMED, SUPPORT_US, SUPPORT_US + "    removal: release\n")
MARKED = edited(MARKED, SUPPORT_GB, SUPPORT_GB + "    removal: keep\n")
MARKED = edited(MARKED, UK_OFFICE, UK_OFFICE + "    removal: release\n")
ALL_MARKED = edited(RENAMED, "label: Sales, US\n", "label: Sales, US\n    removal: release\n")
for _line in (SUPPORT_US, SUPPORT_GB, UK_OFFICE):
    ALL_MARKED = edited(ALL_MARKED, _line, "")
REFUSAL = (
    'line "support-us" ({}, 1.15 USD a month) is no longer in numbers.yaml, but was never marked for removal.'
    " Put it back with `removal: release` (gives the number back for ever) or `removal: keep` (stays owned, detached),"
    " run `pulumi up`, then remove it. If it has a new name, write `renamed_from: support-us` there"
)


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    return make_project(START)


@pytest.fixture(scope="module")
def started(project: Project) -> Run:
    return project.up()


@pytest.fixture(scope="module")
def refused(project: Project, started: Run) -> dict[str, Run]:
    """Every way to lose an unmarked line, in turn; nothing may have been written by any of them."""
    mark, ids = project.sandbox.journal.mark(), project.ids()
    project.write_inventory(edited(START, SUPPORT_US, ""))
    runs = {
        "preview": project.preview(code=1),
        "up": project.with_preview(code=1),
        "up --skip-preview": project.up(code=1),
    }
    project.write_inventory(START)
    runs["destroy"] = project.destroy(code=1)
    assert project.writes(mark) == []
    assert project.ids() == ids
    return runs


@pytest.fixture(scope="module")
def marked(project: Project, refused: object) -> Stage:
    return advance(project, MARKED)


@pytest.fixture(scope="module")
def removed(project: Project, marked: Stage) -> Stage:
    text = MARKED
    for line, mark in ((SUPPORT_US, "release"), (SUPPORT_GB, "keep"), (UK_OFFICE, "release")):
        text = edited(text, f"{line}    removal: {mark}\n", "")
    return advance(project, text.replace("max_releases: 1", "max_releases: 2"))


@pytest.fixture(scope="module")
def destroyed(project: Project, removed: Stage) -> Run:
    project.up(ALL_MARKED)
    return project.destroy()


@pytest.mark.parametrize("command", ["preview", "up", "up --skip-preview"])
def test_a_line_deleted_without_a_mark_is_refused_with_what_to_do(
    project: Project, refused: dict[str, Run], command: str
) -> None:
    charged = [charge.number for charge in project.sandbox.ledger.charges() if charge.vendor == "twilio"]
    (searched,) = (number for number in charged if number != "+16505551234")
    assert REFUSAL.format(searched) in refused[command].errors


def test_a_refusal_shows_no_value_of_a_property_that_is_not_there(refused: dict[str, Run]) -> None:
    assert "{<nil>}" not in refused["preview"].errors


def test_destroy_of_unmarked_lines_is_refused_by_the_engine(refused: dict[str, Run]) -> None:
    assert "cannot be deleted" in refused["destroy"].errors
    assert "PhoneNumber::sales-us" in refused["destroy"].errors


def test_marking_and_renaming_keep_every_object(marked: Stage) -> None:
    assert sorted(marked.after.values()) == sorted(marked.before.values())
    # The line's component has another name: it holds what is there, and stands at no vendor.
    made = [step for step in marked.run.steps if step.startswith(("create", "delete", "replace"))]
    at_no_vendor = {"create PhoneLine sales-america", "delete PhoneLine sales-us", "create pulumi default"}
    assert set(made) <= at_no_vendor


def test_a_renamed_line_carries_its_new_tag_and_the_marks_write_nothing(project: Project, marked: Stage) -> None:
    sid = marked.after["PhoneNumber sales-america"]
    assert marked.writes == [
        f"POST 2010-04-01/Accounts/IncomingPhoneNumbers/{sid}.json",
        "UpdateSIPDispatchRule",
        "UpdateSIPInboundTrunk",
        "UpdateSIPOutboundTrunk",
    ]


def test_a_released_line_goes_with_its_number_released_once(project: Project, removed: Stage) -> None:
    number = removed.before["PhoneNumber support-us"]
    assert removed.writes.count(f"DELETE 2010-04-01/Accounts/IncomingPhoneNumbers/{number}.json") == 1
    assert [write for write in removed.writes if write.startswith("DELETE")] == [
        f"DELETE 2010-04-01/Accounts/IncomingPhoneNumbers/{number}.json"
    ]
    assert project.sandbox.twilio.numbers() == ("+16505551234",)


def test_a_kept_number_stays_owned_and_is_detached(project: Project, removed: Stage) -> None:
    assert project.sandbox.vonage.numbers() == ("+447400551233",)
    owned = project.sandbox.vonage.number("+447400551233")
    assert owned is not None
    assert owned.get("voiceCallbackValue", "") == ""


def test_livekit_holds_nothing_of_lines_that_went(project: Project, removed: Stage) -> None:
    livekit = project.sandbox.livekit
    kept = {removed.after[f"{kind} sales-america"] for kind in ("InboundTrunk", "OutboundTrunk", "DispatchRule")}
    trunks = [*livekit.inbound_trunks(), *livekit.outbound_trunks()]
    rules = [rule["sip_dispatch_rule_id"] for rule in livekit.dispatch_rules()]
    assert {trunk["sip_trunk_id"] for trunk in trunks} | set(rules) == kept


def test_the_carrier_lets_go_before_livekit_does(removed: Stage) -> None:
    number = removed.before["PhoneNumber support-us"]
    order = [entry.path.rpartition("/")[2] for entry in removed.entries if entry.write]
    released = order.index(f"{number}.json")
    rule = next(
        place
        for place, entry in enumerate(entry for entry in removed.entries if entry.write)
        if removed.before["DispatchRule support-us"] in entry.params.values()
    )
    assert released < rule


@pytest.mark.parametrize("name", ["marked", "removed"])
def test_after_every_update_a_preview_shows_no_change(name: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(name)
    assert stage.again.steps == []
    assert [entry for entry in stage.entries_again if entry.write] == []


def test_destroy_of_marked_lines_leaves_nothing_anywhere(project: Project, destroyed: Run) -> None:
    sandbox = project.sandbox
    assert sandbox.twilio.numbers() == ()
    assert (sandbox.livekit.inbound_trunks(), sandbox.livekit.outbound_trunks()) == ((), ())
    assert sandbox.livekit.dispatch_rules() == ()
    assert [each["type"] for each in project.resources()] == []
    assert re.search(r"- \d+ deleted", destroyed.text)
