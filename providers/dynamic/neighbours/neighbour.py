"""One thing that stands beside ours, as previews say it and the audit reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.quoting import one_line, quote

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """`code` is the audit's and stays for ever, `id` the foreign object's, `lines` those whose calls it concerns.

    `message`: what it is and what it does, without the way out. `accepted`: the file's reason to leave it there, ""
    where the file does not know of it. `perhaps_ours`: the kind of what may be a line's own without its tag, else "".
    `callers`, `numbers`: for whom alone a rule of ours answers, () for all. `put_right`: the update at hand ends it, so
    that it is told and not recorded.
    """

    code: str
    id: str
    lines: tuple[str, ...]
    message: str
    accepted: str = ""
    perhaps_ours: str = ""
    callers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    put_right: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give what the Fleet records."""
        known: dict[str, Any] = {"accepted": self.accepted} if self.accepted else {}
        only = {"callers": list(self.callers), "numbers": list(self.numbers)}
        known |= {name: value for name, value in only.items() if value}
        return {"code": self.code, "id": self.id, "lines": list(self.lines), "message": self.message, **known}


def named(kind: str, id: str, name: str) -> str:
    """Name a foreign object, by its own name too where it has one."""
    return f"{kind} {id} ({quote(one_line(name))})" if name else f"{kind} {id}"


def numbers_of(lines: Sequence[str], numbers: Sequence[str]) -> str:
    """Name numbers and their lines, which stand in the same order."""
    if len(lines) == 1:
        return f'{numbers[0]} (line "{lines[0]}")'
    return f"{listed(numbers)} (lines {listed(lines)})"


def listed(words: Iterable[str]) -> str:
    """List texts, of many the first few and how many there are besides."""
    several = list(words)
    more = len(several) - _SHOWN
    return f"{', '.join(several[:_SHOWN])} and {more} more" if more > 0 else ", ".join(several)
