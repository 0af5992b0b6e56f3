"""Taking secrets out of words that are not ours, before anybody reads them.

A vendor's error may repeat what it got: LiveKit's server answers 401 with the whole token in its text
(livekit-server 1.13.5, 2026-07-28), and a proxy may echo headers and body. So everything that comes from outside passes
here before it is shortened, shown or written down: what is known to be secret goes, in every form in which a request
carries it and also in part, and so does what looks like a token, whoever made it.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import quote, quote_plus

from trunkline.secret import Secret

MASK = "***"
PART = 8
"""Characters in a row of a secret, in any form, that may not be shown; a shorter secret is taken out as a whole."""

BARE_PART = 12
"""The same where capitals and what stands between letters and digits do not count: fewer would be words of any text."""

_LEAST = 4  # characters of base64 that are looked for; fewer are in any text
_SECRET_NAME = re.compile("password|secret", re.IGNORECASE)

# What looks like a secret, and is taken out whether it is known or not. The named group stays.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # A JSON Web Token, also one that was cut off.
        r"eyJ[\w-]{4,}(?:\.[\w-]*){0,2}",
        # `Authorization: Basic …`, `Bearer …`; not the mere words ("Basic Authentication", "bearer token missing").
        r"(?P<kept>(?i:bearer|basic|digest)\s+)(?=[\w+/.~-]*(?:[0-9=]|[a-z][A-Z]))[\w+/.~-]{6,}=*",
        # The user and password of a URL.
        r"(?P<kept>[a-z][a-z0-9+.-]*://)[^/@\s]+(?=@)",
        # A field of a form or of JSON, and a header, whose name says it.
        r"(?P<kept>(?i:authorization|cookie|x-api-key)[\"']?\s*:\s*)(?!(?i:bearer|basic|digest)\b)[^\s,;]+",
        r"(?P<kept>(?i:password|passwd|secret|token|api_?key)[\"']?=)[^\s&,;]+",
        r"(?P<kept>(?i:password|passwd|secret|token|api_?key)\\?[\"']\s*:\s*\\?[\"'])(?:[^\"'\\]|\\[^\"'])+",
        # A carrier's token of 32 hexadecimal digits; its ids have two letters before theirs.
        r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])",
        # Keys of LiveKit and others: long, with both cases and digits.
        r"(?<![\w-])(?=[\w-]*[0-9])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}(?![\w-])",
    )
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is known to be secret, and how it is taken out; a function from text to text."""

    secrets: frozenset[Secret] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, values: Iterable[str]) -> Redaction:
        """Give the redaction of these values; empty ones are no secrets."""
        return cls(frozenset(Secret(value) for value in values if value))

    def also(self, values: Iterable[str]) -> Redaction:
        """Give one that takes out these values too, as those of one request."""
        more = Redaction.of(values).secrets
        return self if more <= self.secrets else Redaction(self.secrets | more)

    def __call__(self, text: str) -> str:
        """Give the text with `***` in the place of each secret, of each part of `PART` characters, of each token."""
        hidden = [False] * len(text)
        parts, bare_parts, short = _sought(self.secrets)
        for form in short:
            for found in re.finditer(re.escape(form), text):
                hidden[found.start() : found.end()] = [True] * len(form)
        # Broken into lines, escaped once more by whoever passed it on, or in other letters, a secret is still one.
        places = list(_filled(text))
        bare = [at for at in places if _is_bare(text[at])]
        _hide(hidden, places, "".join(text[at] for at in places), parts)
        _hide(hidden, bare, "".join(text[at] for at in bare).lower(), bare_parts)
        return _without_tokens(_masked(text, hidden))


def _filled(text: str) -> Iterator[int]:
    """Give where the text has more than layout: no white space, no backslash, none of the letters of `\\n`."""
    for at, mark in enumerate(text):
        if not (mark.isspace() or mark == "\\" or (mark in "nrt" and text[at - 1 : at] == "\\")):
            yield at


