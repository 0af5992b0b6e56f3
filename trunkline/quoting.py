"""How words of others, of a file or a vendor, appear in messages. Pure."""

from __future__ import annotations

_LONGEST = 60


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
