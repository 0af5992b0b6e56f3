"""The emulated Twilio."""

from sandbox.twilio.emulator import Twilio
from sandbox.twilio.settings import TwilioSettings

__all__ = ["Twilio", "TwilioSettings"]
