"""What tests of neighbours ask a stack."""

from __future__ import annotations

from typing import Any

from tests.dynamic.inventories import CUSTOM, inventory
from tests.support.model_engine import FLEET
from tests.support.world import Stack

WAY_OUT = "Remove it there, or accept it in numbers.yaml: `accepted: [{id: %s, reason: …}]`."
OURS, PARTNER = "+442071234567", "+13035550100"
DESK = inventory({"desk": CUSTOM})
INDIVIDUAL = {"dispatch_rule_individual": {"room_prefix": "theirs-"}}
THEIRS: dict[str, Any] = {
    "sip_dispatch_rule_id": "SDR_theirs",
    "name": "canary",
    "rule": INDIVIDUAL,
    "room_config": {"agents": [{"agent_name": "canary-agent"}]},
}
THEY_REACH = "they reach agent canary-agent in rooms theirs-…"


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
