"""Inventories for tests of the dynamic providers, put together from lines."""

from __future__ import annotations

from collections.abc import Mapping

HEAD = """\
version: 1
guard: {max_purchases: 5, max_releases: 2}
agents:
  support: {agent_name: support-agent, metadata: {tier: gold}, room_prefix: support-}
  sales: {agent_name: sales-agent}
trunks:
  uk-office:
    provider: custom
    sip_address: custom-sip.provider.com
    transport: tls
    auth_username: my_sip_user
    auth_password: {secret: ukOfficePassword}
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
"""

BOUGHT = '{provider: twilio, phone_number: "+16505551234", agent: sales}'
SEARCHED = "{provider: twilio, search: {country: US, area_code: 650, type: local}, agent: support}"
VONAGE = "{provider: vonage, search: {country: GB, type: mobile}, agent: support}"
CUSTOM = '{provider: custom, phone_number: "+442071234567", trunk: uk-office, agent: support}'
ALL = {"bought": BOUGHT, "custom": CUSTOM, "searched": SEARCHED, "vonage": VONAGE}


def inventory(lines: Mapping[str, str], head: str = HEAD) -> str:
    """Give the text of an inventory with these lines."""
    rows = "".join(f"  {name}: {line}\n" for name, line in lines.items())
    return f"{head}numbers:\n{rows}" if rows else f"{head}numbers: {{}}\n"


def having(line: str, more: str) -> str:
    """Give the line with further fields."""
    return f"{line[:-1]}, {more}}}"


NO_PURCHASES = HEAD.replace("max_purchases: 5", "max_purchases: 0")
MARKED = {
    **ALL,
    "bought": having(BOUGHT, "removal: release"),
    "vonage": having(VONAGE, "removal: release"),
}
