"""Some callers' agents, with all that their rules can say, on LiveKit's real server; the carriers are the sandbox's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.credentials import LIVEKIT
from tests.engine.conftest import MakeProject
from tests.livekit.client import Client, Refusal, over_http, token
from tests.livekit.server import Running, real_server

pytestmark = [pytest.mark.engine, pytest.mark.real_livekit]

A, B, C = "+13035550100", "+13035550101", "+13035550102"
FILE = """\
version: 1
defaults: {{outbound: false}}
agents:
  desk: {{agent_name: desk-agent}}
  gold: {{agent_name: gold-agent, pin: {{secret: goldPin}}, room_prefix: gold-}}
  recorded:
    agent_name: recorded-agent
    room_config:
      empty_timeout: 60
      egress:
        room:
          audio_only: true
          file_outputs:
            - {{filepath: "calls/{{room_name}}.ogg", s3: {{bucket: a, access_key: {{secret: recId}}, secret: {{secret: recKey}}}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com}}
  office: {{provider: custom, sip_address: pbx.example.com, shared: true}}
numbers:
  us: {{trunk: us, phone_number: "+16505551234", agent: desk{us}}}
  gb: {{provider: vonage, phone_number: "+447400123456", agent: desk{gb}}}
  office-1: {{trunk: office, phone_number: "+442071234567", agent: desk{office}}}
  office-2: {{trunk: office, phone_number: "+442071234568", agent: desk{office}}}
"""  # noqa: E501 - one output of a recording
SECRETS = {"goldPin": "4711", "recId": "canary-rec-id", "recKey": "canary-rec-key"}
Seen = dict[str, tuple[list[str], list[str], str]]


def file(us: str = "", gb: str = "", office: str = "") -> str:
    said = {"us": us, "gb": gb, "office": office}
    return FILE.format(**{name: f", callers: {{{text}}}" if text else "" for name, text in said.items()})


def entry(name: str, *callers: str, agent: str) -> str:
    listed = ", ".join(f'"{one}"' for one in callers)
    return f"{name}: {{from: [{listed}], agent: {agent}}}"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with real_server() as running:
        yield running


def rules(server: Running) -> list[dict[str, Any]]:
    with over_http(server.url) as post:
        answer = Client(post, token(LIVEKIT.api_key, LIVEKIT.api_secret)).call("ListSIPDispatchRule", {})
    assert not isinstance(answer, Refusal), answer
    return list(answer.get("items", []))


def seen(server: Running) -> Seen:
    """Give whose rule -> whom it answers, who is called, and the PIN."""
    return {
        rule["name"].rpartition("/")[2]: (
            rule.get("inbound_numbers", []),
            [one["agent_name"] for one in rule["room_config"]["agents"]],
            rule["rule"]["dispatch_rule_individual"].get("pin", ""),
        )
        for rule in rules(server)
    }


def test_entries_come_exchange_their_callers_and_go_and_the_server_takes_all_of_it(
    server: Running, make_project: MakeProject
) -> None:
    vip, late = entry("vip", A, B, agent="gold"), entry("late", C, agent="recorded")
    shared = entry("vip", A, agent="recorded")
    project = make_project(file(f"{vip}, {late}", entry("vip", A, agent="gold"), shared), **SECRETS)
    project.up(LIVEKIT_URL=server.url)
    came, recorded = seen(server), rules(server)
    again = project.up(LIVEKIT_URL=server.url)
    moved = file(f"{entry('vip', C, agent='gold')}, {entry('late', A, agent='recorded')}", "", shared)
    project.up(moved, LIVEKIT_URL=server.url)
    exchanged = seen(server)
    settled = project.up(LIVEKIT_URL=server.url)

    desk: tuple[list[str], list[str], str] = ([], ["desk-agent"], "")
    assert came == {
        "us": desk,
        "us+vip": ([A, B], ["gold-agent"], "4711"),
        "us+late": ([C], ["recorded-agent"], ""),
        "gb": desk,
        "gb+vip": ([A.removeprefix("+")], ["gold-agent"], "4711"),
        "trunk.office": desk,
        "trunk.office+vip": ([A], ["recorded-agent"], ""),
    }
    (late_rule,) = [one for one in recorded if one["name"].endswith("us+late")]
    (output,) = late_rule["room_config"]["egress"]["room"]["file_outputs"]
    assert output["s3"] == {"access_key": "canary-rec-id", "secret": "canary-rec-key", "bucket": "a"}
    assert (again.steps, settled.steps) == ([], [])
    assert exchanged == {
        **{name: one for name, one in came.items() if name != "gb+vip"},
        "us+vip": ([C], ["gold-agent"], "4711"),
        "us+late": ([A], ["recorded-agent"], ""),
    }
    assert "canary-rec" not in (project.directory / "state/.pulumi/stacks/trunkline/test.json").read_text()
