"""The fingerprint of what an inventory means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from trunkline.inventory.inventory import Inventory


def digest(inventory: Inventory) -> str:
    """Give the SHA-256, in hex, of the inventory as canonical JSON.

    Comments, order, quotes and values that equal their default do not change it; a secret's name does, its value is
    not in the inventory.
    """
    text = json.dumps(_plain(inventory), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        parts = {part: getattr(value, part.name) for part in fields(value) if part.compare}
        return {part.name: _plain(held) for part, held in parts.items() if held or "later" not in part.metadata}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    # 25, 25.0 and 25.00 are one amount.
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
