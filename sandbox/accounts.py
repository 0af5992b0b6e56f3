"""The accounts that every sandbox has. All of it is made up and opens nothing anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioAccount:
    """An account: its SID, its token, its API keys by SID, and its money in USD."""

    sid: str
    auth_token: str
    keys: Mapping[str, str] = field(default_factory=dict)
    balance: Decimal = Decimal("10000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageAccount:
    """An account and its money in EUR."""

    api_key: str
    api_secret: str
    balance: Decimal = Decimal("10000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitKey:
    """A key of the one LiveKit project. LiveKit wants 32 characters of secret at least."""

    api_key: str
    api_secret: str


TWILIO = TwilioAccount(
    sid="AC5a0db0c5000000000000000000000001",
    auth_token="5a0db0c5000000000000000000000a01",
    keys={"SK5a0db0c5000000000000000000000001": "sandboxTwilioApiSecret0000000001"},
)
# A second customer of the same carrier: its numbers and domains are taken.
OTHER_TWILIO = TwilioAccount(
    sid="AC5a0db0c5000000000000000000000002",
    auth_token="5a0db0c5000000000000000000000a02",
)
VONAGE = VonageAccount(api_key="5a0db0c5", api_secret="SandboxVonage0001")
OTHER_VONAGE = VonageAccount(api_key="5a0db0c6", api_secret="SandboxVonage0002")
LIVEKIT = LiveKitKey(api_key="APIsandbox000001", api_secret="sandboxLiveKitApiSecret000000000001")

LIVEKIT_SIP_URI = "sip:sandbox.sip.livekit.cloud"
