"""Values as YAML on one line, as numbers.yaml is read: nothing that two readers take for two things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, parse

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Words that readers of YAML 1.1 and 1.2 take for something else than text.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
_FILES = {
    "agents": "version: 1\nagents: {{{entries}}}\nnumbers: {{}}\n",
    "trunks": "version: 1\ntrunks: {{{entries}}}\nnumbers: {{}}\n",
    "numbers": "version: 1\nagents: {{a: {{agent_name: a}}}}\nnumbers: {{{entries}}}\n",
}
# (section, keys of an entry) -> whether the file takes it: a process dumps what is there once.
_known: dict[tuple[str, str], bool] = {}


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
    wish = (section, pairs(keys))
    if wish not in _known:
        _settle(section, [wish[1]])
    return _known[wish]


def foresee(section: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Find out of many entries whether the file takes each of them, by a few readings and not by one of each.

    They are to differ in what a file has once, as numbers are: two that cannot stand beside each other are read apart.
    """
    wishes = dict.fromkeys(map(pairs, entries))
    _settle(section, [each for each in wishes if (section, each) not in _known])


@lru_cache(maxsize=4096)
def read_back(section: str, keys: str) -> Inventory | None:
    """Read a file with one entry "a" that has these keys; None where it is refused."""
    return _read(section, [keys])


def _settle(section: str, wishes: Sequence[str]) -> None:
    """Read a file with all of them; where it is refused, each half by itself."""
    if not wishes:
        return
    taken = _read(section, wishes) is not None
    if taken or len(wishes) == 1:
        _known.update(((section, each), taken) for each in wishes)
    else:
        half = len(wishes) // 2
        _settle(section, wishes[:half])
        _settle(section, wishes[half:])


def _read(section: str, wishes: Sequence[str]) -> Inventory | None:
    entries = ", ".join(f"a{count or ''}: {{{keys}}}" for count, keys in enumerate(wishes))
    try:
        return parse(_FILES[section].format(entries=entries), "numbers.yaml")
    except InventoryError:
        return None
