"""What numbers.yaml says, as one value, with the place of every key.

Also what is asked of it: the part that one stack holds, which trunk carries a line, where calls go that LiveKit does
not take, which secrets it names, and its fingerprint. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.errors import InventoryError, Problem
from trunkline.model.entries import LATER, Accepted, Agent, Guard, Line, SecretRef, Trunk
from trunkline.quoting import one_line

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


def _find(places: Places, path: Path) -> tuple[int, int]:
    """Give line and column of the key at `path`, or of its nearest parent that the file has; (1, 1) at worst."""
    for length in range(len(path), 0, -1):
        if (place := places.get(path[:length])) is not None:
            return place
    return 1, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All that numbers.yaml says. Two inventories are equal when they mean the same, wherever it is written.

    `path` is the file as the operator named it; `files`: path of an entry in a part -> the part's file.
    `lines` are those of one stack after `for_stack`, and `elsewhere` those of the others; `all_line_names` and
    `all_trunk_names` are always those of the whole file.
    """

    version: int = 1
    guard: Guard = field(default_factory=Guard)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    trunks: Mapping[str, Trunk] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    elsewhere: Mapping[str, Line] = field(default_factory=dict, compare=False)
    all_line_names: tuple[str, ...] = ()
    # Told by the trunks of the whole file, so it is no part of what the inventory means.
    all_trunk_names: tuple[str, ...] = field(default=(), compare=False)
    accepted: tuple[Accepted, ...] = field(default=(), metadata=LATER)
    # That of `defaults`, which the trunks that are made for the stack have.
    fallback: str = field(default="", metadata=LATER)
    path: str = field(default="numbers.yaml", compare=False)
    # What a stack has otherwise, by stack: the whole inventory as it has it, until `for_stack` chooses one.
    of_stacks: Mapping[str, Inventory] = field(default_factory=dict, metadata=LATER)
    files: Mapping[Path, str] = field(default_factory=dict, compare=False, repr=False)
    places: Places = field(default_factory=dict, compare=False, repr=False)

    def place(self, *path: str) -> Place:
        """Give where the key at `path` stands, or its nearest parent: `place("numbers", "sales-us", "label")`."""
        return Place(self.files.get(path[:2], self.path), *_find(self.places, path))

    def has(self, *path: str) -> bool:
        """Tell whether the file itself has the key at `path`; a default does not count."""
        return path in self.places

    def problem(self, path: Path, rule: str, message: str, fix: str) -> Problem:
        """Make a problem that stands at `path`."""
        at = self.place(*path)
        return Problem(rule=rule, message=one_line(message), fix=fix, file=at.file, line=at.line, column=at.column)

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks that lines name, or that own a trunk, sorted; empty where one stack has everything."""
        owners = {trunk.owner for trunk in self.trunks.values() if trunk.owner}
        return tuple(sorted(self.stacks_of_lines | owners))

    @property
    def stacks_of_lines(self) -> frozenset[str]:
        """The stacks that lines name."""
        return frozenset(stack for line in self.lines.values() for stack in line.stacks)

    def for_stack(self, stack: str) -> Inventory:
        """Keep the lines of one stack, the trunks that it owns or that its lines use, and what is accepted there.

        Values that it has otherwise are its own. Where no line names stacks, the one stack has everything. Raises
        InventoryError for a stack that no line names and that owns no trunk.
        """
        if not self.stacks_of_lines:
            return self
        if stack not in self.stacks:
            known = ", ".join(self.stacks)
            raise InventoryError(
                [
                    self.problem(
                        ("numbers",),
                        "unknown-stack",
                        f'no line is of stack "{stack}"; lines name the stacks {known}',
                        f"name {stack} in the `stacks` of its lines, or select one of {known}; a stack without lines"
                        " any more ends with `pulumi destroy --run-program=false`, once its lines' marks are applied",
                    )
                ]
            )
        whole = self.of_stacks.get(stack, self)
        lines = {name: line for name, line in whole.lines.items() if stack in line.stacks}
        used = {trunk.name for line in lines.values() if (trunk := trunk_of(whole, line)) is not None}
        trunks = {name: trunk for name, trunk in whole.trunks.items() if trunk.owner == stack or name in used}
        accepted = tuple(one for one in whole.accepted if not one.stacks or stack in one.stacks)
        elsewhere = {name: line for name, line in whole.lines.items() if name not in lines}
        return replace(whole, lines=lines, elsewhere=elsewhere, trunks=trunks, accepted=accepted, of_stacks={})


def trunk_of(inventory: Inventory, line: Line) -> Trunk | None:
    """Give the trunk that carries `line`.

    A custom line that brings its own address gets a trunk of that, named like the line. None stands for the trunk that
    is made (or implied) for the stack where the file has none of the line's provider.
    """
    if line.trunk:
        return inventory.trunks[line.trunk]
    if line.provider == "custom":
        return own_trunk(line)
    return next((trunk for trunk in inventory.trunks.values() if trunk.provider == line.provider), None)


def fallback_of(inventory: Inventory, line: Line) -> str:
    """Give where the calls of a line go that LiveKit does not take, "" for nowhere; a custom line has its host's."""
    trunk = trunk_of(inventory, line)
    made = inventory.fallback if CARRIERS[line.provider].fails_over else ""
    return made if trunk is None else trunk.fallback


