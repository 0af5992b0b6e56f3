"""Planted secrets are found nowhere: not in state, history, plan, events, verbose logs, outputs or errors.

With one exception that is not ours to mend: at `-v=9` an older engine logs every property that it sends or receives,
secrets in clear (3.259.0; 3.274.1 logs none). What we can hold is held: up to `-v=8` nothing, and at `-v=9` nothing but
those lines of the engine.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest

from sandbox import Fault
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from tests.engine.canaries import BY_HAND, REFUSED, SECRETS, TERMINATION, UK_OFFICE, files_under, leaks
from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project, Run
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

CHALLENGED = edited(START, "    transport: tls\n", "    transport: tls\n    inbound_auth: true\n")
STORAGE = "{bucket: calls, access_key: {secret: twilioTermination}, secret: {secret: ukOfficePassword}}"
RECORDED = edited(
    CHALLENGED,
    "{agent_name: sales-agent}",
    f"{{agent_name: sales-agent, room_config: {{egress: {{tracks: {{s3: {STORAGE}}}}}}}}}",
)
VERBOSE = ("--logtostderr", "-v=8", "--logflow", "--debug")
LOUDEST = ("--logtostderr", "-v=9", "--logflow", "--debug")
SILENT = (3, 274, 1)  # the first engine that was seen to log no property
OF_THE_ENGINE = re.compile(r'"msg":"(Unm|M)arshaling property for RPC\[')
ROOM = {"agents": [{"agent_name": "sales-agent"}]}
ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(f"x:{text}:y".encode()).decode(),
    "percent": lambda text: quote(text, safe=""),
}
CONFIGURED = {
    "twilioAccountSid": TWILIO.sid,
    "twilioAuthToken": TWILIO.auth_token,
    "vonageApiKey": VONAGE.api_key,
    "vonageApiSecret": VONAGE.api_secret,
    "livekitApiKey": LIVEKIT.api_key,
    "livekitApiSecret": LIVEKIT.api_secret,
}
IN_ENVIRONMENT = ("TWILIO_AUTH_TOKEN", "VONAGE_API_SECRET", "LIVEKIT_API_SECRET")


@pytest.fixture(scope="module", params=["environment", "configuration"])
def project(request: pytest.FixtureRequest, make_project: MakeProject) -> Project:
    """A project whose credentials come in one of the two ways."""
    passwords = {"twilioTermination": TERMINATION, "ukOfficePassword": UK_OFFICE}
    if request.param == "environment":
        return make_project(RECORDED, **passwords)
    made = make_project(RECORDED, **passwords, **CONFIGURED)
    bare = {name: value for name, value in made.environment.items() if name not in IN_ENVIRONMENT}
    return replace(made, environment=bare)


@pytest.fixture(scope="module")
def written(project: Project) -> Mapping[str, bytes]:
    """All that Pulumi printed and wrote in a life with everything that can go wrong with a password, by its place."""
    sandbox = project.sandbox
    printed = {"verbose up": project.engine("up", "--yes", "--skip-preview", *VERBOSE).text}
    office = project.ids()["OutboundTrunk uk-office"]
    sandbox.livekit.edit_trunk(office, auth_password=BY_HAND)
    theirs = {"egress": {"tracks": {"s3": {"bucket": "calls", "access_key": TERMINATION, "secret": BY_HAND}}}}
    sandbox.livekit.edit_rule(project.ids()["DispatchRule sales-us"], room_config={**ROOM, **theirs})
    printed["drift"] = project.preview("--diff", "--save-plan", "plan.json", *VERBOSE).text
    sandbox.faults.add(Fault(action="html", path="UpdateSIPOutboundTrunk", status=502, times=None))
    broken = project.engine("up", "--yes", "--skip-preview", *VERBOSE, code=1)
    sandbox.faults.clear()
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", REFUSED)
    refused = project.engine("up", "--yes", "--skip-preview", *VERBOSE, code=1)
    printed |= {"broken": broken.text, "refused": refused.text}
    printed |= {"broken, without --debug": told(broken), "refused, without --debug": told(refused)}
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", TERMINATION)
    printed |= repeated(project)
    printed |= {
        "outputs": project.pulumi("stack", "output", "--json").text,
        "export": project.pulumi("stack", "export").text,
        "history": project.pulumi("stack", "history", "--json").text,
    }
    return {**{name: text.encode() for name, text in printed.items()}, **files_under(project.directory)}


def told(run: Run) -> str:
    """Give what is told without `--debug`, at which the SDK prints a traceback of each call that the engine ended."""
    said = (event["diagnosticEvent"] for event in run.events if "diagnosticEvent" in event)
    return "\n".join(each["message"] for each in said if each["severity"] != "debug")


def repeated(project: Project) -> Mapping[str, str]:
    """What is printed when a vendor repeats all that it got in each of its errors."""
    faults, printed = project.sandbox.faults, {}
    for vendor in ("twilio", "vonage", "livekit"):
        faults.add(Fault("echo", vendor=vendor, status=401, times=None))
        printed[f"{vendor} repeats a read"] = project.engine("preview", *VERBOSE, code=1).text
        faults.clear()
    project.sandbox.livekit.edit_trunk(project.ids()["OutboundTrunk uk-office"], auth_password=BY_HAND)
    faults.add(Fault("echo", path="UpdateSIPOutboundTrunk", status=400, times=None))
    printed["livekit repeats a write"] = project.engine("up", "--yes", "--skip-preview", *VERBOSE, code=1).text
    faults.clear()
    return printed


@pytest.fixture(scope="module")
def loudest(project: Project, written: object) -> str:
    """A preview at the highest verbosity; its event log is not looked at."""
    return project.preview("--diff", *LOUDEST).text


@pytest.mark.parametrize("form", ENCODINGS)
def test_the_search_itself_finds_what_is_there(form: str) -> None:
    texts = {"here": " ".join(ENCODINGS[form](secret) for secret in SECRETS.values()).encode()}
    assert leaks(texts) == [f"{name} in here" for name in sorted(SECRETS)]


def test_no_secret_is_found_in_anything_that_was_printed_or_written(written: Mapping[str, bytes]) -> None:
    assert leaks(written) == []


def test_a_recording_is_read_in_the_state_but_for_its_secrets(written: Mapping[str, bytes]) -> None:
    assert b'"bucket":"calls","secret":"(secret)"' in written["export"].replace(b" ", b"").replace(b"\n", b"")


def test_at_the_highest_verbosity_only_the_engine_s_own_lines_tell_a_secret(loudest: str) -> None:
    others = [line for line in loudest.splitlines() if not OF_THE_ENGINE.search(line)]
    assert leaks({"-v=9": "\n".join(others).encode()}) == []


def test_at_the_highest_verbosity_no_line_tells_a_secret(project: Project, loudest: str) -> None:
    if tuple(map(int, re.findall(r"\d+", project.pulumi("version").text)[:3])) < SILENT:
        pytest.xfail("this engine logs the properties of every RPC in clear at -v=9")
    assert leaks({"-v=9": loudest.encode()}) == []


def test_the_failures_were_told(written: Mapping[str, bytes]) -> None:
    assert b"502" in written["broken"]
    assert b'the config secret \\"twilioTermination\\" has no capital letter' in written["refused"]
    usual = written["broken, without --debug"], written["refused, without --debug"]
    assert b"502" in usual[0] and b"has no capital letter" in usual[1]
    assert b"Traceback" not in b"".join(usual)


def test_what_a_vendor_repeats_is_told_without_its_secrets(written: Mapping[str, bytes]) -> None:
    for vendor in ("twilio", "vonage", "livekit"):
        assert b"got" in written[f"{vendor} repeats a read"] and b"***" in written[f"{vendor} repeats a read"]
    assert b"got Bearer ***" in written["livekit repeats a write"]


def test_the_search_looked_at_every_kind_of_place(written: Mapping[str, bytes]) -> None:
    for kind in (".pulumi/stacks/", ".pulumi/history/", "plan.json", "events.jsonl", "verbose up", "outputs"):
        assert [place for place in written if kind in place], f"nothing of {kind}"
