"""Where things stand in the inventory file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
