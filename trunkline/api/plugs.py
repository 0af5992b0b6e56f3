"""What the API is handed and does not know: found by name when a server starts, so that it depends on neither.

Each name is of a function that takes the environment and gives the thing, or None where it is not configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module, util
from typing import Any

SEARCH = "providers.offers:search"
EXPLAIN = "trunkline.explain:for_api"


def load(entry: str, environ: Mapping[str, str]) -> Any:
    """Give what the function `module:name` gives; None where this installation has no such module."""
    module, _, name = entry.partition(":")
    return getattr(import_module(module), name)(environ) if _exists(module) else None


def _exists(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:  # its package is missing already
        return False
