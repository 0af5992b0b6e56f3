"""The settings that point Trunkline at a sandbox: those of its carriers, and of its LiveKit."""

from __future__ import annotations

from sandbox.accounts import LIVEKIT, LIVEKIT_SIP_URI
from sandbox.registry import CARRIERS


def environment(url: str) -> dict[str, str]:
    """Give the settings for a sandbox at `url`, by the name of their variable."""
    carriers = {name: value for one in CARRIERS.values() for name, value in one.environment(url).items()}
    return {
        **carriers,
        "LIVEKIT_URL": url,
        "LIVEKIT_API_KEY": LIVEKIT.api_key,
        "LIVEKIT_API_SECRET": LIVEKIT.api_secret,
        "LIVEKIT_SIP_URI": LIVEKIT_SIP_URI,
    }
