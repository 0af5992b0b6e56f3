"""What differs between two states of one object, in the words of numbers.yaml and of LiveKit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from trunkline.changes import differing as fields_that_differ
from trunkline.review.engine_log import LATER, SECRET, Step
from trunkline.review.page import Change

PLACES: Mapping[str, str] = {
    "InboundTrunk": "inbound trunk",
    "OutboundTrunk": "outbound trunk",
    "DispatchRule": "dispatch rule",
    "CallerRule": "rule for some callers",
    "PhoneNumber": "number",
    "SipTrunk": "carrier trunk",
    "OriginationUrl": "origination URL",
    "FallbackUrl": "fallback's URL",
    "CredentialList": "credential list",
    "Credential": "credential",
    "TrunkCredentialList": "trunk's credential list",
    "TrunkAddressList": "trunk's IP access control list",
    "Command": "verification",
}
NOTHING = "(none)"
CALLERS = "CallerRule"
# What steers us and is nothing at a vendor; what outputs have beside inputs; what follows from another property.
_OWN = frozenset(
    {
        "account", "acquisition", "adopt", "claimId", "claimKind", "claims", "duplicates", "formerLabels", "formerTags",
        "giveUp", "keep", "left", "line", "monthlyCost", "named", "ordered", "ourTag", "provider", "searched",
        "sharedTag", "triggers", "unmanaged", "vendorId", "waitingFor", "witness",
    }
)  # fmt: skip
# What opens a door and may stand in clear in the file -> what stands for it.
_CREDENTIALS: Mapping[str, str] = {"pin": "[pin]"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def place(kind: str) -> str:
    """Give what a reader calls a kind of object."""
    return PLACES.get(kind, kind)


def changes(step: Step) -> tuple[Change, ...]:
    """Give what a step changes of an object that was there; () of one that comes or goes.

    Who answers some callers of a line is told of what comes and goes too.
    """
    at = place(step.kind) if step.kind != CALLERS else f"callers {step.name.partition('+')[2]}"
    if step.before is None or step.after is None:
        was, becomes = _called_for(step.before), _called_for(step.after)
        return (Change(place=at, field="agents", was=was, becomes=becomes),) if step.kind == CALLERS else ()
    found = (*differing(step.before, step.after), *hidden(step))
    return tuple(Change(place=at, field=word(name), was=was, becomes=becomes) for name, was, becomes in found)


def _called_for(rule: Mapping[str, Any] | None) -> str:
    """Give who answers by a rule for some callers, and whom, "(none)" where there is none."""
    return f"{answering(rule) or 'nobody by name'} for {said(rule.get('onlyCallers'))}" if rule else NOTHING


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Give (property, what it was, what it becomes), in words, for each that differs for a reader."""
    # What is off, and of which nothing is said any more, stays off.
    names = sorted(name for name in {*before, *after} - _OWN if name in after or before[name] is not False)
    was, becomes = ({name: said(side.get(name)) for name in names} for side in (before, after))
    for field in fields_that_differ(was, becomes):
        yield field.name, *both(field.name, before.get(field.name), after.get(field.name))


def both(name: str, was: Any, becomes: Any) -> tuple[str, str]:
    """Give what a property was and becomes, in words.

    A PIN lets in whoever knows it, also where the file has it in clear: it is told that there is one, and another.
    """
    before, after = said(was), said(becomes)
    if name not in _CREDENTIALS:
        return before, after
    hidden = _CREDENTIALS[name]
    was_set, is_set = before != NOTHING, after not in (NOTHING, LATER)
    return hidden if was_set else before, after if not is_set else f"another {hidden}" if was_set else hidden


def hidden(step: Step) -> Iterable[tuple[str, str, str]]:
    """Give the secrets that differ, each as another: both of its sides are shown alike."""
    before, after = ({**(side or {}), "vendorId": ""} for side in (step.before, step.after))
    # An engine that does not say what differs means a secret where nothing else does, not even what steers us.
    unsaid = after.keys() if step.op == "update" and before == after and not step.differs else ()
    for name in sorted({*step.differs, *unsaid}):
        if before.get(name) == after.get(name) == SECRET:
            yield name, SECRET, f"another {SECRET}"


def word(name: str) -> str:
    """Give a property's name as LiveKit and numbers.yaml spell it: "krispEnabled" is krisp_enabled."""
    return _HUMP.sub("_", name).lower()


def said(value: Any) -> str:
    """Give a value in words: agents by name, lists by their elements."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, Mapping) and "agentName" in one for one in value):
        return ", ".join(_agent(one) for one in value)
    if isinstance(value, list):
        return ", ".join(said(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def answering(rule: Mapping[str, Any] | None) -> str:
    """Give who answers by a dispatch rule's properties, "" where there is none."""
    agents = (rule or {}).get("agents") or []
    return agents if agents == LATER else ", ".join(str(agent["agentName"]) for agent in agents)


def _agent(agent: Mapping[str, Any]) -> str:
    metadata = agent.get("metadata")
    return f"{agent['agentName']} (metadata {metadata})" if metadata else str(agent["agentName"])
