"""Updates that are bound to a saved plan, in the model of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.support.model_engine import FLEET, Failed
from tests.support.model_state import Options, Recorded, Step
from tests.support.world import Stack
from trunkline import approval
from trunkline.approval import Object, Saved
from trunkline.inventory import digest, parse
from trunkline.plan import Plan
from trunkline.review.engine_log import SECRET

FILE = "plan.json"
_SECRETS = frozenset({"authPassword", "password"})


def saved(stack: Stack, text: str) -> Saved:
    """Preview, and save what was seen, as the event log of the real engine shows it."""
    plan = stack.plan(text)
    stack.engine.preview(plan, stack.world.process())
    shown = dict(stack.engine.shown)
    fleet, found = shown.pop(FLEET)
    # No refresh has read what the program declares no more.
    state = stack.engine.state.resources
    leaving = {key: (old, None) for key, old in state.items() if key not in stack.engine.shown}
    return Saved(
        stack=stack.name,
        project="trunkline",
        digest=_digest(stack, text),
        record=fleet.inputs if fleet else {},
        fleet=found,
        objects=tuple(_object(kind, name, old, new) for (kind, name), (old, new) in {**shown, **leaving}.items()),
        page={},
    )


def applied(stack: Stack, text: str, plan: Saved, **flags: Any) -> list[Step]:
    """Run `pulumi up` with TRUNKLINE_APPROVED. Raises Failed."""
    process = stack.world.process()
    process.bound = True
    return stack.engine.up(_bound(stack, text, plan), process, Options(**flags))


def refusal(stack: Stack, text: str, plan: Saved) -> list[str]:
    """Apply what must be refused, without one write; give the lines of the one reason."""
    mark = stack.world.sandbox.journal.mark()
    try:
        applied(stack, text, plan)
    except Failed as failure:
        assert stack.world.sandbox.journal.writes(mark) == []
        (message,) = failure.messages
        return message.splitlines()
    raise AssertionError("it was applied")


def _bound(stack: Stack, text: str, saved_plan: Saved) -> Plan:
    plan = stack.plan(text)
    moved = approval.declared(saved_plan, plan.resources, _digest(stack, text))
    return replace(plan, approved=approval.bound(FILE, approval.read(saved_plan.write(), FILE), moved))


def _digest(stack: Stack, text: str) -> str:
    return digest(parse(text, "numbers.yaml").for_stack(stack.name))


def _object(kind: str, name: str, old: Recorded | None, new: Mapping[str, Any] | None) -> Object:
    return Object(
        kind=kind,
        name=name,
        line="",
        op="delete" if new is None else "update" if old else "create",
        id=old.id if old else "",
        live=_shown(old.outputs) if old else None,
        declared=None if new is None else _shown(new),
    )


def _shown(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: SECRET if name in _SECRETS else value for name, value in properties.items()}
