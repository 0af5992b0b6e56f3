"""What is taken from an engine's log: no secret, no placeholder, each error once; and a command that cannot be run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from trunkline.cli import plan
from trunkline.errors import TrunklineError
from trunkline.review import Page, Verdict, as_json, compose, read, text
from trunkline.review.page import Change, Line, Shared, Waiting, Wall
from trunkline.review.wording import headline, sections

URN = "urn:pulumi:prod::trunkline::trunkline:PhoneLine$pulumi-python:dynamic/trunkline:OutboundTrunk::office"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "canary"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
FLEET = "urn:pulumi:prod::trunkline::pulumi-python:dynamic/trunkline:Fleet::fleet"
RECORD = {
    "lines": {"office": {"provider": "custom", "phoneNumber": "+442071234567", "removal": "protect", "held": True}}
}


def step(urn: str, op: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    kind = urn.split("::")[2].rpartition("$")[2]
    states = {"old": {"inputs": old}, "new": {"inputs": new}}
    return json.dumps({"resourcePreEvent": {"metadata": {"op": op, "urn": urn, "type": kind, **states}}})


def said(severity: str, message: str) -> str:
    return json.dumps({"diagnosticEvent": {"severity": severity, "message": message}})


def test_secrets_and_values_of_later_are_told_as_such() -> None:
    log = [
        step(FLEET, "same", RECORD, RECORD),
        step(URN, "update", {"address": "a", "authPassword": SECRET}, {"address": UNKNOWN, "authPassword": "[secret]"}),
    ]
    page = compose(read(log))
    [line] = page.lines
    change = Change(place="outbound trunk", field="address", was="a", becomes="(known after the update)")
    assert line == Line(line="office", what="changed", number="+442071234567", before="", after="", changes=(change,))
    assert (page.stack, page.verdict) == ("prod", Verdict.CHANGES)


def test_another_password_is_told_as_such_and_a_replacement_once() -> None:
    props = {"address": "a", "authPassword": SECRET}
    credential = URN.replace("trunkline:PhoneLine$", "").replace("OutboundTrunk::office", "Credential::tw")
    log = [
        step(FLEET, "same", RECORD, RECORD),
        step(URN, "update", {**props, "vendorId": "ST_1"}, props),
        *(step(credential, op, {"username": "a"}, {"username": "b"}) for op in ("create-replacement", "replace")),
        step(credential, "delete-replaced", {"username": "a"}, {"username": "a"}),
    ]
    page = compose(read(log))
    change = Change(place="outbound trunk", field="auth_password", was="[secret]", becomes="another [secret]")
    assert [line.changes for line in page.lines] == [(change,)]
    renamed = Change(place="credential", field="username", was="a", becomes="b")
    assert page.shared == (Shared(kind="credential", name="tw", what="replaced", changes=(renamed,)),)


def found_by_refresh(urn: str, recorded: dict[str, Any], found: dict[str, Any], *differs: str) -> str:
    metadata = json.loads(step(urn, "refresh", recorded, found))["resourcePreEvent"]["metadata"]
    metadata |= {"old": {"outputs": recorded}, "new": {"outputs": found}, "detailedDiff": {key: {} for key in differs}}
    return json.dumps({"resOutputsEvent": {"metadata": metadata}})


@pytest.mark.parametrize("address", ["a", "elsewhere"])
def test_a_password_that_was_changed_by_hand_is_drift_and_no_edit_of_the_file(address: str) -> None:
    wanted = {"address": "a", "authPassword": SECRET, "authUsername": SECRET}
    update = json.loads(step(URN, "update", {**wanted, "address": address}, wanted))
    update["resourcePreEvent"]["metadata"]["detailedDiff"] = {"authPassword": {}, "address": {}}
    log = [
        step(FLEET, "same", RECORD, RECORD),
        found_by_refresh(URN, wanted, {**wanted, "address": address}, "authPassword", "address"),
        json.dumps(update),
    ]
    page = compose(read(log))
    told = [("auth_password", "[secret]", "another [secret]")]
    told = [*([("address", "a", address)] if address != "a" else []), *told]
    assert [(one.field, one.recorded, one.found) for one in page.drift] == told
    assert page.lines == ()


def test_a_pin_that_falls_is_a_wall_that_lets_more_in_unless_an_adopted_rule_keeps_it() -> None:
    rule = URN.replace("OutboundTrunk", "DispatchRule")
    props = {"agents": [{"agentName": "a"}], "adopt": False}
    falls, stays = (
        compose(
            read([step(FLEET, "same", RECORD, RECORD), step(rule, "update", {**given, "pin": "4711"}, given)])
        ).walls
        for given in (props, {**props, "adopt": True})
    )
    wall = Wall(
        owner="office", wall="pin of the dispatch rule: it asks callers for a PIN", was="[pin]", becomes="(none)"
    )
    assert (falls, stays) == ((wall,), ())


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ({"pin": "4711"}, {"pin": "0815"}, ("[pin]", "another [pin]")),
        ({}, {"pin": "0815"}, ("(none)", "[pin]")),
        ({"pin": "4711"}, {"pin": ""}, ("[pin]", "(none)")),
        ({"pin": "4711"}, {"pin": SECRET}, ("[pin]", "another [pin]")),
        ({"pin": "4711"}, {"pin": UNKNOWN}, ("[pin]", "(known after the update)")),
    ],
)
def test_a_pin_is_never_shown_wherever_the_page_says_what_it_was_and_becomes(
    was: dict[str, Any], becomes: dict[str, Any], told: tuple[str, str]
) -> None:
    rule, answers = URN.replace("OutboundTrunk", "DispatchRule"), {"agents": [{"agentName": "a"}]}
    log = [step(FLEET, "same", RECORD, RECORD), step(rule, "update", {**answers, **was}, {**answers, **becomes})]
    page = compose(read(log))
    change = Change(place="dispatch rule", field="pin", was=told[0], becomes=told[1])
    assert [line.changes for line in page.lines] == [(change,)]
    drift = compose(read([step(FLEET, "same", RECORD, RECORD), found_by_refresh(rule, was, becomes, "pin")])).drift
    assert [(one.field, one.recorded, one.found) for one in drift] == [("pin", *told)]
    assert not {"4711", "0815"} & set(re.findall(r"\d+", as_json.render(page)))


def test_a_mark_of_a_line_that_is_renamed_is_a_wall_that_falls() -> None:
    [wish] = RECORD["lines"].values()
    renamed = {"lines": {"desk": {**wish, "removal": "release", "renamedFrom": "office"}}}
    page = compose(read([step(FLEET, "update", RECORD, renamed)]))
    assert [(one.owner, one.was, one.becomes) for one in page.walls] == [("desk", "protect", "release")]


def test_who_answered_lines_of_a_trunk_that_is_shared_no_more_is_told() -> None:
    shared = {"provider": "custom", "removal": "protect", "sharedTrunk": "pool"}
    before = {"lines": {"a": {**shared, "phoneNumber": "+1"}, "b": {**shared, "phoneNumber": "+2"}}}
    after = {
        "lines": {
            "a": {"provider": "custom", "removal": "protect", "phoneNumber": "+1"},
            "bb": {"provider": "custom", "removal": "protect", "phoneNumber": "+2", "renamedFrom": "b"},
        }
    }
    rule = URN.replace("OutboundTrunk::office", "DispatchRule::")
    answers = {"agents": [{"agentName": "x"}]}
    log = [
        step(FLEET, "update", before, after),
        step(f"{rule}a", "create", {}, answers),
        step(f"{rule}bb", "update", {**answers, "tag": "trunkline:acme/prod/trunk.pool"}, answers),
    ]
    told = [(line.line, line.what, line.before, line.after) for line in compose(read(log)).lines]
    assert told == [("a", "changed", "x", "x"), ("bb", "renamed", "x", "x")]


def test_what_is_taken_over_in_place_is_adopted_and_not_made() -> None:
    adopting: dict[str, dict[str, Any]] = {
        "trunk.pool": {"SipTrunk TK1": {}, "OriginationUrl (new)": {}},
        "a": {"PhoneNumber +1": {}},
    }
    objects = URN.replace("trunkline:PhoneLine$", "").replace("OutboundTrunk::office", "")
    log = [
        step(FLEET, "update", RECORD, {**RECORD, "adopting": adopting}),
        step(f"{objects}SipTrunk::pool", "create", {}, {"adopt": True}),
        step(f"{objects}OriginationUrl::pool", "create", {}, {"adopt": True}),
    ]
    page = compose(read(log))
    assert page.shared == (
        Shared(kind="origination URL", name="pool", what="made"),
        Shared(kind="carrier trunk", name="pool", what="adopted"),
    )
    assert headline(page) == "Plan of stack prod: 1 object adopted."


def test_a_number_that_vanished_waits_and_is_not_put_right_again() -> None:
    number = URN.replace("OutboundTrunk", "PhoneNumber")
    gone = {"phoneNumber": "+442071234567", "status": "vanished"}
    here = {**gone, "status": "owned"}
    page = compose(
        read(
            [
                step(FLEET, "same", RECORD, RECORD),
                found_by_refresh(number, here, gone, "status"),
                step(number, "update", here, gone),
            ]
        )
    )
    assert page.drift == ()
    assert page.waiting == (Waiting(line="office", number="+442071234567", status="vanished"),)
    assert headline(page) == "Plan of stack prod: 1 changed, 1 not there as it should be."


def test_each_error_is_told_once_and_without_the_engine_s_words() -> None:
    told = "numbers.yaml:3: no"
    checked = f"<{{%reset%}}>pulumi-python:dynamic/trunkline:Fleet resource 'fleet' has a problem: {told}<{{%reset%}}>"
    page = compose(
        read([said("error", checked), said("error", checked), said("debug", "noise"), said("error", "preview failed")])
    )
    assert (page.verdict, page.refused, page.notices) == (Verdict.REFUSED, (told,), ())


def test_a_command_that_cannot_be_run_is_told_with_the_way(tmp_path: Path) -> None:
    with pytest.raises(TrunklineError, match=r"`pulumi` cannot be run .* Nothing was changed"):
        plan.main(("--cwd", str(tmp_path)), {"PATH": str(tmp_path)})


def test_what_the_engine_says_of_the_machine_is_no_notice_of_the_plan() -> None:
    ours = "using a number like +1 from $PATH at the carrier"
    log = [
        said("warning", "using pulumi-resource-command from $PATH at /opt/pulumi/bin/pulumi-resource-command\n"),
        said("warning", ours),
    ]
    assert read(log).notices == (ours,)


def test_a_line_that_changes_says_where_its_calls_go_that_nobody_answers_in_time() -> None:
    there = {"to": "sip:desk@pbx.example.com", "after": 15}
    record = {"lines": {"office": {**RECORD["lines"]["office"], "fallback": there}}}
    trunk, rule = (URN.replace("OutboundTrunk", kind) for kind in ("InboundTrunk", "DispatchRule"))
    answers = {"agents": [{"agentName": "desk-agent", "metadata": ""}]}
    log = [
        step(FLEET, "update", RECORD, record),
        step(trunk, "update", {"ringingTimeout": 0}, {"ringingTimeout": 15, "ringingTimeoutStatus": 503}),
        step(rule, "same", answers, answers),
    ]
    page = compose(read(log))
    (row,) = [row for one in sections(page) for row in one.rows if row.text.startswith("office")]
    assert (row.text, row.details[0]) == (
        "office (+442071234567), changed: answered by desk-agent",
        "if desk-agent does not answer within 15 s: sip:desk@pbx.example.com",
    )


def test_lines_that_come_and_go_without_a_carrier_s_number_are_counted() -> None:
    office = RECORD["lines"]["office"]
    hundreds = {"lines": {f"office-{place}": {**office, "phoneNumber": f"+44{place}"} for place in range(300)}}
    for before, after, told in ((RECORD, hundreds, "300 lines added, 1 line removed"), (hundreds, {"lines": {}}, "")):
        page = compose(read([step(FLEET, "update", before, after), step(URN, "create", {}, {"address": "a"})]))
        assert headline(page) == f"Plan of stack prod: {told or '300 lines removed'}."


def test_what_stands_in_a_notice_begins_no_row_but_where_we_broke_it() -> None:
    page = Page(stack="prod", verdict=Verdict.NOTHING, notices=("ours\n    below", "theirs\x85\u2028\x0b- more"))
    assert text.render(page).splitlines()[-5:] == [
        "",
        "Notices",
        "  ours",
        "      below",
        "  theirs\\x85\\u2028\\x0b- more",
    ]
