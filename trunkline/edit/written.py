"""How a value is written in numbers.yaml: as people write it, and so that no reader of YAML takes it otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from trunkline.inventory import spelling

# What needs no quotes anywhere; a comma does between braces. Whatever else is in a text, quotes are right for it.
_PLAIN = re.compile(r"[\w./]([\w ./,()+'-]*[\w./)+'-])?")


def inline(value: Any, *, flow: bool = False) -> str:
    """Write a value on one line; `flow`: it stands between braces or brackets."""
    if isinstance(value, str):
        return value if _is_plain(value, flow=flow) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = (f"{inline(key, flow=True)}: {inline(item, flow=True)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(inline(item, flow=True) for item in value) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def block(key: str, value: Any, *, indent: int, step: int, depth: int) -> list[str]:
    """Write an entry as lines without their ends; maps down to `depth` levels below it have a line for each key."""
    head = f"{' ' * indent}{inline(key)}:"
    if not (depth and isinstance(value, Mapping) and value):
        return [f"{head} {inline(value)}"]
    below = (block(name, item, indent=indent + step, step=step, depth=depth - 1) for name, item in value.items())
    return [head, *(line for lines in below for line in lines)]


def _is_plain(text: str, *, flow: bool) -> bool:
    try:
        return bool(_PLAIN.fullmatch(text)) and not (flow and "," in text) and spelling.read_scalar(text) == text
    except spelling.AmbiguousError:
        return False
