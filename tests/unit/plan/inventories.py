"""Inventories for the plan, and the plan of one at a site that never changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support.world import site
from trunkline.inventory import parse
from trunkline.plan import Plan, ResourceSpec, compile_plan

WHOLE = """\
version: 1
guard: {max_purchases: 5, max_releases: 1, max_monthly_increase: {USD: 25, EUR: 10}}
defaults: {provider: twilio, country: US, krisp_enabled: true}
agents:
  support: {agent_name: support-agent, metadata: {tier: gold, desk: 7}, room_prefix: support-}
  sales: {agent_name: sales-agent}
trunks:
  uk-office:
    provider: custom
    sip_address: custom-sip.provider.com
    transport: tls
    auth_username: my_sip_user
    auth_password: {secret: ukOfficePassword}
    inbound_auth: true
    allowed_addresses: [203.0.113.0/28]
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
    transport: tls
    media_encryption: require
numbers:
  sales-us:
    phone_number: "+16505551234"
    agent: sales
    label: Sales, US
    headers: {X-Team: sales}
    attributes: {desk: "7"}
    max_call_duration: 3600
  sales-out:
    phone_number: "+16505551235"
    inbound: false
  support-us:
    search: {country: US, area_code: 650, type: local}
    agent: support
    renamed_from: help-us
  support-gb:
    provider: vonage
    search: {country: GB, type: mobile}
    agent: support
    outbound: false
    removal: release
  uk-office:
    phone_number: "+442071234567"
    trunk: uk-office
    label: UK Office
    agent: support
"""

SHARED = """\
version: 1
agents: {support: {agent_name: support-agent}}
trunks:
  pool:
    provider: twilio
    domain_name: acme-pool.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
    shared: true
numbers:
  one: {provider: twilio, phone_number: "+16505551231", agent: support}
  two: {provider: twilio, phone_number: "+16505551232", agent: support}
"""

# No trunk in the file: the line's carrier gets one for the stack.
IMPLICIT = """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers:
  one: {provider: twilio, phone_number: "+16505551231", agent: support}
"""


def plan_of(text: str, stack: str = "test", **site_facts: Any) -> Plan:
    """Compile at the site of the tests; `site_facts` replace facts of it."""
    return compile_plan(parse(text, "numbers.yaml").for_stack(stack), replace(site(stack), **site_facts))


def spec_of(plan: Plan, kind: str, name: str) -> ResourceSpec:
    """The one resource of this kind and name."""
    [found] = [spec for spec in plan.resources if spec.key == (kind, name)]
    return found


def edited(text: str, old: str, new: str) -> str:
    """Replace what must stand in the text exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
