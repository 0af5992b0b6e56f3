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
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, quote_plus

from trunkline.secret import Secret

MASK = "***"
PART = 8
"""Characters in a row of a secret, in any form, that may not be shown; a shorter secret is taken out as a whole."""

BARE_PART = 12
"""The same where capitals and what stands between letters and digits do not count: fewer would be words of any text."""

_LEAST = 4  # characters of base64 that are looked for; fewer are in any text
_DEEPEST = 4  # readings: a text as it stands, and with what was escaped up to three times
# A character by its number or name, as URLs, mail, programs, JSON and HTML write it.
_ESCAPED = re.compile(
    r"(?:%|=|\\x|\b0x)(?P<byte>[0-9a-f]{2})(?:(?<=0x..),?\s+(?=0x))?|\\u(?P<code>[0-9a-f]{4})"
    r"|&(?:#[0-9]{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos);",
    re.IGNORECASE,
)
# What `_filled` leaves out of a reading.
_LAYOUT = re.compile(r"\\[nrt]?|\s")
_NOT_BARE = re.compile("[^0-9A-Za-z]")
# A phone number, or an object's id at a vendor: a carrier's, LiveKit's, a UUID. A secret of few digits stands in many
# of them by chance; in any other row of digits it may be the secret, with something beside it.
_ID = re.compile(
    r"(?<!\w)(?:\d{8,15}|[A-Z]{2}[0-9a-f]{32,}|(?:[A-Z]{2,3}_)+[0-9A-Za-z]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?!\w)",
    re.ASCII,
)
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


_Parts: TypeAlias = Mapping[int, Set[str]]


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
        parts, bare_parts, short, digits = _sought(self.secrets)
        # Broken into lines, escaped once more by whoever passed it on, or in other letters, a secret is still one.
        for reading in _readings(text):
            _hide(hidden, reading, short)
            _hide(hidden, reading, digits, _ids(reading))
            filled = list(_filled(reading))
            _hide(hidden, filled, parts)
            _hide(hidden, [one._replace(mark=one.mark.lower()) for one in filled if _is_bare(one.mark)], bare_parts)
        return _without_tokens(_masked(text, hidden))


class _Mark(NamedTuple):
    """One character as it is read, and where in the text what it was read from begins and ends."""

    mark: str
    first: int
    last: int


def _readings(text: str) -> Iterator[Sequence[_Mark]]:
    """Give the text as it stands, and with the escapes in it read: once, and again where there are still some."""
    reading = [_Mark(mark, at, at) for at, mark in enumerate(text)]
    for _ in range(_DEEPEST):
        yield reading
        written, reading = reading, list(_unescaped(reading))
        if len(reading) == len(written):
            return


def _unescaped(reading: Sequence[_Mark]) -> Iterator[_Mark]:
    """Read each escape of a character, as `%2B`, `\\u0026` and `&#34;`, as that one character."""
    at = 0
    for found in _ESCAPED.finditer("".join(one.mark for one in reading)):
        yield from reading[at : found.start()]
        at = found.end()
        yield _Mark(_character(found), reading[found.start()].first, reading[at - 1].last)
    yield from reading[at:]


def _character(found: re.Match[str]) -> str:
    digits = found["byte"] or found["code"]
    return chr(int(digits, 16)) if digits else html.unescape(found[0])[:1] or " "


def _filled(reading: Sequence[_Mark]) -> Iterator[_Mark]:
    """Give what is more than layout: no white space, no backslash, none of the letters of `\\n`."""
    before = ""
    for one in reading:
        if not (one.mark.isspace() or one.mark == "\\" or (one.mark in "nrt" and before == "\\")):
            yield one
        before = one.mark


def _is_bare(mark: str) -> bool:
    """Whether a character stays where all that an encoding may put between others is left out."""
    return mark.isascii() and mark.isalnum()


def _ids(reading: Sequence[_Mark]) -> tuple[range, ...]:
    """Give where numbers and ids stand in a reading."""
    return tuple(range(*found.span()) for found in _ID.finditer("".join(one.mark for one in reading)))


