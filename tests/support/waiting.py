"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable

SOON = 60.0  # seconds of patience: two are promised, but the machines of tests are slow and shared


def until(true: Callable[[], bool], limit: float = SOON) -> None:
    """Wait till it is true; fail where it does not become so."""
    stop = time.monotonic() + limit
    while not true():
        assert time.monotonic() < stop, "it did not come in time"
        time.sleep(0.02)
