"""Files that adopt a Twilio trunk, and what stands at Twilio before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.world import Stack

NUMBER = "+16505551234"
OURS = "sip:sandbox.sip.livekit.cloud;transport=tcp"
SECURE = OURS.replace("tcp", "tls")
FILE = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com, adopt: true{trunk}}}
numbers:
  a: {{provider: twilio, phone_number: "+16505551234", agent: desk, adopt: true, outbound: false{line}}}
"""
CALLS_OUT = ", auth_username: livekit, auth_password: {secret: twilioTermination}"


def file_of(*, trunk: str = "", line: str = "") -> str:
    return FILE.format(trunk=trunk, line=line)


def seed(stack: Stack, *urls: Mapping[str, Any], domain: str = "acme-us.pstn.twilio.com", **trunk: Any) -> str:
    """Make a trunk with origination URLs and the number on it by hand, and give the trunk's id."""
    run = stack.world.process()
    wanted = {"tag": "Main", "domainName": domain, "secure": False, "transferMode": "disable-all", **trunk}
    made = run.adapter("SipTrunk").create(wanted).id
    for url in urls:
        run.adapter("OriginationUrl").create({"trunkSid": made, "tag": "o", "enabled": True, **url})
    stack.world.sandbox.twilio.add_number(NUMBER, friendly_name="Front desk", trunk_sid=made)
    return made


def held(stack: Stack, kind: str, scope: str = "") -> list[dict[str, Any]]:
    return [dict(one.props) for one in stack.world.process().adapter(kind).list(scope)]
