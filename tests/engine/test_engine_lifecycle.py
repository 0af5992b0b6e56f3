"""Plain `pulumi` on a fleet of four lines: what a preview shows, and that edits reach the vendors in place."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from sandbox.journal import Entry
from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project, Run
from tests.engine.stage import Stage, advance, edited

pytestmark = pytest.mark.engine

REMAPPED = edited(START, "agent: sales\n", "agent: support\n")
FIELD_EDITS = (
    ("label: Sales, US", "label: Sales, America\n    attributes: {desk: sales}"),
    (
        "label: Support, UK mobile",
        'label: Support, UK mobile\n    krisp_enabled: true\n    allowed_callers: ["+14155550100"]\n'
        "    headers: {X-Team: gb}\n    media_encryption: allow\n    max_call_duration: 3600\n    ringing_timeout: 30",
    ),
    ("custom-sip.provider.com", "sip2.provider.com"),
    ("auth_username: my_sip_user", "auth_username: other_user"),
    ("203.0.113.0/28", "203.0.113.16/28"),
    ("area_code: 650", "area_code: 415"),
    ("{tier: gold}", "{tier: silver}"),
    ("transport: tls", "transport: tcp"),
)
FOREIGN = "+14155550107"
GROWN = f"""
  hotline:
    phone_number: "{FOREIGN}"
    adopt: true
    agent: support
  night:
    phone_number: "+16505551235"
    agent: sales
    outbound: false
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    return make_project(START)


@pytest.fixture(scope="module")
def first_look(project: Project) -> tuple[Run, list[str]]:
    """The preview of a new stack, and the vendors' writes that it made."""
    return project.preview("--diff"), project.writes()


@pytest.fixture(scope="module")
def started(project: Project, first_look: object) -> Stage:
    return advance(project)


@pytest.fixture(scope="module")
def remap_preview(project: Project, started: Stage) -> Run:
    project.write_inventory(REMAPPED)
    return project.preview("--diff")


@pytest.fixture(scope="module")
def remapped(project: Project, remap_preview: Run) -> Stage:
    return advance(project)


@pytest.fixture(scope="module")
def all_fields(project: Project, remapped: Stage) -> Stage:
    """An edit of every field that a line or its trunk can change, each on another object."""
    return advance(project, _with_all_edits())


@pytest.fixture(scope="module")
def growth_preview(project: Project, all_fields: Stage) -> Run:
    project.sandbox.twilio.add_number(FOREIGN)
    project.write_inventory(_with_all_edits() + GROWN)
    return project.preview("--diff")


@pytest.fixture(scope="module")
def grown(project: Project, growth_preview: Run) -> Stage:
    return advance(project)


@pytest.fixture(scope="module")
def credentials(project: Project, grown: Stage) -> Stage:
    """Another user name at Twilio, where a credential keeps its name for ever."""
    text = _with_all_edits() + GROWN
    return advance(project, edited(text, "auth_username: livekit", "auth_username: livekit2"))


def _searched(project: Project) -> str:
    """Give the number that was bought for the search."""
    named = ("+16505551234", "+16505551235", FOREIGN)
    (number,) = (each for each in project.sandbox.twilio.numbers() if each not in named)
    return number


def test_a_first_preview_shows_each_line_s_number_acquisition_and_price_and_writes_nothing(
    first_look: tuple[Run, list[str]],
) -> None:
    preview, writes = first_look
    shown = _shown(preview)
    candidate = shown["support-us"][0]
    assert candidate.startswith("+1650")
    assert shown == {
        "sales-us": ("+16505551234", "purchase", "1.15 USD"),
        "support-gb": ("+447400551233", "purchase", "1.25 EUR"),
        "support-us": (candidate, "purchase", "1.15 USD"),
        "uk-office": ("+442071234567", "custom", ""),
    }
    assert writes == []


def test_a_preview_names_a_number_like_the_one_that_the_update_buys(
    project: Project, first_look: tuple[Run, list[str]], started: Stage
) -> None:
    """Twilio answers each search with another sample, so nobody can promise the one that was shown."""
    preview, _ = first_look
    candidate, bought = _shown(preview)["support-us"][0], _searched(project)
    assert f'line "support-us" buys a number like {candidate}: ' in preview.text
    assert f'write `phone_number: "{candidate}"` in place of its `search`' in preview.text
    assert bought != candidate
    assert {name: line["phoneNumber"] for name, line in project.outputs()["lines"].items()} == {
        "sales-us": "+16505551234",
        "support-gb": "+447400551233",
        "support-us": bought,
        "uk-office": "+442071234567",
    }
    assert "+447400551233" in project.sandbox.vonage.numbers()


@pytest.mark.parametrize(
    ("line", "number", "purchase"),
    [
        ("sales-us", "+16505551234", "IncomingPhoneNumbers.json"),
        ("support-us", "", "IncomingPhoneNumbers.json"),
        ("support-gb", "447400551233", "number/buy"),
    ],
)
def test_a_line_s_number_is_bought_once_and_after_its_agent_is_mapped(
    project: Project, started: Stage, line: str, number: str, purchase: str
) -> None:
    number = number or _searched(project)
    writes = [entry for entry in started.entries if entry.write]
    tag = f"trunkline:trunkline/test/{line}'"
    mapped = [entry.index for entry in writes if "CreateSIPDispatchRule" in entry.path and tag in str(entry.params)]
    bought = [entry.index for entry in writes if entry.path.endswith(purchase) and number in str(entry.params)]
    assert (len(mapped), len(bought)) == (1, 1)
    assert mapped < bought


