"""An inventory's file and its parts, edited as one: each entry where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trunkline.edit.entries import Entries
from trunkline.inventory.inventory import SECTIONS, Path


@dataclass(frozen=True)
class Files:
    """`entries`: the inventory's own file, and behind it its parts. `home`: of which of them a new entry becomes one.

    Its methods are those of `Entries`, and raise as they do.
    """

    entries: tuple[Entries, ...]
    home: int = field(default=0)

    @classmethod
    def of(cls, texts: Mapping[str, str], home: str = "") -> Files:
        """Take the files' texts by their names, the inventory's own first. `home`: the name of a file, "" the first."""
        return cls(tuple(Entries(text, file) for file, text in texts.items()), list(texts).index(home) if home else 0)

    @property
    def file(self) -> str:
        """What messages call the inventory."""
        return self.entries[0].file

    @property
    def texts(self) -> dict[str, str]:
        """The files' texts by their names."""
        return {each.file: each.text for each in self.entries}

    def file_of(self, path: Path) -> str:
        """Give what messages call the file that has the entry at `path`, or that would have it."""
        return self.entries[self._where(path)].file

    def beside(self, path: Path) -> Files:
        """Let new entries go into the file that has the entry at `path`."""
        return replace(self, home=self._where(path))

    def value(self, path: Path) -> Any:
        if len(path) == 1 and path[0] in SECTIONS:
            sections = [found for each in self.entries if isinstance(found := each.value(path), dict)]
            return {name: entry for section in sections for name, entry in section.items()}
        return self.entries[self._where(path)].value(path)

    def has(self, path: Path) -> bool:
        """Tell whether an entry's key is there; or whether a section is, in the file that new entries go into."""
        return self.entries[self._where(path)].has(path)

    def put(self, path: Path, value: Any, *, first: bool = False, before: str = "", depth: int = 0) -> Files:
        where = self._where(path)
        return self._with(where, self.entries[where].put(path, value, first=first, before=before, depth=depth))

    def rename(self, path: Path, name: str) -> Files:
        where = self._where(path)
        return self._with(where, self.entries[where].rename(path, name))

    def remove(self, path: Path) -> Files:
        where = self._where(path)
        return self._with(where, self.entries[where].remove(path))

    def _where(self, path: Path) -> int:
        if path[0] not in SECTIONS:
            return 0
        having = (place for place, each in enumerate(self.entries) if len(path) > 1 and each.has(path[:2]))
        return next(having, self.home)

    def _with(self, where: int, edited: Entries) -> Files:
        return replace(self, entries=(*self.entries[:where], edited, *self.entries[where + 1 :]))
