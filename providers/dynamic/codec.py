"""The boundary between Pulumi's values and ours.

Pulumi sends every number as a float, unknown values as objects, the provider itself under a private key, and drops
None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.output import Unknown

PROVIDER_KEY = "__provider"


def decode(props: Mapping[str, Any]) -> dict[str, Any]:
    """Give our values: whole floats as ints at any depth, private keys gone, unknown values kept as they are."""
    return {
        key: value if type(value) in _AS_IT_IS else _plain(value)
        for key, value in props.items()
        if not key.startswith("__")
    }


def is_unknown(value: Any) -> bool:
    """Whether a value, at any depth, is known only after the update."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return any(is_unknown(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_unknown(item) for item in value)


# Nearly all values are of these; what `_plain` asks of others costs more than all the rest of a decoding.
_AS_IT_IS = frozenset({str, bool, int, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
