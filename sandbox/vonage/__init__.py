"""The emulated Vonage."""

from sandbox.vonage.emulator import Vonage
from sandbox.vonage.settings import VonageSettings

__all__ = ["Vonage", "VonageSettings"]
