"""What tests of neighbours ask a stack."""

from __future__ import annotations

from typing import Any

from tests.support.model_engine import FLEET
from tests.support.world import Stack

WAY_OUT = "Remove it there, or accept it in numbers.yaml: `accepted: [{id: %s, reason: …}]`."


def said(stack: Stack, text: str) -> list[str]:
    """Preview, which must not write; give the notices."""
    stack.world.notices.clear()
    before = stack.world.sandbox.journal.mark()
    stack.preview(text)
    assert stack.world.sandbox.journal.writes(before) == []
    return list(stack.world.notices)


def recorded(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.engine.state.resources[FLEET].inputs.get("neighbours", [])
    return found


def our(stack: Stack, kind: str, name: str) -> str:
    return stack.ids()[f"{kind} {name}"]
