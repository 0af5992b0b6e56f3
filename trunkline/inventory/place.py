"""Where things stand in the inventory file, and which word was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The sections whose entries have names of their own.
SECTIONS = ("agents", "trunks", "numbers")
# The keys from the top to one value, such as ("numbers", "sales-us", "phone_number"); items of a list by index, "0".
Path = tuple[str, ...]
# Path -> (line, column), both from 1.
Places = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """`file` as the operator named it; `line` and `column` from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def find(places: Places, path: Path) -> tuple[int, int]:
    """Give line and column of the key at `path`, or of its nearest parent that the file has; (1, 1) at worst."""
    for length in range(len(path), 0, -1):
        if (place := places.get(path[:length])) is not None:
            return place
    return 1, 1


_SHOWN = 40


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
