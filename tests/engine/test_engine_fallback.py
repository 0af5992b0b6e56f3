"""A fallback on the real engine: it comes to a stack without one, is shown, and goes again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project

pytestmark = pytest.mark.engine

DESK = "sip:desk@pbx.example.com"
FILE = """\
version: 1
agents: {{support: {{agent_name: support-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{fallback}}}
numbers:
  a: {{trunk: us, phone_number: "+16505551234", agent: support, outbound: false}}
  v: {{provider: vonage, phone_number: "+447400551233", agent: support, outbound: false}}
"""
PLAIN = FILE.format(fallback="")
NAMED = f'defaults: {{fallback: "{DESK}"}}\n{PLAIN}'
ROUTE = "sip:sandbox.sip.livekit.cloud;transport=tcp"


def held(project: Project) -> tuple[Any, ...]:
    """Give where the carriers send calls, in their order, and how LiveKit lets go of them."""
    sandbox = project.sandbox
    urls = sandbox.twilio.store.table("origination_urls").values()
    ways = [url["sip_url"] for url in sorted(urls, key=lambda url: url["priority"])]
    forward = str((sandbox.vonage.number("+447400551233") or {})["voiceCallbackValue"])
    ringing = {str(one.get("ringing_timeout", "0s")) for one in sandbox.livekit.inbound_trunks()}
    return ways, forward.partition(",")[2], sorted(ringing)


def test_a_fallback_comes_is_shown_and_goes_again(make_project: MakeProject) -> None:
    project = make_project(PLAIN)
    project.up()
    before, ids, mark = held(project), project.ids(), project.sandbox.journal.mark()
    upgraded, quiet = project.up(), project.writes(mark)

    project.write_inventory(NAMED)
    shown = project.preview()
    project.up()
    with_it, lines = held(project), project.outputs()["lines"]
    again = project.up()
    project.up(PLAIN)

    assert (upgraded.steps, quiet, again.steps) == ([], [], [])
    assert [before, with_it, held(project)] == [([ROUTE], "", ["0s"]), ([ROUTE, DESK], DESK, ["15s"]), before]
    assert project.ids() == ids
    assert shown.steps == [
        "create FallbackUrl us",
        "update Fleet fleet fallbacks lines.a.fallback lines.v.fallback",
        "update InboundTrunk a ringingTimeout ringingTimeoutStatus",
        "update InboundTrunk v ringingTimeout ringingTimeoutStatus",
        "update PhoneNumber v sipUri",
    ]
    assert {name: (line["fallback"], line["fallbackAfter"]) for name, line in lines.items()} == {
        "a": (DESK, 15),
        "v": (DESK, 15),
    }
