"""Callers who enter a PIN until now and none from now on, since another rule of their line answers them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.review.differences import CALLERS, both
from trunkline.review.engine_log import EngineLog, Step
from trunkline.review.page import Wall

_PIN, _ONLY = "pin", "onlyCallers"


def of(log: EngineLog, renamed: Mapping[str, str]) -> Iterator[Wall]:
    """Give the callers of each line, or shared trunk, that has a rule before and after; `renamed`: former name -> name.

    A PIN that falls at the very rule that answers a caller before and after is told of that rule.
    """
    rules: dict[str, list[Step]] = {}
    for step in log.steps:
        if step.kind in ("DispatchRule", CALLERS):
            # What goes as its line is renamed has the former name.
            owner = step.name.partition("+")[0]
            rules.setdefault(renamed.get(owner, owner) if step.op == "delete" else owner, []).append(step)
    for owner, steps in sorted(rules.items()):
        callers = dict.fromkeys(one for step in steps for side in _sides(step) for one in _only(step, side))
        fallen: dict[tuple[str, str], list[str]] = {}
        for caller in callers:
            (rule, was), (other, becomes) = (_answering(steps, caller, at) for at in (0, 1))
            if rule is not other and was and becomes == "":
                fallen.setdefault(both(_PIN, was, becomes), []).append(caller)
        for (shown, left), whom in fallen.items():
            yield Wall(owner=owner, wall=f"pin of {', '.join(whom)}: LiveKit asks for a PIN", was=shown, becomes=left)


def _answering(steps: list[Step], caller: str, at: int) -> tuple[Step | None, str | None]:
    """Give the rule that answers a caller, before (0) or after (1), with its PIN: "" for none, None without a rule."""
    there = [(step, side) for step in steps if (side := _sides(step)[at]) is not None]
    named = [(step, side) for step, side in there if caller in _only(step, side)]
    own = [(step, side) for step, side in there if step.kind != CALLERS]
    step, found = next(iter((*named, *own)), (None, None))
    return step, None if found is None else str(found.get(_PIN) or "")


def _sides(step: Step) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Give a rule before and after, with what of an adopted one stands at LiveKit and the file does not name."""
    before = None if step.before is None else {**(step.live or {}), **step.before}
    # A rule that was adopted stays at LiveKit when its entry goes, and goes on answering.
    stays = before is not None and before.get("adopt") and (step.after is None or step.after.get("adopt"))
    if step.after is None:
        return before, before if stays else None
    return before, {**(before or {}), **step.after} if stays else step.after


def _only(step: Step, rule: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple((rule or {}).get(_ONLY) or ()) if step.kind == CALLERS else ()
