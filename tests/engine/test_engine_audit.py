"""`trunkline audit --live` on the real engine: a state with secrets, the sandbox, and what somebody did by hand."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import SECRETS, STACK, Project
from trunkline.cli import audit

pytestmark = pytest.mark.engine

NUMBER, BY_HAND = "+442071234567", "canary-by-hand"
FILE = f"""\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  office:
    provider: custom
    sip_address: sip.example.com
    auth_username: office
    auth_password: {{secret: ukOfficePassword}}
    allowed_addresses: [203.0.113.0/28]
numbers:
  uk: {{phone_number: "{NUMBER}", trunk: office, agent: desk}}
"""


def audited(project: Project) -> tuple[int, list[dict[str, Any]]]:
    arguments = ("--stack", STACK, "--cwd", str(project.directory), "--live", "--json")
    environ = {**project.environment, "TRUNKLINE_INVENTORY": "numbers.yaml"}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed := StringIO()):
        for name in ("PATH", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_HOME"):
            patch.setenv(name, environ.get(name, ""))
        code = audit.main(arguments, environ)
    assert not any(secret in printed.getvalue() for secret in (*SECRETS.values(), BY_HAND))
    return code, json.loads(printed.getvalue())


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(FILE)
    made.up()
    return made


def test_a_stack_as_its_last_update_left_it_has_no_finding(project: Project) -> None:
    assert audited(project) == (0, [])


def test_what_somebody_did_by_hand_is_found_and_the_next_update_is_not_needed_to_see_it(project: Project) -> None:
    ids, livekit = project.ids(), project.sandbox.livekit
    mark = project.sandbox.journal.mark()
    outbound = ids["OutboundTrunk uk"]
    livekit.edit_trunk(outbound, auth_password=BY_HAND)
    livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_canary",
        name="canary",
        trunk_ids=[ids["InboundTrunk uk"]],
        numbers=[NUMBER],
        rule={"dispatch_rule_individual": {"room_prefix": "canary-"}},
        room_config={"agents": [{"agent_name": "canary-agent"}]},
    )
    project.sandbox.twilio.add_number("+16505550199")

    code, found = audited(project)

    assert code == 2
    assert [(one["severity"], one["code"], one["subject"], one["vendor"], one["place"]) for one in found] == [
        ("error", "foreign-rule", "SDR_canary", "livekit", "numbers.yaml:11"),
        ("error", "secret-changed", outbound, "livekit", "numbers.yaml:11"),
        ("warning", "number-unmanaged", "+16505550199", "twilio", ""),
    ]
    assert found[-1]["amounts"] == {"USD": "1.15"}
    assert project.writes(mark) == []
