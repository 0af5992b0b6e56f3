"""What is told of an update that holds the stack, was killed while it did, or left no trace."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.api.test_feed import followed, label, relabelled
from tests.state.state_file import LOCK, STATE, checkpoint, put
from tests.support.host import needs_the_host
from tests.support.waiting import until


@pytest.fixture
def api(tmp_path: Path) -> Iterator[httpx.Client]:
    with followed(tmp_path) as served:
        yield served


def test_a_lock_is_told_with_its_age_and_one_that_is_older_than_an_update_can_be_as_such(
    api: httpx.Client, tmp_path: Path
) -> None:
    def told() -> tuple[bool, bool, bool]:
        ready = api.get("/readyz").json()
        return ready["updating"], (ready["lockSeconds"] or 0) > 7000, ready["lockOld"]

    assert (told(), api.get("/readyz").json()["lockSeconds"]) == ((False, False, False), None)
    put(tmp_path, LOCK, b"{}")
    until(lambda: told() == (True, False, False))
    before = time.time() - 7200
    os.utime(tmp_path / LOCK, (before, before))
    until(lambda: told() == (True, True, True))


def test_while_an_update_runs_the_api_says_so_and_answers(api: httpx.Client, tmp_path: Path) -> None:
    put(tmp_path, LOCK, b"{}")
    until(lambda: api.get("/readyz").json()["state"] == "updating")
    assert api.get("/readyz").status_code == HTTPStatus.OK
    (tmp_path / LOCK).unlink()
    until(lambda: api.get("/readyz").json()["state"] == "ready")
    assert told_of_updates(api) == ("ready", False, False, True, True)


@needs_the_host
def test_after_a_killed_update_what_is_served_is_stale_until_another_ends(api: httpx.Client, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock = {"pid": ended.pid, "username": "ci", "hostname": socket.gethostname()}
    put(tmp_path, LOCK, json.dumps(lock).encode())
    until(lambda: told_of_updates(api) == ("stale", False, True, False, False))
    answer = api.get("/sip/sales-us")
    assert (label(api), answer.headers["trunkline-update"]) == ("first", "killed")
    assert "trunkline_update_killed 1.0" in api.get("/metrics").text
    (tmp_path / LOCK).unlink()
    until(lambda: told_of_updates(api) == ("stale", False, True, False, True))
    put(tmp_path, STATE, checkpoint(relabelled("second")))
    until(lambda: told_of_updates(api) == ("ready", False, False, False, True))
    assert (label(api), "trunkline_update_killed 0.0" in api.get("/metrics").text) == ("second", True)


def test_a_lock_that_is_older_than_an_update_can_be_makes_what_is_served_stale(
    api: httpx.Client, tmp_path: Path
) -> None:
    put(tmp_path, LOCK, b"{}")
    before = time.time() - 7200
    os.utime(tmp_path / LOCK, (before, before))
    until(lambda: told_of_updates(api) == ("stale", True, False, False, False))
    (tmp_path / LOCK).unlink()
    until(lambda: told_of_updates(api) == ("ready", False, False, True, True))


def told_of_updates(api: httpx.Client) -> tuple[str, bool, bool, bool, bool]:
    """The state, whether an update runs, was killed, or left no trace, and whether nothing holds the stack."""
    ready = api.get("/readyz").json()
    flags = ready["updating"], ready["updateKilled"], ready["updateTraceless"]
    return ready["state"], *flags, ready["lockSeconds"] is None
