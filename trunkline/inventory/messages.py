"""pydantic's errors as problems with a place, words for an operator, and no secret.

And what to write in the place of a scalar that was refused: quoting it helps only where the key takes that text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, Path
from trunkline.inventory.shapes import egress, livekit, schema
from trunkline.inventory.shapes.fields import SecretShape
from trunkline.inventory.spelling import UNREAD
from trunkline.quoting import quote, short, suggestion

# pydantic's error type -> what the value should be, and how to write it.
_TYPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("text", "write it as text"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "int_type": ("a whole number", "write digits alone, without quotes"),
    "dict_type": ("a mapping", "write `key: value` lines below it, or {} for none"),
    "model_type": ("a mapping", "write `key: value` lines below it"),
    "list_type": ("a list", "write [one, two], or lines that begin with a hyphen"),
}
_LIMITS: Mapping[str, str] = {
    "greater_than_equal": "less than {ge}",
    "less_than_equal": "more than {le}",
    "too_long": "longer than {max_length} items",
}
_NESTED: Mapping[str, type[BaseModel]] = {
    "guard": schema.GuardShape,
    "defaults": schema.DefaultsShape,
    "search": schema.SearchShape,
    "auth_password": SecretShape,
    "media": livekit.MediaShape,
    "codecs": livekit.CodecShape,
    "room_config": livekit.RoomConfigShape,
    "egress": egress.EgressShape,
    **egress.nested(),
    "accepted": schema.AcceptedShape,
    "callers": livekit.CallersShape,
}
# What people write for a key whose name is too different for a guess by letters.
_SYNONYMS: Mapping[str, str] = {
    "number": "phone_number",
    "phone": "phone_number",
    "password": "auth_password",
    "username": "auth_username",
    "user": "auth_username",
    "address": "sip_address",
    "krisp": "krisp_enabled",
    "allowed_numbers": "allowed_callers",
    "lines": "numbers",
    "protect": "removal",
    "release": "removal",
    "name": "label",
    "stack": "stacks",
}
# Rule, message, fix.
Words = tuple[str, str, str]
_PHONE_KEYS = frozenset({"phone_number", "allowed_callers", "from"})


def problems(error: ValidationError, entry: type[BaseModel], prefix: Path, where: Inventory) -> Iterator[Problem]:
    """Give a problem for each of pydantic's errors about an entry of shape `entry` that stands at `prefix`."""
    for detail in error.errors(include_url=False):
        if detail["input"] is not UNREAD:
            yield _problem(detail, entry, prefix, where)


def _problem(detail: ErrorDetails, entry: type[BaseModel], prefix: Path, where: Inventory) -> Problem:
    loc = tuple(str(part) for part in detail["loc"] if part != "[key]")
    path = (*prefix, *loc)
    name = ".".join(map(short, _public(path))) or "the file"
    rule, message, fix = words(detail, loc, entry)
    return where.problem(path, rule, f"{name}: {message}", fix)


def _public(path: Path) -> Path:
    """Cut what was written in a secret's place: a key there can be the secret."""
    return path[: path.index("auth_password") + 1] if "auth_password" in path else path


def words(detail: ErrorDetails, loc: Path, entry: type[BaseModel]) -> Words:
    """Give rule, message and fix of one of pydantic's errors at `loc`, a path within an entry of shape `entry`."""
    kind = detail["type"]
    if kind == "refused":
        context = detail["ctx"]
        return context["rule"], context["message"], context["fix"]
    if kind == "missing":
        return "missing-key", "this key is missing", f"add `{loc[-1]}:`"
    if kind == "extra_forbidden":
        known = next((_NESTED[part] for part in reversed(loc[:-1]) if part in _NESTED), entry)
        if loc[-1] == "fallback" and known is schema.LineShape:
            # A carrier's trunk has one for all its numbers.
            return "unknown-key", "a line has no such key", "write it on the line's trunk, or in `defaults`"
        return "unknown-key", "there is no such key", suggestion(loc[-1], known.model_fields, _SYNONYMS)
    return _value_words(kind, detail["input"], loc, detail.get("ctx", {}))


def _value_words(kind: str, value: object, loc: Path, context: Mapping[str, Any]) -> Words:
    if value is None:
        return "no-value", "this key has no value", "give it one, or delete the key"
    if "auth_password" in loc:
        return _secret_words()
    if kind == "literal_error":
        expected = context["expected"].replace("'", "")
        several = ", " in expected or " or " in expected
        return "value", f"{_shown(value)} is not {expected}", "choose one of them" if several else f"write {expected}"
    if kind in _LIMITS:
        return "limit", f"{_shown(value)} is {_LIMITS[kind].format(**context)}", "stay within the limit"
    return _type_words(kind, value, loc)


def _secret_words() -> Words:
    fix = (
        "write {secret: someName} and set it with `pulumi config set --secret trunkline:someName`;"
        " change a password that was ever committed"
    )
    return "literal-secret", "a secret is never written here", fix


def _type_words(kind: str, value: object, loc: Path) -> Words:
    expected, fix = _TYPES.get(kind, ("what belongs here", "see docs/numbers-yaml.md"))
    if kind == "string_type" and isinstance(value, int | Decimal):
        is_phone = not _PHONE_KEYS.isdisjoint(loc)
        quoted = f'"+{value}"' if is_phone and type(value) is int and value > 0 else f'"{_source(value)}"'
        rule = "unquoted-number" if is_phone else "type"
        return rule, f"YAML reads {_source(value)} as {_kind(value)}, not as text", f"quote it: {quoted}"
    return "type", f"{_shown(value)} is not {expected}", fix


def _kind(value: object) -> str:
    return "true or false" if isinstance(value, bool) else "a number"


def _source(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return quote(value) if isinstance(value, str) else _source(value)


# YAML 1.1's words for the two booleans (yaml.org/type/bool.html, 2005).
_YES = frozenset({"y", "yes", "on", "true"})
_NO = frozenset({"n", "no", "off", "false"})


def instead(path: Path, source: str) -> str:
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
        return words(detail, path, schema.InventoryShape)[2]
    return ""


def _boolean(source: str) -> str:
    word = source.lower()
    meant = "true" if word in _YES else "false" if word in _NO else "true or false"
    return f"write {meant}, without quotes"


@cache
def _adapter(expected: Any) -> TypeAdapter[Any]:
    bare = get_args(expected)[0] if get_origin(expected) is Annotated else expected
    is_model = isinstance(bare, type) and issubclass(bare, BaseModel)
    return TypeAdapter(expected) if is_model else TypeAdapter(expected, config=ConfigDict(strict=True))


def _expected(path: Path) -> Any:
    """Give the type of what stands at a path, None where the shape has nothing there."""
    found: Any = schema.InventoryShape
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
