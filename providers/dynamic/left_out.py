"""What an update with `--target` or `--exclude` leaves out is not known to what needs it: such a need is refused.

The program stands a mark in the place of the value. To fail there would end a `destroy` too, which runs the program
(refresh) and makes nothing new; `check` is asked for what is to be made or changed alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.kinds import Kind
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.carriers.declaration import ROUTING_KINDS
from trunkline.errors import Refusal
from trunkline.model.tag import entry_of

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
    if not any(desired["claimId"] in rule.props["trunkIds"] for rule in _for_all(run)):
        raise Refusal(
            f"{desired['phoneNumber']} of line {desired['line']} was neither bought nor routed: its dispatch rule was"
            f" left out of this update, so that no agent would answer. {_PLAIN}."
        )


def demand_answers(run: Runtime, kind: Kind, desired: Mapping[str, Any]) -> None:
    """Before the route of a carrier's trunk is written: raise Refusal where a number on it would reach no agent.

    It may where the trunk is adopted with its numbers, and where LiveKit is another project: there the plan lets the
    route wait for the rules, so that those of this update are known by now. Of the numbers that stand on the trunk
    those count whose line takes calls; where the Fleet, which knows that, was left out, all do.
    """
    if kind.name not in ROUTING_KINDS or not (desired["adopt"] or run.allow_account_change):
        return
    adapter = run.adapter(kind.name)
    owned = run.owned(run.vendors.vendor_of[kind.name]).values()
    trunk = desired[adapter.scope_field]
    standing = {canonical(one.number) for one in owned if one.props.get(adapter.scope_field) == trunk}
    called = standing if run.wanted is None else standing & run.homes.keys()
    if called and (unanswered := sorted(called - _answered(run))):
        raise Refusal(
            f"{kind.name} of {trunk} was not written: no dispatch rule answers"
            f" {', '.join(unanswered)} at LiveKit, and what would was left out of this update. {_PLAIN}."
        )


def _for_all(run: Runtime) -> list[Observed]:
    """Give LiveKit's rules but ours for some callers alone, beside which another one answers."""
    return [rule for rule in run.listing("DispatchRule") if not entry_of(rule.tag)]


def _answered(run: Runtime) -> set[str]:
    """Give the numbers in trunks that have a rule, or get one before this; what this run has made is listed too."""
    ruled = {id_ for rule in _for_all(run) for id_ in rule.props["trunkIds"]} | run.answered
    trunks = (one for one in run.listing("InboundTrunk", fresh=True) if one.id in ruled)
    return {canonical(number) for one in trunks for number in one.props["numbers"]}


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
