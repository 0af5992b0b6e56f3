"""The inventory file as plain data, with the place of every key.

Reads libyaml's events instead of composing nodes: PyYAML's composer recurses in C (60 kB of "[" crash the interpreter),
resolves aliases (a few lines can stand for gigabytes) and lets the last of two equal keys win.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from trunkline.errors import InventoryError, Problem
from trunkline.inventory import messages, spelling
from trunkline.inventory.inventory import Path
from trunkline.inventory.spelling import UNREAD, Scalar, Unread
from trunkline.quoting import one_line, quote, short

MAX_DEPTH = 40
_PLUS_NUMBER = re.compile(r"\+[0-9][0-9_]*")
# Names and marks of YAML nodes are not shown either: a password that begins with * or & looks like one.
_SECRET_KEY = re.compile("pass|secret|token|credential|(access|account)_key|external_id|^urls?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """`data`: dict, list, str, bool, int, Decimal, None, UNREAD. `places`: path -> line and column of key or item."""

    data: Any
    places: dict[Path, tuple[int, int]]
    problems: tuple[Problem, ...]


def read(text: str, file: str) -> Document:
    """Read one YAML document.

    Problems that leave the rest readable (duplicate keys, tags, aliases, ambiguous scalars) are in the result. Raises
    InventoryError where reading cannot go on.
    """
    spelling.check(text, file)
    loader = yaml.CSafeLoader(text)
    # `yaml.parse` asks twice for each event, from Python.
    reader = _Reader(iter(loader.get_event, None), file)
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        raise InventoryError([*reader.problems, _syntax(error, file)]) from None
    finally:
        loader.dispose()
    return Document(data, reader.places, tuple(reader.problems))


class _Reader:
    """Descends through the events; `MAX_DEPTH` bounds the recursion."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._events = events
        self._file = file

    def document(self) -> Any:
        data: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._stop(event, "two-documents", "a second document begins here", "keep one document in the file")
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, ())
        return data

    def _value(self, event: yaml.Event, path: Path) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.AliasEvent):
            fix = "write the value out; text that begins with * needs quotes"
            self._note(event, "alias", "an alias is refused", fix)
            return UNREAD
        if len(path) == MAX_DEPTH:
            self._stop(event, "too-deep", f"the file nests deeper than {MAX_DEPTH} levels here", "flatten it")
        tagged = isinstance(event, yaml.CollectionStartEvent) and self._refuse_marks(event)
        value = self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)
        return UNREAD if tagged else value

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if isinstance(key, str):
                here = (*path, key)
                fresh = self._is_fresh(here, event)
                value = self._value(next(self._events), here)
                if fresh:
                    data[key] = value
            else:
                self._value(next(self._events), (*path, "?"))
        return data

    def _sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            here = (*path, str(len(data)))
            self.places.setdefault(here, _place(event))
            data.append(self._value(event, here))
        return data

    def _key(self, event: yaml.Event, path: Path) -> str | Unread:
        if isinstance(event, yaml.ScalarEvent) and not event.style and event.value == "<<":
            self._note(event, "merge-key", "merge keys are refused", "write the keys out")
            return UNREAD
        key = self._value(event, (*path, "?"))
        if isinstance(key, str):
            return key
        if key is not UNREAD:
            self._note(event, "key-not-text", "this key is not text", "write a word, or quote it")
        return UNREAD

    def _is_fresh(self, path: Path, event: yaml.Event) -> bool:
        here = _place(event)
        first = self.places.setdefault(path, here)
        if first is here:
            return True
        message = f"{quote(path[-1])} stands here a second time; the first is at line {first[0]}, column {first[1]}"
        self._note(event, "duplicate-key", message, "keep one of the two")
        return False

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Scalar | Unread:
        if self._refuse_marks(event):
            return UNREAD
        if event.style:
            return self._quoted(event)
        source = event.value
        if _PLUS_NUMBER.fullmatch(source):
            rule, message = "unquoted-number", "YAML reads {} as a number and drops its plus"
        else:
            try:
                return spelling.read_scalar(source)
            except spelling.AmbiguousError as error:
                rule, message = "ambiguous-scalar", f"some readers of YAML take {{}} for {error}"
        secret = _is_secret(path)
        shown = "this" if secret else f"`{short(source)}`"
        quoting = "quote it" if secret else f"quote it: {quote(source)}"
        self._note(event, rule, message.format(shown), messages.instead(path, source) or quoting)
        return UNREAD

    def _quoted(self, event: yaml.ScalarEvent) -> str | Unread:
        value = str(event.value)
        if value.isprintable():
            return value
        # The file itself has no such character: only an escape can bring it here.
        what = next(filter(None, map(spelling.refused, value)), "")
        if not what:
            return value
        self._note(event, "character", f"this text has {what}, as an escape", "delete the escape")
        return UNREAD

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
        if event.anchor:
            self._note(event, "anchor", "an anchor is refused", "delete it; text that begins with & needs quotes")
        if event.tag:
            self._note(event, "tag", "a tag is refused", "delete it; text that begins with ! needs quotes")
        return bool(event.tag)

    def _note(self, event: yaml.Event, rule: str, message: str, fix: str) -> None:
        line, column = _place(event)
        self.problems.append(
            Problem(rule=rule, message=one_line(message), fix=fix, file=self._file, line=line, column=column)
        )

    def _stop(self, event: yaml.Event, rule: str, message: str, fix: str) -> NoReturn:
        self._note(event, rule, message, fix)
        raise InventoryError(self.problems)


def _is_secret(path: Path) -> bool:
    """Tell whether a key on the way says that the value is one; the names of entries say nothing."""
    return any(map(_SECRET_KEY.search, (*path[:1], *path[2:])))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    # libyaml marks every event; only the type says that it may not.
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    context = f" {error.context}" if error.context else ""
    return Problem(
        rule="syntax",
        message=f"this is no YAML: {error.problem}{context}",
        fix="write `key: value` with a space after the colon, indent with spaces, quote text that has : # { } [ ] or @",
        file=file,
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
    )
