"""A LiveKit to test against: the sandbox with and without sockets, or a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from livekit.api import LiveKitAPI
from livekit.api.sip_service import SipService
from livekit.protocol.sip import (
    DeleteSIPDispatchRuleRequest,
    DeleteSIPTrunkRequest,
    ListSIPDispatchRuleRequest,
    ListSIPInboundTrunkRequest,
    ListSIPOutboundTrunkRequest,
)

from providers.calls import Policy
from providers.livekit import connect
from providers.livekit.client import LiveKitVendor
from sandbox.credentials import LIVEKIT, LIVEKIT_SIP_URI
from sandbox.world import Sandbox
from tests.support.sandbox_livekit_session import SandboxSession
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings

T = TypeVar("T")
PASSWORD = "canary-5f0c"

DESIRED: Mapping[str, Mapping[str, Any]] = {
    "InboundTrunk": {
        "tag": "trunkline:demo/support:in",
        "name": "support",
        "numbers": ["+16505550100"],
        "allowedAddresses": ["203.0.113.0/28"],
        "allowedNumbers": ["+442071234567", "+493011111"],
        "authUsername": "livekit",
        "authPassword": PASSWORD,
        "headers": {"X-Team": "support"},
        "krispEnabled": True,
        "mediaEncryption": "allow",
        "maxCallDuration": 3600,
        "ringingTimeout": 30,
    },
    "OutboundTrunk": {
        "tag": "trunkline:demo/support:out",
        "name": "support",
        "numbers": ["+16505550100"],
        "address": "demo.pstn.twilio.com",
        "transport": "tls",
        "authUsername": "livekit",
        "authPassword": PASSWORD,
        "headers": {},
        "mediaEncryption": "disable",
    },
    "DispatchRule": {
        "tag": "trunkline:demo/support:rule",
        "trunkIds": ["ST_aaaaaaaaaaaa"],
        "roomPrefix": "support-",
        "agents": [{"agentName": "support-agent", "metadata": '{"tier":"gold"}'}],
        "attributes": {"line": "support"},
    },
    "CallerRule": {
        "tag": "trunkline:demo/support+vip",
        "trunkIds": ["ST_aaaaaaaaaaaa"],
        "onlyCallers": ["+13035550100", "+13035550101"],
        "roomPrefix": "gold-",
        "agents": [{"agentName": "gold-agent", "metadata": ""}],
        "attributes": {},
    },
}


@dataclass(frozen=True)
class Target:
    """Where LiveKit is; `transport` None means over the network."""

    settings: LiveKitSettings
    transport: Any = None

    def connect(self, policy: Policy | None = None) -> LiveKitVendor:
        return connect(self.settings, policy or impatient(), self.transport)

    def by_hand(self, send: Callable[[SipService], Coroutine[Any, Any, T]]) -> T:
        """Do something as another program would, by the SDK alone."""

        async def run() -> T:
            key, secret = self.settings.api_key, self.settings.api_secret.reveal()
            async with LiveKitAPI(self.settings.url, key, secret, session=self.transport) as api:
                return await send(api.sip)

        return asyncio.run(run())


def impatient(**limits: Any) -> Policy:
    """Policy that never sleeps."""
    return Policy(**{"timeout": 60.0, "attempts": 3, "sleep": lambda seconds: None, **limits})


def sandbox_settings(url: str) -> LiveKitSettings:
    secret = Secret(LIVEKIT.api_secret)
    return LiveKitSettings(url=url, api_key=LIVEKIT.api_key, api_secret=secret, sip_host=LIVEKIT_SIP_URI)


def in_process(sandbox: Sandbox) -> Target:
    return Target(sandbox_settings("http://sandbox"), SandboxSession(sandbox))


def empty(target: Target) -> None:
    """Delete everything that the target holds."""

    async def run(sip: SipService) -> None:
        for rule in (await sip.list_dispatch_rule(ListSIPDispatchRuleRequest())).items:
            await sip.delete_dispatch_rule(DeleteSIPDispatchRuleRequest(sip_dispatch_rule_id=rule.sip_dispatch_rule_id))
        inbound = (await sip.list_inbound_trunk(ListSIPInboundTrunkRequest())).items
        outbound = (await sip.list_outbound_trunk(ListSIPOutboundTrunkRequest())).items
        for id in [trunk.sip_trunk_id for trunk in inbound] + [trunk.sip_trunk_id for trunk in outbound]:
            await sip.delete_trunk(DeleteSIPTrunkRequest(sip_trunk_id=id))

    target.by_hand(run)
