"""Who answers each line before an update and after it, by the rules, and nobody where no call comes to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from trunkline.model.tag import Tag
from trunkline.review.differences import answering
from trunkline.review.engine_log import EngineLog, Step

Side: TypeAlias = Callable[[str, Mapping[str, Any] | None], str]
"""Gives who answers a line, asked for by its name from now on, with what the Fleet has of it; "" for nobody."""
_VANISHED = "vanished"
_ROUTES = ("trunkSid", "sipUri")
_NUMBER = "PhoneNumber"


def before(log: EngineLog) -> Side:
    """Give who answered until now: the line's own rule, or that of the trunk that it shared."""
    steps = [step for step in log.steps if step.kind == "DispatchRule" and step.before is not None]
    # A line that goes may leave its name to another one, whose rule is made.
    own = {step.name: step.before for step in sorted(steps, key=lambda step: step.op == "delete")}
    # The rule of a trunk that is renamed, or shared no more, has the name of who gets it: its tag is as it was.
    tags = ((Tag.parse(str((step.before or {}).get("tag", ""))), step.before) for step in steps)
    of_trunk = {tag.trunk: before for tag, before in tags if tag is not None}
    cut = _cut(log)

    def find(name: str, wish: Mapping[str, Any] | None) -> str:
        trunk = (wish or {}).get("sharedTrunk", "")
        if name in cut or trunk in cut:
            return ""
        return answering(of_trunk.get(trunk, own.get(trunk)) if trunk else own.get(name))

    return find


def after(log: EngineLog) -> Side:
    """Give who answers from now on."""
    steps = (step for step in log.steps if step.kind == "DispatchRule" and step.op != "delete")
    found, gone = {step.name: step.after for step in steps}, absent(log)[1]
    return lambda name, wish: "" if name in gone else answering(found.get((wish or {}).get("sharedTrunk", name)))


def absent(log: EngineLog) -> tuple[frozenset[str], frozenset[str]]:
    """Give the lines whose number is in its account no more, until now and after the update."""
    numbers = [step for step in log.steps if step.kind == _NUMBER]
    found = [*((one.name, one.after) for one in log.drift if one.kind == _NUMBER), *((o.name, o.live) for o in numbers)]
    gone = {name for name, number in found if (number or {}).get("status") == _VANISHED}
    gone |= {name for name, seen in log.fleet_after.get("going", {}).items() if seen.get("held") is False}
    return frozenset(gone), frozenset(one.name for one in numbers if (one.after or {}).get("status") == _VANISHED)


def _cut(log: EngineLog) -> frozenset[str]:
    """Give the lines and LiveKit trunks to which no call came, since somebody took off what leads there."""
    gone = [step for step in log.drift if step.after is None]
    cut = {step.name for step in gone if step.kind in ("DispatchRule", "InboundTrunk")}
    sids = {sid for step in gone if (sid := _carries(step))}
    numbers = [step for step in log.steps if step.kind == _NUMBER]
    cut |= {step.name for step in numbers if (step.before or {}).get("trunkSid", "") in sids}
    loose = (step for step in log.drift if step.kind == _NUMBER and step.after is not None)
    cut |= {step.name for step in loose if _had_route(step.before) and not _had_route(step.after)}
    return frozenset(cut) | absent(log)[0]


def _carries(gone: Step) -> str:
    """Give the carrier's trunk over which no number is reached without an object: itself, or its way to LiveKit."""
    key = {"SipTrunk": "vendorId", "OriginationUrl": "trunkSid"}.get(gone.kind, "")
    return str((gone.before or {}).get(key, "")) if key else ""


def _had_route(number: Mapping[str, Any] | None) -> bool:
    return any((number or {}).get(name) for name in _ROUTES)
