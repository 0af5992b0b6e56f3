"""The page for programs: the schema is in docs/plan.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from trunkline.money import Money
from trunkline.review.page import Page

VERSION = 1


def render(page: Page) -> str:
    """Give one JSON object, keys in snake_case as the page's own, with its `version`."""
    return json.dumps({"version": VERSION, **to_json(page)}, ensure_ascii=False, indent=1) + "\n"


def to_json(page: Page) -> Mapping[str, Any]:
    """Give the page as JSON values; money is decimal text with its currency."""
    plain: Mapping[str, Any] = _plain(page)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
