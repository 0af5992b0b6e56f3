"""What somebody changed by hand: the next preview names the property with both values, the next update mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import SECRETS, Project, Run
from tests.engine.stage import Stage, advance, edited

pytestmark = pytest.mark.engine

BY_HAND = "canary-by-hand-99"
GB = "+447400551233"
SALES = "+16505551234"
REPURCHASE = edited(START, "label: Sales, US", "label: Sales, US\n    repurchase: true")


@dataclass(frozen=True, slots=True)
class Edits:
    """The preview and the update after edits by hand."""

    preview: Run
    stage: Stage


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    return make_project(START)


@pytest.fixture(scope="module")
def edits(project: Project) -> Edits:
    project.up()
    project.preview()  # takes note of what the first update made
    sandbox, ids = project.sandbox, project.ids()
    sandbox.livekit.edit_trunk(ids["InboundTrunk sales-us"], krisp_enabled=True, name="Renamed")
    sandbox.livekit.edit_trunk(ids["OutboundTrunk uk-office"], auth_password=BY_HAND)
    sandbox.livekit.edit_trunk(ids["OutboundTrunk support-us"], address="elsewhere.example.com")
    sandbox.livekit.edit_rule(ids["DispatchRule support-gb"], name="")
    sandbox.livekit.delete(ids["DispatchRule support-us"])
    sandbox.twilio.edit_number(SALES, trunk_sid=None)
    sandbox.twilio.edit_record("origination_url", ids["OriginationUrl twilio-us"], enabled=False)
    sandbox.vonage.edit_number(GB, voiceCallbackType="sip", voiceCallbackValue="sip:447400551233@elsewhere.example.com")
    return Edits(project.preview("--diff"), advance(project))


@pytest.fixture(scope="module")
def vanished(project: Project, edits: Edits) -> Edits:
    project.sandbox.twilio.release_by_hand(SALES)
    return Edits(project.preview("--diff"), advance(project, settles=False))


@pytest.fixture(scope="module")
def bought_again(project: Project, vanished: Edits) -> Edits:
    project.sandbox.twilio.unsell(SALES)
    project.write_inventory(REPURCHASE)
    return Edits(project.preview("--diff"), advance(project))


def test_a_preview_names_every_property_that_was_changed_by_hand(edits: Edits) -> None:
    assert edits.preview.steps == [
        "create DispatchRule support-us",
        "update DispatchRule support-gb tag",
        "update InboundTrunk sales-us krispEnabled name",
        "update OriginationUrl twilio-us enabled",
        "update OutboundTrunk support-us address",
        "update OutboundTrunk uk-office authPassword",
        "update PhoneNumber sales-us trunkSid",
        "update PhoneNumber support-gb sipUri",
    ]


@pytest.mark.parametrize(
    "shown",
    [
        "krispEnabled: true => false",
        'name: "Renamed" => "Sales, US"',
        'address: "elsewhere.example.com" => "acme-us.pstn.twilio.com"',
        "enabled: false => true",
        'sipUri: "sip:447400551233@elsewhere.example.com" =>'
        ' "sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp"',
        "authPassword: [secret] => [secret]",
    ],
)
def test_a_preview_shows_the_value_found_and_the_value_wanted(edits: Edits, shown: str) -> None:
    assert shown in _unpadded(edits.preview.text)


def test_a_password_that_was_changed_is_shown_as_a_secret_alone(edits: Edits) -> None:
    for run in (edits.preview, edits.stage.run):
        assert BY_HAND not in run.text
        assert SECRETS["ukOfficePassword"] not in run.text


def test_an_update_puts_everything_right_in_place(project: Project, edits: Edits) -> None:
    sandbox, ids = project.sandbox, edits.stage.after
    changed = {name for name in ids if ids[name] != edits.stage.before[name]}
    assert changed == {"DispatchRule support-us"}  # which was gone
    owned, at_vonage = sandbox.twilio.number(SALES), sandbox.vonage.number(GB)
    assert owned is not None
    assert at_vonage is not None
    assert owned["trunk_sid"] == ids["SipTrunk twilio-us"]
    assert at_vonage["voiceCallbackValue"] == "sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp"
    passwords = {trunk["sip_trunk_id"]: trunk["auth_password"] for trunk in sandbox.livekit.outbound_trunks()}
    assert passwords[ids["OutboundTrunk uk-office"]] == SECRETS["ukOfficePassword"]


def test_a_vanished_number_is_shown_by_every_preview_and_never_bought_by_itself(
    project: Project, vanished: Edits
) -> None:
    for run in (vanished.preview, vanished.stage.again):
        assert run.steps == ["update PhoneNumber sales-us status"]
    assert '"owned" => "vanished"' in vanished.preview.text
    assert vanished.stage.writes == []


def test_repurchase_buys_the_very_same_number_again_once(project: Project, bought_again: Edits) -> None:
    assert "PhoneNumber sales-us" in " ".join(bought_again.preview.steps)
    assert [write for write in bought_again.stage.writes if "IncomingPhoneNumbers" in write] == [
        "POST 2010-04-01/Accounts/IncomingPhoneNumbers.json"
    ]
    assert SALES in project.sandbox.twilio.numbers()
    assert project.outputs()["lines"]["sales-us"]["status"] == "active"


def test_after_each_repair_a_preview_shows_no_change(edits: Edits, bought_again: Edits) -> None:
    assert (edits.stage.again.steps, bought_again.stage.again.steps) == ([], [])


def _unpadded(text: str) -> str:
    """The printed properties without the blanks that align their colons."""
    return re.sub(r" +: ", ": ", text)
