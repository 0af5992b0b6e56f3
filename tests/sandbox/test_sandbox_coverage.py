"""COVERAGE.md says what is served: no more, no less."""

from __future__ import annotations

import re
from pathlib import Path

import sandbox
from sandbox import admin
from sandbox.livekit.emulator import PREFIX
from sandbox.livekit.number_rpcs import NUMBER_RPCS
from sandbox.livekit.number_rpcs import PREFIX as NUMBERS
from sandbox.livekit.rpcs import RPCS
from sandbox.twilio.routes import ROUTES as TWILIO_ROUTES
from sandbox.vonage.emulator import ROUTES as VONAGE_ROUTES

COVERAGE = Path(sandbox.__file__).with_name("COVERAGE.md")


def listed(heading: str) -> list[str]:
    """Give the routes that the section lists, in its order."""
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", COVERAGE.read_text(), re.MULTILINE | re.DOTALL))
    return re.findall(r"^- `([A-Z]+ /\S+)`$", sections[heading], re.MULTILINE)


def test_the_coverage_lists_every_route_of_twilio() -> None:
    assert listed("Twilio") == [f"{route.method} {route.template}" for route in TWILIO_ROUTES]


def test_the_coverage_lists_every_route_of_vonage() -> None:
    assert listed("Vonage") == [f"{route.method} {route.template}" for route in VONAGE_ROUTES]


def test_the_coverage_lists_every_rpc_of_livekit() -> None:
    assert listed("LiveKit SIP") == [f"POST {PREFIX}{name}" for name in RPCS]


def test_the_coverage_lists_every_rpc_of_livekits_own_numbers() -> None:
    assert listed("LiveKit Phone Numbers") == [f"POST {NUMBERS}{name}" for name in NUMBER_RPCS]


def test_the_coverage_lists_every_route_of_the_sandbox_itself() -> None:
    assert listed("The sandbox itself") == [f"{method} {admin.PREFIX}{noun}" for method, noun in admin.ROUTES]
