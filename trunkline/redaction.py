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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote, quote_plus

from trunkline.secret import Secret

MASK = "***"
PART = 8
"""Characters in a row of a secret, in any form, that may not be shown; a shorter secret is taken out as a whole."""

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
        for form in {form for secret in self.secrets for form in _forms(secret)}:
            for start, end in _found(form, text):
                hidden[start:end] = [True] * (end - start)
        return _without_tokens(_masked(text, hidden))


def _masked(text: str, hidden: list[bool]) -> str:
    runs = groupby(zip(text, hidden, strict=True), key=lambda each: each[1])
    return "".join(MASK if hide else "".join(mark for mark, _ in run) for hide, run in runs)


def _without_tokens(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: (found.groupdict().get("kept") or "") + MASK, text)
    return text


def _found(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Give where the form stands in the text, whole or in runs of `PART` characters."""
    if len(form) <= PART:
        yield from ((each.start(), each.end()) for each in re.finditer(re.escape(form), text))
        return
    parts = _parts(form)
    for start in range(len(text) - PART + 1):
        if text[start : start + PART] in parts:
            yield start, start + PART


@lru_cache(maxsize=4096)
def _parts(form: str) -> frozenset[str]:
    return frozenset(form[start : start + PART] for start in range(len(form) - PART + 1))


@lru_cache(maxsize=1024)
def _forms(secret: Secret) -> frozenset[str]:
    """Give the ways in which a request, or an answer that repeats it, may write a secret."""
    value = secret.reveal()
    quoted = {quote(value, safe=""), quote_plus(value)}
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], html.escape(value)}
    return frozenset({value, *quoted, *(each.lower() for each in quoted), *escaped, *_encoded(value.encode())})


def _encoded(plain: bytes) -> Iterator[str]:
    """Give hexadecimal, and base64 at each of the three places where the secret can begin in it."""
    yield plain.hex()
    for shift in range(3):
        # What stands around the secret decides the first and last characters; those between are the secret's alone.
        first, last = (0, 2, 3)[shift], (len(plain) + shift) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            form = encode(bytes(shift) + plain).decode()[first:last]
            if len(form) >= PART:
                yield form
