"""What to write in the place of a scalar that was refused: quoting it helps only where the key takes that text."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from trunkline.inventory import explain, shape
from trunkline.inventory.place import Path

# YAML 1.1's words for the two booleans (yaml.org/type/bool.html, 2005).
_YES = frozenset({"y", "yes", "on", "true"})
_NO = frozenset({"n", "no", "off", "false"})


def fix(path: Path, source: str) -> str:
    """Say what to write at `path` in the place of `source`; "" where the key takes it as a quoted text.

    Nothing is known, and so "" is given, of a key that there is not, and of the text of a key itself.
    """
    expected = _expected(path)
    if expected is None or expected is Any:
        return ""
    try:
        _adapter(expected).validate_python(source)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        if detail["type"] == "bool_type":
            return _boolean(source)
        if detail["type"] == "literal_error":
            return f"write {detail['ctx']['expected'].replace(chr(39), '')}"
        return explain.words(detail, path, shape.InventoryShape)[2]
    return ""


def _boolean(source: str) -> str:
    word = source.lower()
    meant = "true" if word in _YES else "false" if word in _NO else "true or false"
    return f"write {meant}, without quotes"


@cache
def _adapter(expected: Any) -> TypeAdapter[Any]:
    is_model = isinstance(expected, type) and issubclass(expected, BaseModel)
    return TypeAdapter(expected) if is_model else TypeAdapter(expected, config=ConfigDict(strict=True))


def _expected(path: Path) -> Any:
    """Give the type of what stands at a path, None where the shape has nothing there."""
    found: Any = shape.InventoryShape
    for part in path:
        found = _inside(found, part)
    return found


def _inside(outer: Any, part: str) -> Any:
    while get_origin(outer) is Annotated:
        outer = get_args(outer)[0]
    if isinstance(outer, type) and issubclass(outer, BaseModel):
        known = outer.model_fields.get(part)
        return _annotated(known) if known else None
    arguments = get_args(outer)
    # The type of a dict's values, or of a list's items.
    return arguments[-1] if get_origin(outer) in (dict, list) and part != "?" else None


def _annotated(known: FieldInfo) -> Any:
    """Put a field's type together again: pydantic keeps what annotates it apart."""
    return Annotated[known.annotation, *known.metadata] if known.metadata else known.annotation
