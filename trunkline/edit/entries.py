"""Keys of the file added, set, renamed and removed by splices of its text: what an edit is not about stays as it is.

A library that reads a file and writes it again, comments and all, changes lines that nobody edited: blanks between a
key and its value, values over several lines, line ends (ruamel.yaml 0.19.1, seen 2026-11-26). Here the parser gives
the places alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import yaml

from trunkline.edit import written
from trunkline.errors import InventoryError, Refusal
from trunkline.inventory import document
from trunkline.inventory.inventory import Path

Pair = tuple[yaml.ScalarNode, yaml.Node]
_STEP = 2


@dataclass(frozen=True)
class Entries:
    """A file's text; each edit gives another. Paths are those of `document`, and name keys of mappings alone.

    What reads it raises InventoryError where the text is no YAML that an inventory can be read from. An edit raises
    Refusal where the file is written so that the splice would say something else than it should.
    """

    text: str
    file: str

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """What the file says, as plain data."""
        read = document.read(self.text, self.file)
        if read.problems:
            raise InventoryError(read.problems)
        if not isinstance(read.data, dict):
            raise Refusal(f"{self.file} has no keys. Nothing was written. Begin it as docs/numbers-yaml.md shows.")
        return read.data

    def value(self, path: Path) -> Any:
        """Give the value at `path`, None where the file has none."""
        found: Any = self.data
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def has(self, path: Path) -> bool:
        parent = self.value(path[:-1])
        return isinstance(parent, dict) and path[-1] in parent

    def put(self, path: Path, value: Any, *, first: bool = False, before: str = "", depth: int = 0) -> Entries:
        """Set a key, or add it: as the first of its mapping, before another key, or as the last.

        The mapping itself is there, or is added too. `depth`: how many levels of a map have a line for each key, where
        it is added.
        """
        if self.has(path):
            return self._checked(self._set(path, value), path, {path[-1]: value})
        if path[:-1] and not isinstance(self.value(path[:-1]), dict):
            return self.put(path[:-1], {path[-1]: value}, before=before, depth=depth + 1)
        mapping = self._node(path[:-1])
        if not mapping.value or mapping.flow_style:
            added = self._added_to_flow(path, mapping, value, depth)
        else:
            added = self._added_to_block(path, mapping, value, depth, first=first, before=before)
        return self._checked(added, path, {path[-1]: value})

    def rename(self, path: Path, name: str) -> Entries:
        """Give a key another name, in its place."""
        value = self.value(path)
        key, _ = self._pair(path)
        flow = bool(self._node(path[:-1]).flow_style)
        renamed = self._spliced(key.start_mark.index, key.end_mark.index, written.inline(name, flow=flow))
        return self._checked(renamed, path, {name: value})

    def remove(self, path: Path) -> Entries:
        """Take a key and its value away, with the lines that they stand on; comments of their own stay."""
        if not self.has(path):
            return self
        removed = self._removed_from_flow(path) if self._node(path[:-1]).flow_style else self._removed_from_block(path)
        return self._checked(removed, path, {})

    def _checked(self, edited: Entries, path: Path, instead: Mapping[str, Any]) -> Entries:
        """Give what was edited, once it is seen to say what it should and nothing else."""
        wanted = {key: value for key, value in (self.value(path[:-1]) or {}).items() if key != path[-1]} | dict(instead)
        for depth in range(len(path) - 2, -1, -1):
            wanted = {**self.value(path[:depth]), path[depth]: wanted}
        try:
            said = edited.data
        except InventoryError as error:
            said = {"?": str(error)}
        if said != wanted:
            at = self._pair(path if self.has(path) else path[:-1])[0].start_mark.line + 1 if path[:-1] else 1
            raise Refusal(
                f"{self.file}:{at}: `{'.'.join(path)}` is written in a way that this command does not edit. Nothing was"
                " written. Edit it by hand, and see `trunkline validate`."
            )
        return edited

    def _added_to_block(
        self, path: Path, mapping: yaml.MappingNode, value: Any, depth: int, *, first: bool, before: str
    ) -> Entries:
        pairs: list[Pair] = mapping.value
        indent = pairs[0][0].start_mark.column
        lines = written.block(path[-1], value, indent=indent, step=self._step, depth=depth)
        gap = [""] if depth and self._is_airy(pairs) else []
        follower = pairs[0] if first else next((pair for pair in pairs if pair[0].value == before), None)
        if follower is None:
            at = self._line_end(_end(self.text, pairs[-1][1]))
            return self._spliced(at, at, self._lines([*gap, *lines], at))
        at = self._head(follower[0])
        return self._spliced(at, at, self._lines([*lines, *([] if first else gap)]))

    def _removed_from_flow(self, path: Path) -> Entries:
        (key, value), pairs = self._pair(path), self._node(path[:-1]).value
        place = next(place for place, pair in enumerate(pairs) if pair[0] is key)
        if place:
            return self._spliced(_end(self.text, pairs[place - 1][1]), _end(self.text, value), "")
        following = pairs[1][0].start_mark.index if len(pairs) > 1 else _end(self.text, value)
        return self._spliced(key.start_mark.index, following, "")

    def _removed_from_block(self, path: Path) -> Entries:
        key, value = self._pair(path)
        start, end = key.start_mark.index - key.start_mark.column, self._line_end(_end(self.text, value))
        if len(self._node(path[:-1]).value) == 1 and path[:-1]:
            opened = self._pair(path[:-1])[0].end_mark.index + 1
            return self._spliced(start, end, "")._spliced(opened, opened, " {}")
        return self._spliced(self._blank_before(start) if self._is_blank_from(end) else start, end, "")

    def _set(self, path: Path, value: Any) -> Entries:
        _, node = self._pair(path)
        start, end = node.start_mark.index, _end(self.text, node)
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            start = self._pair(path)[0].end_mark.index + 1
        blank = "" if self.text[start - 1 : start].isspace() else " "
        flow = bool(self._node(path[:-1]).flow_style)
        return self._spliced(start, end, blank + written.inline(value, flow=flow))

    def _added_to_flow(self, path: Path, mapping: yaml.MappingNode, value: Any, depth: int) -> Entries:
        """Add a key to a mapping in braces; one that is empty is written out where it stands below no braces."""
        if mapping.value:
            at = _end(self.text, mapping.value[-1][1])
            return self._spliced(at, at, ", " + written.inline({path[-1]: value})[1:-1])
        start, end = mapping.start_mark.index, mapping.end_mark.index
        parents = [self._node(path[:length]) for length in range(len(path) - 1)]
        if not parents or any(parent.flow_style for parent in parents):
            return self._spliced(start, end, written.inline({path[-1]: value}))
        key, _ = self._pair(path[:-1])
        indent = key.start_mark.column + self._step
        lines = written.block(path[-1], value, indent=indent, step=self._step, depth=depth)
        after = self.text[end : self._line_end(end)].rstrip("\r\n")  # a comment stays beside its key
        return self._spliced(key.end_mark.index + 1, self._line_end(end), after + self._eol + self._lines(lines))

    # Read only where `data` was: what cannot be read is told there, before the composer, which descends without limit.
    @cached_property
    def _root(self) -> yaml.MappingNode:
        return cast(yaml.MappingNode, yaml.compose(self.text, Loader=yaml.CSafeLoader))

    def _pair(self, path: Path) -> Pair:
        node: Any = self._root
        for key in path[:-1]:
            node = next(value for name, value in node.value if name.value == key)
        pair: Pair = next(pair for pair in node.value if pair[0].value == path[-1])
        return pair

    def _node(self, path: Path) -> yaml.MappingNode:
        return cast(yaml.MappingNode, self._pair(path)[1] if path else self._root)

    def _spliced(self, start: int, end: int, text: str) -> Entries:
        return Entries(self.text[:start] + text + self.text[end:], self.file)

    @property
    def _eol(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _lines(self, lines: list[str], at: int = -1) -> str:
        """Join whole lines that go in at a line's begin, or behind a last line without an end."""
        text = "".join(f"{line}{self._eol}" for line in lines)
        return text if at < 0 or not at or self.text[at - 1] == "\n" else self._eol + text.removesuffix(self._eol)

    def _line_end(self, at: int) -> int:
        """Give where the next line begins."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def _head(self, key: yaml.ScalarNode) -> int:
        """Give where the lines of an entry begin: at the comments just above it, which speak of it."""
        start = key.start_mark.index - key.start_mark.column
        while start:
            above = self.text.rfind("\n", 0, start - 1) + 1
            if not self.text[above:start].strip().startswith("#"):
                break
            start = above
        return start

    @cached_property
    def _step(self) -> int:
        """By how much the file indents."""
        columns = [
            value.value[0][0].start_mark.column
            for _, value in self._root.value
            if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style
        ]
        return columns[0] if columns and columns[0] else _STEP

    def _is_airy(self, pairs: list[Pair]) -> bool:
        """Tell whether a blank line stands between the last two entries of a mapping."""
        return len(pairs) > 1 and self._blank_before(self._head(pairs[-1][0])) < self._head(pairs[-1][0])

    def _blank_before(self, start: int) -> int:
        above = self.text.rfind("\n", 0, max(start - 1, 0)) + 1
        return above if start and not self.text[above:start].strip() else start

    def _is_blank_from(self, at: int) -> bool:
        return not self.text[at : self._line_end(at)].strip()


def _end(text: str, node: yaml.Node) -> int:
    """Give where a node's own text ends: the parser counts blank lines and comments behind it to what is in lines."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip()) if end > start else start