def asks_pin(inventory: Inventory, key: str) -> bool:
    """Whether whom this agent answers enter a PIN before.

    LiveKit accepts a call before it asks (livekit/sip `inbound.go`, read 2026-11).
    """
    agent = inventory.agents.get(key)
    return bool(agent and agent.options.get("pin"))


def own_trunk(line: Line) -> Trunk:
    """Make the trunk that a custom line spells out in itself; its allowed addresses and headers stay the line's."""
    return Trunk(
        name=line.name,
        provider="custom",
        sip_address=line.sip_address,
        sip_provider=line.sip_provider,
        transport=line.transport,
        auth_username=line.auth_username,
        auth_password=line.auth_password,
        inbound_auth=line.inbound_auth,
        adopt=line.adopt,
    )


def digest(inventory: Inventory) -> str:
    """Give the SHA-256, in hex, of the inventory as canonical JSON.

    Comments, order, quotes and values that equal their default do not change it; a secret's name does, its value is
    not in the inventory.
    """
    text = json.dumps(_plain(inventory), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        parts = {part: getattr(value, part.name) for part in fields(value) if part.compare}
        return {part.name: _plain(held) for part, held in parts.items() if held or "later" not in part.metadata}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    # 25, 25.0 and 25.00 are one amount.
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


# What the file writes in the entry itself, and the model holds together.
_OF_ENTRY = frozenset({"options", "called"})


def secret_keys(inventory: Inventory) -> Iterator[tuple[Path, SecretRef]]:
    """Give each key that names a config secret with its path in the file, in the order of agents, trunks, lines.

    Every entry is walked whole, so that a key which takes a secret one day is found without a word here. An agent that
    no line of the inventory calls needs none: its rule is not made.
    """
    called = {name for line in inventory.lines.values() if line.inbound for name in line.agents}
    agents = {name: agent for name, agent in inventory.agents.items() if name in called}
    for section, entries in (("agents", agents), ("trunks", inventory.trunks), ("numbers", inventory.lines)):
        for name, entry in sorted(entries.items()):
            yield from _within((section, name), entry)


def _within(path: Path, value: Any) -> Iterator[tuple[Path, SecretRef]]:
    if isinstance(value, SecretRef):
        yield path, value
    elif is_dataclass(value):
        for part in fields(value):
            own = () if part.name in _OF_ENTRY else (part.name,)
            yield from _within((*path, *own), getattr(value, part.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _within((*path, key), item)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _within((*path, str(index)), item)
