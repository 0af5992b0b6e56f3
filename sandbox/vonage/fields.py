"""How the text of each parameter becomes a value; everything that is wrong is said at once, as Vonage does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.vonage.errors import bad_fields

Read = Callable[[str], Any]
FEATURES = ("SMS", "VOICE", "SMS,VOICE", "MMS", "SMS,MMS", "VOICE,MMS", "SMS,MMS,VOICE")


@dataclass(frozen=True, slots=True)
class Field:
    """`read` gives the value or raises ValueError with the sentence that the client sees."""

    name: str
    read: Read
    required: bool = False


def read_all(fields: Mapping[str, Field], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Give the values by name. Raises Refusal with a sentence for every field that is missing, unknown or wrong."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in given:
        if name not in fields:
            problems[name] = "Is unknown."
        elif name in values:
            problems[name] = "Was given more than once."
        else:
            try:
                values[name] = fields[name].read(text)
            except ValueError as error:
                problems[name] = str(error)
    missing = [each.name for each in fields.values() if each.required and each.name not in (*values, *problems)]
    problems.update(dict.fromkeys(missing, "Is required."))
    if problems:
        raise bad_fields(problems)
    return values


def country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError("Must be a country code of two capital letters.")
    return value


def msisdn(value: str) -> str:
    """E.164 without the plus."""
    if not re.fullmatch(r"[1-9][0-9]{6,14}", value):
        raise ValueError("Must be a number in international format without a plus.")
    return value


def digits(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise ValueError("Must be digits.")
    return value


def choice(*words: str) -> Read:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"Must be one of {' '.join(words)}.")
        return value

    return read


def integer(least: int, most: int) -> Read:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"Must be a whole number from {least} to {most}.")
        return int(value)

    return read


def boolean(value: str) -> bool:
    lowered = value.lower()
    if lowered not in ("true", "false"):
        raise ValueError("Must be true or false.")
    return lowered == "true"


def url(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise ValueError("Must be an http or https URL.")
    return value


def text(value: str) -> str:
    if len(value) > 2048:
        raise ValueError("Is too long.")
    return value


PAGING = (Field("size", integer(1, 100)), Field("index", integer(1, 10**6)))
PATTERN = (Field("pattern", digits), Field("search_pattern", integer(0, 2)))
OF_A_NUMBER = (Field("country", country, required=True), Field("msisdn", msisdn, required=True))
