"""What an update with `--target` or `--exclude` leaves out is not known to what needs it: such a need is refused.

The program stands a mark in the place of the value. To fail there would end a `destroy` too, which runs the program
(refresh) and makes nothing new; `check` is asked for what is to be made or changed alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from trunkline.errors import Refusal

_LINE, _RESOURCE = "line", "resource"
_MARK = re.compile(rf"<({_LINE}|{_RESOURCE}) left out: ([^>]*)>")
_PLAIN = "Run `pulumi up` without `--target` and `--exclude`"
_UNBOUND = (
    "TRUNKLINE_APPROVED is set, and the Fleet, which holds the update against that plan, was left out of it. It was not"
    f" changed. {_PLAIN}"
)


def line(name: str) -> str:
    """Give the mark for what the Fleet would have said of a line."""
    return f"<{_LINE} left out: {name}>"


def resource(kind: str, name: str) -> str:
    """Give the mark for the id of a resource that was not made."""
    return f"<{_RESOURCE} left out: {kind} {name}>"


def reasons(run: Runtime, inputs: Mapping[str, Any]) -> list[str]:
    """Say what of the inputs was left out of the update, each once; of an update that is bound, the Fleet itself."""
    if run.bound and run.approved is None:
        return [_UNBOUND]
    marks = (mark.groups() for text in _texts(inputs) for mark in _MARK.finditer(text))
    return [_said(sort, name) for sort, name in dict.fromkeys(marks)]


def demand_rule(run: Runtime, desired: Mapping[str, Any]) -> None:
    """Raise Refusal where no dispatch rule of this update, and none at LiveKit, answers a number's trunk."""
    if desired["claimKind"] != "InboundTrunk" or desired["claimId"] in run.answered:
        return
    if not any(desired["claimId"] in rule.props["trunkIds"] for rule in run.listing("DispatchRule")):
        raise Refusal(
            f"{desired['phoneNumber']} of line {desired['line']} was neither bought nor routed: its dispatch rule was"
            f" left out of this update, so that no agent would answer. {_PLAIN}."
        )


def _said(sort: str, name: str) -> str:
    if sort == _RESOURCE:
        return f"{name}, which it needs, was left out of this update. It was not changed. {_PLAIN}"
    return (
        f'line "{name}" is new, and the Fleet, which gives it its number, was left out of this update. Nothing was'
        f" bought for it. {_PLAIN}, or target the Fleet and all of the line:"
        f" `--target '**Fleet::fleet' --target '**::{name}'`"
    )


def _texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
