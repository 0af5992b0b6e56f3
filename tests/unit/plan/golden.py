"""A plan as text, for comparison with the one that was looked at and accepted.

`python -m tests.unit.plan.golden` accepts the present one; the difference is then reviewed like any other.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from tests.unit.plan.inventories import WHOLE, plan_of
from trunkline.plan import Plan

ACCEPTED = Path(__file__).parents[2] / "golden/plan.json"


def rendered(plan: Plan) -> str:
    """The plan as JSON; a deferred value is an object with its class under "$"."""
    resources = [{"kind": spec.kind, "name": spec.name, **_fields(spec)} for spec in plan.resources]
    return json.dumps({"fleet": plan.fleet, "resources": resources}, indent=1, default=_deferred) + "\n"


def _fields(spec: Any) -> dict[str, Any]:
    """What is not as in any resource, so that the file shows what is special."""
    fields = {field.name: getattr(spec, field.name) for field in dataclasses.fields(spec)}
    return {name: value for name, value in fields.items() if value and name not in ("kind", "name")}


def _deferred(value: Any) -> dict[str, Any]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {"$": type(value).__name__, **fields}


if __name__ == "__main__":
    ACCEPTED.write_text(rendered(plan_of(WHOLE)))
