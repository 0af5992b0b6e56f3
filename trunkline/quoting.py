"""How words of others, of a file or a vendor, appear in messages, and which word was meant. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_LONGEST = 60
_SHOWN = 40


def short(text: str) -> str:
    """Cut a text that would drown its message."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "…"


def quote(text: str) -> str:
    """Give a text in quotes, cut where it is long."""
    return f'"{short(text)}"'


def one_line(message: str) -> str:
    """Show line breaks and other unprintable characters as escapes, so that a report has one line for each problem."""
    if message.isprintable():
        return message
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in message)


def suggestion(wrong: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Give the nearest known name as a question, or the known names. `synonyms`: what is written -> what is meant."""
    names = sorted(known)
    meant = (synonyms or {}).get(wrong)
    if meant in names:
        return f"did you mean {meant}?"
    near = difflib.get_close_matches(wrong[:60], names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    more = ", …" if len(names) > _SHOWN else ""
    return f"known: {', '.join(names[:_SHOWN]) or 'none'}{more}"