def _is_bare(mark: str) -> bool:
    """Whether a character stays where all that an encoding may put between others is left out."""
    return mark.isascii() and mark.isalnum()


def _hide(hidden: list[bool], places: list[int], dense: str, parts: Mapping[int, Container[str]]) -> None:
    """Mark what is one of the parts, by their length, in a text without layout, whose characters stand there."""
    for length, sought in parts.items():
        for start in range(len(dense) - length + 1):
            if dense[start : start + length] in sought:
                first, last = places[start], places[start + length - 1]
                hidden[first : last + 1] = [True] * (last + 1 - first)


def _masked(text: str, hidden: list[bool]) -> str:
    runs = groupby(zip(text, hidden, strict=True), key=lambda each: each[1])
    return "".join(MASK if hide else "".join(mark for mark, _ in run) for hide, run in runs)


def _without_tokens(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: (found.groupdict().get("kept") or "") + MASK, text)
    return text


@lru_cache(maxsize=8)
def _sought(
    secrets: frozenset[Secret],
) -> tuple[Mapping[int, frozenset[str]], Mapping[int, frozenset[str]], frozenset[str]]:
    """Give what is looked for.

    The parts of all forms without layout, the same of their letters and digits alone, in small letters, and the forms
    that are too short to have any part.
    """
    forms = {form for secret in secrets for form in _forms(secret.reveal())}
    dense = {form: "".join(form[at] for at in _filled(form)) for form in forms}
    either_way = {way for form in dense.values() for way in (form, form[::-1])}
    bare = {"".join(mark for mark in form if _is_bare(mark)).lower() for form in either_way}
    short = frozenset(form for form in forms if len(dense[form]) < PART)
    return _parts(either_way, PART), _parts(bare, BARE_PART), short


def _parts(forms: Iterable[str], length: int) -> Mapping[int, frozenset[str]]:
    """Give the parts of that length by it, and by theirs the forms that are shorter and have `PART` characters."""
    found: dict[int, set[str]] = {}
    for form in forms:
        size = min(length, len(form))
        if size >= PART:
            pieces = (form[start : start + size] for start in range(len(form) - size + 1))
            found.setdefault(size, set()).update(pieces)
    return {size: frozenset(pieces) for size, pieces in found.items()}


def _forms(value: str) -> Iterator[str]:
    """Give the ways in which a request, or an answer that repeats it, may write a secret."""
    plain = value.encode()
    quoted = (quote(value, safe=""), quote_plus(value), "".join(f"%{byte:02X}" for byte in plain))
    for form in (*quoted, *(quote(each, safe="") for each in quoted)):
        yield from (form, form.lower())
    for code in ("\\u{:04x}", "\\u{:04X}", "\\x{:02x}", "\\x{:02X}", "&#{};", "&#x{:x};", "&#x{:X};"):
        yield "".join(code.format(ord(mark)) for mark in value)
    for code in ("\\x{:02x}", "\\{:03o}", "{} "):
        yield "".join(code.format(byte) for byte in plain)
    yield repr(plain)[2:-1]
    yield from (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], html.escape(value))
    yield from (plain.hex(), plain.hex().upper())
    for shift in range(3):
        # What stands around the secret decides the first and last characters; those between are the secret's alone.
        first, last = (0, 2, 3)[shift], (len(plain) + shift) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            form = encode(bytes(shift) + plain).decode()[first:last]
            if len(form) >= _LEAST:
                yield form


def named_secrets(value: Any, name: str = "") -> Iterator[str]:
    """Give what stands under a name that a secret has, however deep, in what is sent to a vendor."""
    items = value.items() if isinstance(value, Mapping) else ((name, item) for item in value)
    for key, item in items:
        if isinstance(item, Mapping | list | tuple):
            yield from named_secrets(item, key)
        elif item is not None and _SECRET_NAME.search(str(key)):
            yield str(item)
