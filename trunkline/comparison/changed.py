"""Objects of ours that somebody changed past Trunkline: what the state has of them, and what stands there now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trunkline.comparison.finding import LiveFinding

if TYPE_CHECKING:
    from trunkline.comparison.sides import Sides

SECRET = "[secret]"
_CODE, _GONE = "object-changed", "object-gone"
_FIX = "run `pulumi up`, which puts it back; where the change is right, write it into the file first"
# What a change by hand makes true of its object: code -> the properties of which one was changed then.
_FOLLOWS: Mapping[str, frozenset[str]] = {
    "rule-catch-all": frozenset({"trunkIds"}),
    "rule-dangling-id": frozenset({"trunkIds"}),
    "trunk-catch-all": frozenset({"numbers"}),
    "trunk-open": frozenset({"allowedAddresses", "authUsername"}),
    "filter-own-number": frozenset({"allowedNumbers", "onlyCallers"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedObject:
    """An object that the state has and that is not so there; a number has itself as its id.

    `was` and `now` have the properties that differ, a secret as `SECRET`; `now` is None where the object is gone.
    """

    kind: str
    id: str
    vendor: str
    was: Mapping[str, Any]
    now: Mapping[str, Any] | None
    lines: tuple[str, ...] = ()


def changed(sides: Sides) -> Iterator[LiveFinding]:
    """What differs from the state, property by property; passwords are told of by their own check."""
    for one in sides.changed:
        lines = one.lines or sides.lines_with.get(one.id, ())
        if one.now is None:
            of = f" of {', '.join(lines)}" if lines else ""
            yield sides.finding(
                _GONE,
                one.id,
                f"{one.kind} {one.id}{of} is in the state and not at {one.vendor}",
                "run `pulumi up`, which makes it again",
                vendor=one.vendor,
                lines=lines,
            )
            continue
        said = "; ".join(f"{name} was {_said(one.was[name])}, is {_said(one.now[name])}" for name in sorted(one.was))
        yield sides.finding(
            _CODE,
            one.id,
            f"{one.kind} {one.id} was changed outside of Trunkline: {said}",
            _FIX,
            vendor=one.vendor,
            lines=lines,
            changed={name: {"before": one.was[name], "after": one.now[name]} for name in sorted(one.was)},
        )


def told_once(findings: Iterable[LiveFinding]) -> tuple[LiveFinding, ...]:
    """Give the findings with what follows from a change by hand told by the change: one cause is one finding."""
    every = tuple(findings)
    changes = {one.subject: one for one in every if one.code == _CODE}
    followed: dict[str, list[LiveFinding]] = {}
    unanswering = {name: one for one in changes.values() for name in _called(one)}
    for one in every:
        cause = changes.get(one.subject)
        if cause is None or not _FOLLOWS.get(one.code, frozenset()) & cause.changed.keys():
            # Whom a rule called that was changed, nobody may call any more.
            cause = unanswering.get(one.subject) if one.code == "agent-unreached" else None
        if cause is not None:
            followed.setdefault(cause.subject, []).append(one)
    told = {id(one) for found in followed.values() for one in found}
    return tuple(
        _with(one, followed.get(one.subject, ())) if one.code == _CODE else one for one in every if id(one) not in told
    )


def _with(cause: LiveFinding, followed: Iterable[LiveFinding]) -> LiveFinding:
    return replace(cause, message="; ".join((cause.message, *(one.message for one in followed))))


def _called(one: LiveFinding) -> Iterator[str]:
    """Give whom a rule called before it was changed."""
    for agent in one.changed.get("agents", {}).get("before", ()):
        yield str(agent["agentName"])


def _said(value: Any) -> str:
    """Give a value in words: agents by name, lists by their elements."""
    if value is None or value in ("", [], {}, ()):
        return "none"
    if isinstance(value, list | tuple):
        return ", ".join(
            _agent(one) if isinstance(one, Mapping) and "agentName" in one else _said(one) for one in value
        )
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _agent(agent: Mapping[str, Any]) -> str:
    metadata = agent.get("metadata")
    return f"{agent['agentName']} (metadata {metadata})" if metadata else str(agent["agentName"])
