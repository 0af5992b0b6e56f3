"""Values as YAML on one line, as numbers.yaml is read: nothing that two readers take for two things."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, parse

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Words that readers of YAML 1.1 and 1.2 take for something else than text.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
_FILES = {
    "agents": "version: 1\nagents: {{a: {{{keys}}}}}\nnumbers: {{}}\n",
    "trunks": "version: 1\ntrunks: {{a: {{{keys}}}}}\nnumbers: {{}}\n",
    "numbers": "version: 1\nagents: {{a: {{agent_name: a}}}}\nnumbers: {{a: {{{keys}}}}}\n",
}


def flow(value: Any) -> str:
    """Give a value in flow style: JSON's, but for words that need no quotes."""
    if isinstance(value, Mapping):
        return f"{{{pairs(value)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def pairs(keys: Mapping[str, Any]) -> str:
    """Give the keys and values of a mapping, without its braces."""
    return ", ".join(f"{flow(str(key))}: {flow(value)}" for key, value in keys.items())


def is_accepted(section: str, **keys: Any) -> bool:
    """Whether the file takes an entry with these keys under `agents`, `trunks` or `numbers`."""
    return read_back(section, pairs(keys)) is not None


@lru_cache(maxsize=4096)
def read_back(section: str, keys: str) -> Inventory | None:
    """Read a file with one entry "a" that has these keys; None where it is refused."""
    try:
        return parse(_FILES[section].format(keys=keys), "numbers.yaml")
    except InventoryError:
        return None