def _hide(hidden: list[bool], reading: Sequence[_Mark], parts: _Parts, ids: Sequence[range] = ()) -> None:
    """Mark what is one of the parts, by their length, in a reading without layout.

    What is only a piece of one of `ids` is not marked.
    """
    dense = "".join(one.mark for one in reading)
    for length, sought in parts.items():
        for start in range(len(dense) - length + 1):
            if dense[start : start + length] in sought and not _is_piece(start, length, ids):
                first, end = reading[start].first, reading[start + length - 1].last + 1
                hidden[first:end] = [True] * (end - first)


def _is_piece(start: int, length: int, ids: Sequence[range]) -> bool:
    return any(start in each and start + length - 1 in each and length < len(each) for each in ids)


def _masked(text: str, hidden: list[bool]) -> str:
    runs = groupby(zip(text, hidden, strict=True), key=lambda each: each[1])
    return "".join(MASK if hide else "".join(mark for mark, _ in run) for hide, run in runs)


def _without_tokens(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: (found.groupdict().get("kept") or "") + MASK, text)
    return text


class _Sought(NamedTuple):
    """What is looked for, by its length.

    The parts of all forms without layout, the same of their letters and digits alone, in small letters, the forms that
    are too short to have any part, and of these the secrets that are digits alone, as they are.
    """

    parts: _Parts
    bare: _Parts
    short: _Parts
    digits: _Parts


@lru_cache(maxsize=8)
def _sought(secrets: frozenset[Secret]) -> _Sought:
    """Give what is looked for of all the secrets."""
    every = [_sought_of(secret) for secret in secrets]
    return _Sought(*(_joined(each[place] for each in every) for place in range(len(_Sought._fields))))


# By itself: each request brings a token of its own, beside secrets that are always the same.
@lru_cache(maxsize=64)
def _sought_of(secret: Secret) -> _Sought:
    value = secret.reveal()
    forms = set(_forms(value))
    dense = {form: _LAYOUT.sub("", form) for form in forms}
    either_way = {way for form in dense.values() for way in (form, form[::-1])}
    bare = {_NOT_BARE.sub("", form).lower() for form in either_way}
    digits = {value} if len(value) < PART and value.isascii() and value.isdigit() else set[str]()
    short = {form for form in forms - digits if len(dense[form]) < PART}
    return _Sought(_parts(either_way, PART), _parts(bare, BARE_PART), _by_length(short), _by_length(digits))


def _by_length(forms: Iterable[str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for form in forms:
        found.setdefault(len(form), set()).add(form)
    return found


def _joined(parts: Iterable[_Parts]) -> _Parts:
    found: dict[int, set[str]] = {}
    for each in parts:
        for length, texts in each.items():
            found.setdefault(length, set()).update(texts)
    return found


def _parts(forms: Iterable[str], length: int) -> dict[int, set[str]]:
    """Give the parts of that length by it, and by theirs the forms that are shorter and have `PART` characters."""
    found: dict[int, set[str]] = {}
    for form in forms:
        size = min(length, len(form))
        if size >= PART:
            found.setdefault(size, set()).update(form[start : start + size] for start in range(len(form) - size + 1))
    return found


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
    in_json = json.dumps(value)[1:-1]
    yield from (value, in_json, json.dumps(value, ensure_ascii=False)[1:-1], html.escape(value))
    yield plain.decode("latin-1")  # what escapes of single bytes are read as
    # A whole body or header may be encoded, in which the secret is encoded already.
    for inner in (value, *quoted[:2], in_json, *_in_base64(plain)):
        yield from (inner.encode().hex(), inner.encode().hex().upper(), *_in_base64(inner.encode()))


def _in_base64(plain: bytes) -> Iterator[str]:
    """Give the ways in which base64 writes it, by what stands before it.

    Without the first and the last characters, which what stands around decides too.
    """
    for shift in range(3):
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
