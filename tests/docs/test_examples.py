"""docs/numbers-yaml.md has an example of each key of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from trunkline.inventory import parse
from trunkline.inventory.shapes.schema import InventoryShape

PAGE = (Path(__file__).parents[2] / "docs" / "numbers-yaml.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]
Key = tuple[str, str]


def below(kind: Any) -> Any:
    """Give the shape, or the type of the items, of what stands at a key; None where that is a value."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (dict, list):
        return below(get_args(kind)[-1])
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def of(shape: type[BaseModel], key: str) -> Key:
    """Name a key by the shape that has it first: an example of one that several entries share is enough."""
    every = (one for one in reversed(shape.__mro__) if issubclass(one, BaseModel))
    return next(one.__name__ for one in every if key in one.model_fields), key


def keys(shape: type[BaseModel], seen: frozenset[type] = frozenset()) -> Iterator[Key]:
    for key, field in shape.model_fields.items():
        yield of(shape, key)
        inner = below(field.annotation)
        if inner is not None and inner not in seen:
            yield from keys(inner, seen | {shape})


def shown(kind: Any, value: Any) -> Iterator[Key]:
    """Give the keys that an example has, by the type of what it is an example of."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (dict, list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from shown(get_args(kind)[-1], item)
    elif isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        for key, item in value.items():
            if key in kind.model_fields:
                yield of(kind, key)
                yield from shown(kind.model_fields[key].annotation, item)


def test_each_key_has_an_example() -> None:
    has = {key for example in EXAMPLES for key in shown(InventoryShape, example)}
    assert {".".join(key) for key in keys(InventoryShape)} - {".".join(key) for key in has} == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: ",".join(example or ()))
def test_each_example_is_accepted(example: dict[str, Any] | None) -> None:
    beside = {"version": 1, "agents": {"support": {"agent_name": "support-agent"}}, "numbers": {}}
    text = yaml.safe_dump({**beside, **(example or {})}, sort_keys=False)
    parse(text, "numbers.yaml")
