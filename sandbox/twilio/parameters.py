"""How the text of each parameter becomes a value, or a refusal that names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.twilio.errors import invalid

Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query or form parameter. `read` gives the value or raises ValueError with a predicate ("must be ...")."""

    name: str
    read: Read
    required: bool = False


def read_all(parameters: Mapping[str, Parameter], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Give the values by name.

    Raises Refusal for the first unknown, repeated or wrong parameter, then for the first missing one.
    """
    values: dict[str, Any] = {}
    for name, text in given:
        parameter = parameters.get(name)
        if parameter is None:
            raise invalid(f"Unknown parameter {name}")
        if name in values:
            raise invalid(f"Parameter {name} was given more than once")
        try:
            values[name] = parameter.read(text)
        except ValueError as error:
            raise invalid(f"Invalid {name}: {error}") from error
    for parameter in parameters.values():
        if parameter.required and parameter.name not in values:
            raise invalid(f"Missing required parameter {parameter.name} in the post body")
    return values


def text(most: int = 2048, least: int = 0) -> Read:
    def read(value: str) -> str:
        if not least <= len(value) <= most:
            raise ValueError(f"must have {least} to {most} characters, has {len(value)}")
        return value

    return read


def integer(least: int, most: int) -> Read:
    def read(value: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return read


def boolean(value: str) -> bool:
    lowered = value.lower()
    if lowered not in ("true", "false"):
        raise ValueError("must be true or false")
    return lowered == "true"


def choice(*words: str) -> Read:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return value

    return read


def sid(prefix: str, *, empty: bool = False) -> Read:
    """`empty` allows the empty text, which takes a link away."""
    pattern = re.compile(rf"{prefix}[0-9a-f]{{32}}")

    def read(value: str) -> str:
        if not (empty and value == "") and not pattern.fullmatch(value):
            raise ValueError(f"must be a SID that begins with {prefix}")
        return value

    return read


def url(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise ValueError("must be an http or https URL")
    return value


def sip_url(value: str) -> str:
    """An origination URL has the scheme `sip` alone; `;transport=` and the like may follow the host."""
    if not re.fullmatch(r"sip:(//)?([^@\s;/]+@)?[A-Za-z0-9.\-\[\]:]+(;[A-Za-z0-9.\-]+(=[^;\s]*)?)*", value):
        raise ValueError("must be a SIP URI with the scheme sip")
    return value


def trunk_domain(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+\.pstn\.twilio\.com", value):
        raise ValueError("must be letters, digits and dashes followed by .pstn.twilio.com")
    return value.lower()


def password(value: str) -> str:
    """Twilio's rule for SIP credentials: 12 characters with a digit, a lower-case and an upper-case letter."""
    classes = (r"[0-9]", r"[a-z]", r"[A-Z]")
    if len(value) < 12 or not all(re.search(each, value) for each in classes):
        raise ValueError("must have 12 characters or more, with a digit and letters in mixed case")
    return value


def country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError("must be a country code of two capital letters")
    return value


PAGING = (
    Parameter("PageSize", integer(1, 1000)),
    Parameter("Page", integer(0, 10**9)),
    Parameter("PageToken", text(128)),
)
FRIENDLY_NAME = Parameter("FriendlyName", text(64))
METHOD = choice("GET", "POST")
