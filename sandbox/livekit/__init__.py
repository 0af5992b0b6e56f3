"""An emulator of LiveKit's SIP service: every RPC on trunks and dispatch rules, as livekit-server 1.13.5 answers it."""

from sandbox.livekit.emulator import LiveKit

__all__ = ["LiveKit"]
