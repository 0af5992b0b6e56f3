"""Emulators of carriers and of LiveKit SIP: stateful, at least as strict as the vendors, with faults on demand.

It shares no code with the rest of Trunkline, so that neither can hide the other's mistakes. COVERAGE.md says what is
served and where it is stricter than the vendors.
"""

from sandbox.faults import Fault, Planted
from sandbox.request import Dropped, Request, Response
from sandbox.server import SandboxServer
from sandbox.world import Sandbox

__all__ = [
    "Dropped",
    "Fault",
    "Planted",
    "Request",
    "Response",
    "Sandbox",
    "SandboxServer",
]
