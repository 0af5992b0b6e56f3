"""The sandbox's accounts and the settings that point at it, under the name that scripts import.

Nothing of the sandbox imports this: the carriers take their accounts from `accounts`, which the settings stand above.
"""

from __future__ import annotations

from sandbox.accounts import (
    LIVEKIT,
    LIVEKIT_SIP_URI,
    OTHER_TWILIO,
    OTHER_VONAGE,
    TWILIO,
    VONAGE,
    LiveKitKey,
    TwilioAccount,
    VonageAccount,
)
from sandbox.environment import environment

__all__ = [
    "LIVEKIT",
    "LIVEKIT_SIP_URI",
    "OTHER_TWILIO",
    "OTHER_VONAGE",
    "TWILIO",
    "VONAGE",
    "LiveKitKey",
    "TwilioAccount",
    "VonageAccount",
    "environment",
]
