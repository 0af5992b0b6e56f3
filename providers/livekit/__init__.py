"""LiveKit's SIP trunks and dispatch rules, over its own SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from providers.calls import Policy
from trunkline.settings import LiveKitSettings

if TYPE_CHECKING:
    from providers.livekit.client import LiveKitVendor

# The kinds of its objects beside numbers.
KINDS = ("InboundTrunk", "OutboundTrunk", "DispatchRule", "CallerRule")


def connect(settings: LiveKitSettings, policy: Policy, transport: Any | None = None) -> LiveKitVendor:
    """Give LiveKit's adapters; nothing is sent and no thread is started before the first request.

    `transport` is an object like an `aiohttp.ClientSession` whose `post` never waits; requests then run in the calling
    thread. Without it they run in an event loop of the vendor's own, until `close`.
    """
    # Here, since the SDK takes half a second to import and not every command needs it.
    from providers.livekit.client import LiveKitVendor

    return LiveKitVendor(settings, policy, transport)
