"""What somebody changed by hand at a vendor, and what the update makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.review.differences import both, differing, hidden, place, said, word
from trunkline.review.engine_log import SECRET, EngineLog, Step
from trunkline.review.page import Drift


def of(log: EngineLog) -> Iterator[Drift]:
    """Give what the refresh found otherwise than the last update left it."""
    wanted = {(step.kind, step.name): step.after for step in log.steps if not step.op.startswith("delete")}
    for step in log.drift:
        yield from _of(step, wanted.get((step.kind, step.name)))


def _of(step: Step, wanted: Mapping[str, Any] | None) -> Iterator[Drift]:
    kind = place(step.kind)
    if step.after is None:
        yield Drift(kind=kind, name=step.name, field="", recorded="there", found="gone", becomes="there")
        return
    recorded, found = step.before or {}, step.after
    for name, was, now in differing(recorded, found):
        if (step.kind, name) == ("PhoneNumber", "status"):
            # No update puts a number that vanished, or waits, right again: what becomes of it has its own place.
            continue
        becomes = _becomes(name, recorded, found, wanted, was, now)
        yield Drift(kind=kind, name=step.name, field=word(name), recorded=was, found=now, becomes=becomes)
    for name, was, now in hidden(step):
        # Which one the file says is not shown.
        yield Drift(kind=kind, name=step.name, field=word(name), recorded=was, found=now, becomes=was)


def _becomes(
    name: str,
    recorded: Mapping[str, Any],
    found: Mapping[str, Any],
    wanted: Mapping[str, Any] | None,
    was: str,
    now: str,
) -> str:
    """Give what a property becomes: as the words of what was recorded or found, where it is that, else in its own."""
    if wanted is None or _same(wanted.get(name), recorded.get(name)):
        return was
    if _same(wanted.get(name), found.get(name)):
        return now
    return both(name, found.get(name), wanted.get(name))[1]


def _same(one: Any, other: Any) -> bool:
    # What is off, and of which nothing is said, stays off.
    return SECRET in (one, other) or (one or None) == (other or None) or said(one) == said(other)
