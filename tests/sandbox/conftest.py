"""A sandbox whose time stands still, and a customer of each carrier."""

from __future__ import annotations

import pytest

from sandbox import Sandbox
from tests.sandbox.callers import Clock, TwilioCaller, VonageCaller


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> Sandbox:
    return Sandbox(now=clock, sleep=clock.sleep)


@pytest.fixture
def twilio(world: Sandbox) -> TwilioCaller:
    return TwilioCaller(world)


@pytest.fixture
def vonage(world: Sandbox) -> VonageCaller:
    return VonageCaller(world)
