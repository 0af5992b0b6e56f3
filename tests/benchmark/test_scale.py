"""What docs/scale.md says of many stacks is what is computed and played through."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import scale
from bench.calls import allowed
from bench.stacks import Job, Outcome, Vendor, play

DOCUMENT = Path(__file__).parents[2] / "docs/scale.md"
REQUESTS = sum(allowed(scale.EACH).values())


def test_previews_that_share_no_account_take_what_their_machines_compute() -> None:
    job = scale.job(runners=2, accounts=8, stacks=8)
    outcome = play(job)
    assert outcome == Outcome(seconds=outcome.seconds, sent=8 * REQUESTS, refused=0, failed=0)
    assert outcome.seconds == pytest.approx(scale.computed(job), rel=0.2)


def test_stacks_of_one_account_that_ask_at_once_are_refused_and_one_after_the_other_they_are_not() -> None:
    at_once, in_turn = play(scale.job(runners=40, accounts=1, stacks=40)), play(scale.job(1, 1, stacks=40))
    assert in_turn == Outcome(seconds=in_turn.seconds, sent=40 * REQUESTS, refused=0, failed=0)
    assert at_once == Outcome(
        seconds=at_once.seconds, sent=at_once.sent, refused=at_once.refused, failed=at_once.failed
    )
    assert at_once.refused > at_once.sent / 2
    assert at_once.failed > 0


def test_a_process_of_many_requests_uses_what_its_vendor_allows_as_in_the_measured_storm() -> None:
    vendor = Vendor(rate=10.0, burst=10.0, calls=600, accounts=1, latency=0.02)
    outcome = play(Job(stacks=1, runners=1, before=0.0, after=0.0, vendors={"twilio": vendor}))
    assert outcome.failed == 0
    assert (600 - vendor.burst) / vendor.rate / outcome.seconds >= 0.9
    assert outcome.refused / outcome.sent <= 0.05


def test_the_same_seed_gives_the_same_outcome_and_another_another() -> None:
    job = scale.job(runners=10, accounts=1, stacks=20)
    assert play(job, seed=1) == play(job, seed=1) != play(job, seed=2)


def test_the_document_has_the_tables_as_they_are_computed() -> None:
    text = DOCUMENT.read_text()
    assert [table for table in (scale.taken(), scale.played(scale.rows())) if table not in text] == []
