"""The document as shapes, entry by entry, so that one wrong line hides no problem of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from trunkline.errors import Problem
from trunkline.inventory import messages
from trunkline.inventory.inventory import SECTIONS, Inventory, Path
from trunkline.inventory.shapes import fields
from trunkline.inventory.shapes.livekit import AgentShape
from trunkline.inventory.shapes.schema import (
    AcceptedShape,
    DefaultsShape,
    GuardShape,
    InventoryShape,
    LineShape,
    TrunkShape,
)

S = TypeVar("S", bound=BaseModel)


@dataclass(slots=True)
class Sections:
    """What could be read. A key whose value was refused is left out of its entry, and the entry's path is in `broken`.

    `agent_ids` and `trunk_names` are those of all entries, readable or not.
    """

    guard: GuardShape = field(default_factory=GuardShape)
    defaults: DefaultsShape = field(default_factory=DefaultsShape)
    accepted: list[AcceptedShape] = field(default_factory=list)
    agents: dict[str, AgentShape] = field(default_factory=dict)
    trunks: dict[str, TrunkShape] = field(default_factory=dict)
    lines: dict[str, LineShape] = field(default_factory=dict)
    agent_ids: tuple[str, ...] = ()
    trunk_names: tuple[str, ...] = ()
    broken: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read(data: Any, where: Inventory) -> Sections:
    """Check the shape of the document's data. `where` gives the places."""
    reader = _Reader(where)
    sections = reader.sections
    if not isinstance(data, dict):
        sections.problems.append(_no_mapping(data, where))
        return sections
    root = {**data, **{name: {} for name in SECTIONS if isinstance(data.get(name), dict)}}
    top = reader.root(root)
    sections.guard, sections.defaults, sections.accepted = top.guard, top.defaults, top.accepted
    sections.agents = reader.entries("agents", AgentShape, fields.AGENT_ID, data)
    sections.trunks = reader.entries("trunks", TrunkShape, fields.TRUNK_NAME, data)
    sections.lines = reader.entries("numbers", LineShape, fields.LINE_NAME, data)
    sections.agent_ids, sections.trunk_names = _names(data, "agents"), _names(data, "trunks")
    return sections


class _Reader:
    """Validates entries and notes what is wrong with them."""

    def __init__(self, where: Inventory) -> None:
        self.sections = Sections()
        self._where = where

    def root(self, data: dict[str, Any]) -> InventoryShape:
        """Check the top level, whose sections are emptied, and give what of it can be read."""
        if self.entry(InventoryShape, data, ()) is None:
            # `version` or `numbers` is missing: that is noted, and says nothing about the rest.
            data = {key: data[key] for key in ("guard", "defaults", "accepted") if key in data}
        mended = _Reader(self._where).entry(InventoryShape, {**data, "version": 1, "numbers": {}}, ())
        return mended or InventoryShape(version=1, numbers={})

    def entries(self, section: str, kind: type[S], name_type: fields.Text, data: Mapping[str, Any]) -> dict[str, S]:
        """Read all entries of a section, sorted by name."""
        found: dict[str, S] = {}
        for name in _names(data, section):
            self._check_name(name, name_type, (section, name))
            entry = self.entry(kind, data[section][name], (section, name))
            if entry is not None:
                found[name] = entry
        return found

    def entry(self, kind: type[S], data: Any, path: Path) -> S | None:
        """Read one entry; without the keys that are wrong, or None where it cannot be without them."""
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            self.sections.problems.extend(messages.problems(error, kind, path, self._where))
            self.sections.broken.add(path)
            wrong = [detail["loc"] for detail in error.errors(include_url=False)]
        try:
            return kind.model_validate(_without(data, wrong))
        except ValidationError:
            return None

    def _check_name(self, name: str, name_type: fields.Text, path: Path) -> None:
        try:
            name_type.accept(name)
        except PydanticCustomError as error:
            context = error.context or {}
            self.sections.problems.append(
                self._where.problem(path, context["rule"], f"{path[0]}: {context['message']}", context["fix"])
            )
            self.sections.broken.add(path)


def _without(data: Any, wrong: Iterable[tuple[int | str, ...]]) -> Any:
    """Copy `data` without the keys at the places `wrong`; of a list that has a wrong item nothing is left."""
    heads: dict[int | str, list[tuple[int | str, ...]]] = {}
    for loc in wrong:
        if loc and loc[0] != "[key]":
            heads.setdefault(loc[0], []).append(loc[1:])
    if not isinstance(data, dict) or not heads:
        return data
    kept = {key: value for key, value in data.items() if key not in heads}
    for key, rests in heads.items():
        if isinstance(data.get(str(key)), dict) and all(rest and rest[0] != "[key]" for rest in rests):
            kept[str(key)] = _without(data[str(key)], rests)
    return kept


def _names(data: Mapping[str, Any], section: str) -> tuple[str, ...]:
    entries = data.get(section)
    return tuple(sorted(entries)) if isinstance(entries, dict) else ()


def _no_mapping(data: Any, where: Inventory) -> Problem:
    message = "the file is empty, which would take every line away" if data is None else "the file is no mapping"
    return where.problem(
        (), "no-mapping", message, "begin with `version: 1`, then `numbers:`; `numbers: {}` means none"
    )