def test_a_remap_of_one_line_previews_exactly_one_update(remap_preview: Run) -> None:
    assert remap_preview.steps == [
        "update DispatchRule sales-us agents[0].agentName agents[0].metadata roomPrefix",
    ]
    assert 'agentName: "sales-agent" => "support-agent"' in remap_preview.text
    assert "~ 1 to update" in remap_preview.text


def test_a_remap_is_one_write_and_keeps_every_id(remapped: Stage) -> None:
    assert remapped.writes == ["UpdateSIPDispatchRule"]
    assert remapped.after == remapped.before


def test_every_field_is_edited_in_place_and_every_id_stays(all_fields: Stage) -> None:
    assert all_fields.run.steps == [
        "update DispatchRule sales-us agents[0].metadata attributes.desk",
        "update DispatchRule support-gb agents[0].metadata",
        "update DispatchRule support-us agents[0].metadata",
        "update DispatchRule uk-office agents[0].metadata",
        'update Fleet fleet lines["support-us"].search.areaCode',
        "update InboundTrunk sales-us name",
        'update InboundTrunk support-gb allowedNumbers[0] headers["X-Team"] krispEnabled maxCallDuration'
        " mediaEncryption ringingTimeout",
        "update InboundTrunk uk-office allowedAddresses[0]",
        "update OutboundTrunk sales-us name",
        'update OutboundTrunk support-gb headers["X-Team"] mediaEncryption',
        "update OutboundTrunk uk-office address authUsername transport",
    ]
    assert all_fields.after == all_fields.before


def test_edits_send_no_request_that_would_end_a_call(all_fields: Stage) -> None:
    assert set(all_fields.writes) == {"UpdateSIPDispatchRule", "UpdateSIPInboundTrunk", "UpdateSIPOutboundTrunk"}


def test_a_search_edited_later_keeps_the_number_that_was_picked(project: Project, all_fields: Stage) -> None:
    assert all_fields.before["PhoneNumber support-us"] == all_fields.after["PhoneNumber support-us"]
    assert project.outputs()["lines"]["support-us"]["phoneNumber"] == _searched(project)


def test_a_preview_tells_an_adoption_from_a_purchase(growth_preview: Run) -> None:
    shown = _shown(growth_preview)
    assert (shown["hotline"], shown["night"]) == (
        (FOREIGN, "adopt", "1.15 USD"),
        ("+16505551235", "purchase", "1.15 USD"),
    )


def test_adoption_buys_nothing_and_new_lines_leave_the_others_alone(project: Project, grown: Stage) -> None:
    assert grown.writes == [
        "CreateSIPDispatchRule",
        "CreateSIPDispatchRule",
        "CreateSIPInboundTrunk",
        "CreateSIPInboundTrunk",
        "CreateSIPOutboundTrunk",
        "POST 2010-04-01/Accounts/IncomingPhoneNumbers.json",  # buys night's number
        f"POST 2010-04-01/Accounts/IncomingPhoneNumbers/{_sid(project, FOREIGN)}.json",  # routes hotline's
    ]
    assert {name: grown.after[name] for name in grown.before} == grown.before
    assert project.outputs()["lines"]["hotline"]["acquired"] == "adopted"


def test_another_user_at_twilio_is_there_before_livekit_uses_it_and_the_old_one_goes_last(credentials: Stage) -> None:
    order = [_verb(entry) for entry in credentials.entries if entry.write]
    assert (order[0], order[-1]) == ("POST Credentials.json", "DELETE Credentials")
    assert set(order[1:-1]) == {"POST UpdateSIPOutboundTrunk"}
    changed = {name for name in credentials.before if credentials.before[name] != credentials.after[name]}
    assert changed == {"Credential twilio-us"}


@pytest.mark.parametrize("name", ["started", "remapped", "all_fields", "grown", "credentials"])
def test_after_every_update_a_preview_shows_no_change_and_only_reads(name: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(name)
    assert stage.again.steps == []
    assert [entry for entry in stage.entries_again if entry.write] == []


def _with_all_edits() -> str:
    text = REMAPPED
    for old, new in FIELD_EDITS:
        text = edited(text, old, new)
    return text


def _shown(preview: Run) -> Mapping[str, tuple[str, str, str]]:
    """What the printed preview says of each line in the Fleet's block: number, acquisition, price."""
    _, _, rest = preview.text.rpartition("dynamic/trunkline:Fleet::fleet]")
    own, _, _ = rest.partition("[urn=")
    plain = re.sub(r"^[ +~]+", "", own, flags=re.MULTILINE)
    # `acquisition` is the first property of a line, and so what tells a line's name from other names.
    _, *parts = re.split(r'^(\S+) *: \{\nacquisition: "(\w+)"', plain, flags=re.MULTILINE)
    lines = zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    return {name: (_said(body, "phoneNumber"), acquisition, _price(body)) for name, acquisition, body in lines}


def _price(body: str) -> str:
    return f"{_said(body, 'amount')} {_said(body, 'currency')}".strip()


def _said(body: str, name: str) -> str:
    found = re.search(rf'^{name} *: "(.*?)"$', body, re.MULTILINE)
    return found[1] if found else ""


def _sid(project: Project, number: str) -> str:
    owned = project.sandbox.twilio.number(number)
    assert owned is not None
    return str(owned["sid"])


def _verb(entry: Entry) -> str:
    parts = [part for part in entry.path.split("/") if not part.startswith("CR")]
    return f"{entry.method} {parts[-1]}"
