"""An inventory in parts: `numbers.yaml`, and the files of `numbers.d` beside it, as one document.

A part has entries alone, of agents, trunks and lines: what limits or changes the entries of others (`guard`,
`defaults`, `accepted`) stands in `numbers.yaml`, where one reviewer reads it (docs/adr/0023-an-inventory-in-parts.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from trunkline.errors import InventoryError, Problem
from trunkline.inventory import document, messages
from trunkline.inventory.document import Document
from trunkline.inventory.inventory import SECTIONS, Inventory, Path, Places
from trunkline.inventory.shapes import schema
from trunkline.quoting import quote

_FOLDER = ".d"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.yaml")


@dataclass(frozen=True, slots=True)
class Whole:
    """`data` of all files as one. `places` of all keys; `files`: path of an entry in a part -> the part's file."""

    data: Any
    places: Places
    files: Mapping[Path, str]
    problems: tuple[Problem, ...]


def folder_of(path: File) -> File:
    """Give the folder that the parts of the inventory at `path` stand in, if it has any."""
    return path.with_suffix(_FOLDER)


def inventory_of(path: File) -> File:
    """Give the inventory of which the file at `path` is a part; `path` itself where it is none."""
    folder = path.parent
    if folder.suffix == _FOLDER and (beside := folder.with_suffix(".yaml")).is_file():
        return beside
    return path


def find(path: File, file: str) -> dict[str, File]:
    """Give the parts of the inventory at `path`, by name: what problems call each -> where it is.

    `file`: what problems call the inventory. Hidden files (`.…`), backups (`…~`) and what is no YAML by its name are
    passed over. Raises InventoryError for what may be meant as a part and is none.
    """
    if not path.name:  # as of `.` and `/`, which are no inventories, and whose parts have no place
        return {}
    folder, shown = folder_of(path), folder_of(File(file))
    if folder.is_symlink():
        fix = "put the folder itself here, where its owner is asked"
        raise InventoryError([_no_part(str(shown), "is a link", fix)])
    if folder.exists() and not folder.is_dir():
        fix = "put parts into a folder of this name, or call it otherwise"
        raise InventoryError([_no_part(str(shown), "is no folder", fix)])
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.exists() else []
    except OSError as error:
        raise InventoryError([_no_part(str(shown), f"cannot be listed: {error.strerror}", "let it be read")]) from None
    found = {str(shown / entry.name): entry for entry in entries if not entry.name.startswith(".")}
    meant = {
        name: entry
        for name, entry in found.items()
        if not name.endswith("~") and (entry.is_dir() or entry.suffix.lower() in (".yaml", ".yml"))
    }
    if problems := [problem for name, entry in meant.items() for problem in _refused(name, entry)]:
        raise InventoryError(problems)
    return meant


def read(texts: Mapping[str, str]) -> Whole:
    """Read the inventory's text, the first, and those of its parts, each by its file's name, in the order of names.

    Raises InventoryError where one of them cannot be read: of the rest is then told what it shows by itself.
    """
    documents: dict[str, Document] = {}
    unread: list[Problem] = []
    for file, text in texts.items():
        try:
            documents[file] = document.read(text, file)
        except InventoryError as error:
            unread += error.problems
    problems = [problem for each in documents.values() for problem in each.problems]
    if unread:
        raise InventoryError([*unread, *problems])
    (first, root), *others = documents.items()
    if not others or not isinstance(root.data, dict):
        return Whole(root.data, root.places, {}, tuple(problems))
    together = _Together(first, root)
    for file, part in others:
        problems += together.add(file, part)
    return Whole(together.data, together.places, together.files, tuple(problems))


class _Together:
    """The document that the files make together."""

    def __init__(self, first: str, root: Document) -> None:
        self.data = {key: dict(value) if isinstance(value, dict) else value for key, value in root.data.items()}
        self.places = dict(root.places)
        self.files: dict[Path, str] = {}
        self._first = first

    def add(self, file: str, part: Document) -> Iterator[Problem]:
        """Take a part in, and give what is wrong with it."""
        where = Inventory(path=file, places=part.places)
        if not isinstance(part.data, dict):
            yield _no_mapping(part.data, where)
            return
        alone = [key for key in part.data if key in schema.InventoryShape.model_fields and key not in SECTIONS]
        for key in alone:
            yield where.problem((key,), "part-key", f"`{key}` stands in {self._first} alone", "move it there")
        kept = {key: value for key, value in part.data.items() if key not in alone}
        try:
            schema.PartShape.model_validate({key: {} if isinstance(of, dict) else of for key, of in kept.items()})
        except ValidationError as error:
            yield from messages.problems(error, schema.PartShape, (), where)
        for key in SECTIONS:
            yield from self._entries(key, kept.get(key), where)
        self.places.update({path: at for path, at in part.places.items() if self.files.get(path[:2]) == file})

    def _entries(self, section: str, entries: Any, where: Inventory) -> Iterator[Problem]:
        ours = self.data.setdefault(section, {}) if isinstance(entries, dict) else None
        if not isinstance(ours, dict):
            return
        for name, entry in entries.items():
            path = (section, name)
            if name in ours:
                first = Inventory(path=self.files.get(path, self._first), places=self.places).place(*path)
                message = f"{section}: {quote(name)} stands here a second time; the first is at {first}"
                yield where.problem(path, "duplicate-key", message, "keep one of the two")
            else:
                ours[name] = entry
                self.files[path] = where.path


def _refused(name: str, entry: File) -> Iterator[Problem]:
    if entry.is_symlink():
        yield _no_part(name, "is a link", "put the file itself here, where its owner is asked")
    elif entry.is_dir():
        yield _no_part(name, "is a folder", "put its files beside it")
    elif not _NAME.fullmatch(entry.name):
        yield _no_part(
            name, "is not called as a part", "call it NAME.yaml: letters, digits, dots, hyphens and underscores"
        )
    elif not entry.is_file():
        yield _no_part(name, "is no file", "delete it")


def _no_part(name: str, reason: str, fix: str) -> Problem:
    return Problem(rule="no-part", message=f"this {reason}", fix=fix, file=name)


def _no_mapping(data: Any, where: Inventory) -> Problem:
    what = "is empty, which would take all its entries away" if data is None else "is no mapping"
    return where.problem((), "no-mapping", f"the part {what}", "delete it, or write `numbers: {}` for none")
