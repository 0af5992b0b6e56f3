"""The JSON Schema of numbers.yaml, for editors: generated from `shape`, kept in docs/numbers.schema.json."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from trunkline.inventory.shape import InventoryShape

_NOT_SAID: tuple[object, ...] = (None, "", [])


def json_schema() -> dict[str, Any]:
    """Give the schema, JSON Schema draft 2020-12."""
    schema = _tidy(InventoryShape.model_json_schema())
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": "Trunkline inventory", **schema}


def text() -> str:
    """Give the file's content."""
    return json.dumps(json_schema(), indent=2, sort_keys=True) + "\n"


def _tidy(node: Any) -> Any:
    """Drop what says nothing (titles made of key names, defaults that stand for absence) and close keyed mappings."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: {name: _tidy(item) for name, item in value.items()} if key in ("properties", "$defs") else _tidy(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and (value in _NOT_SAID or isinstance(value, dict)))
    }
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy
