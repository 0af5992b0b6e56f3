"""What a stack's state is made of, in bytes a resource: `python -m bench.state FILE`, of the file backend's JSON.

The rows add up to the file. Where a value says a default its name stands three times: in the inputs, in the outputs,
and with an empty list in what the engine keeps of each input, whether the program tells it or not.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ENGINE = "the engine's own: URN, type, parent, provider, dependencies, times, id"
EMPTY = "an empty list for each input, which the engine fills in"
EMPTY_OFF = "the same for an input that is off, empty or 0"
PROVIDER = "the provider's path, twice"
OURS = "inputs and outputs: switches of ours that are off"
DEFAULT = "inputs and outputs: a vendor's properties that are empty, off or 0"
VALUES = "inputs and outputs: all else"
FLEET = "the Fleet"
OUTPUTS = "the stack's outputs"
REST = "the file's head and tail"
ROWS = (ENGINE, EMPTY, EMPTY_OFF, PROVIDER, OURS, DEFAULT, VALUES, FLEET, OUTPUTS, REST)

_SWITCHES = frozenset({"adopt", "claims", "formerTags", "keep", "repurchase", "searched"})


def parts(state: bytes) -> tuple[Counter[str], int]:
    """Give the bytes of each row, and the number of resources."""
    resources = json.loads(state)["checkpoint"]["latest"]["resources"]
    found: Counter[str] = Counter()
    for each in resources:
        found.update(dict(_of(each)))
    found[REST] = len(state) - found.total()
    return found, len(resources)


def table(state: bytes) -> str:
    """Give the rows as a table of Markdown, with what all are."""
    found, resources = parts(state)
    rows = [f"| {name} | {round(found[name] / resources)} |" for name in ROWS]
    return "\n".join(("| of a resource | B |", "|---|---|", *rows, f"| all | {round(len(state) / resources)} |"))


def _of(resource: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Give the rows of one resource, which add up to it and the comma after it."""
    whole = _size(resource) + 1
    kind = resource["type"].rpartition(":")[2]
    if kind in ("Fleet", "Stack"):
        yield FLEET if kind == "Fleet" else OUTPUTS, whole
        return
    of: Counter[str] = Counter()
    for part in ("inputs", "outputs"):
        for name, value in resource.get(part, {}).items():
            of[_row(name, value)] += _size({name: value}) - 1
    inputs = resource.get("inputs", {})
    for name, urns in resource.get("propertyDependencies", {}).items():
        of[EMPTY if inputs.get(name) else EMPTY_OFF] += _size({name: urns}) - 1
    yield from of.items()
    yield ENGINE, whole - of.total()


def _row(name: str, value: object) -> str:
    if name == "__provider":
        return PROVIDER
    if value:
        return VALUES
    return OURS if name in _SWITCHES else DEFAULT


def _size(value: object) -> int:
    """Give the bytes of a value as the engine writes it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return len(text) + 5 * sum(text.count(each) for each in (b"<", b">", b"&"))


if __name__ == "__main__":
    print(table(Path(sys.argv[1]).read_bytes()))
