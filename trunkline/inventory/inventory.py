"""The inventory as a whole, and the part of it that one stack holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trunkline.errors import InventoryError, Problem
from trunkline.inventory.place import Path, Place, Places, find
from trunkline.inventory.routes import trunk_of
from trunkline.inventory.wording import one_line
from trunkline.model.entries import LATER, Accepted, Agent, Guard, Line, Trunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All that numbers.yaml says. Two inventories are equal when they mean the same, wherever it is written.

    `path` is the file as the operator named it. `lines` are those of one stack after `for_stack`; `all_line_names` and
    `all_trunk_names` are always those of the whole file.
    """

    version: int = 1
    guard: Guard = field(default_factory=Guard)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    trunks: Mapping[str, Trunk] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    all_line_names: tuple[str, ...] = ()
    # Told by the trunks of the whole file, so it is no part of what the inventory means.
    all_trunk_names: tuple[str, ...] = field(default=(), compare=False)
    accepted: tuple[Accepted, ...] = field(default=(), metadata=LATER)
    path: str = field(default="numbers.yaml", compare=False)
    places: Places = field(default_factory=dict, compare=False, repr=False)

    def place(self, *path: str) -> Place:
        """Give where the key at `path` stands, or its nearest parent: `place("numbers", "sales-us", "label")`."""
        return Place(self.path, *find(self.places, path))

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

        Where no line names stacks, the one stack has everything. Raises InventoryError for a stack that no line names
        and that owns no trunk.
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
                        " any more ends with `pulumi destroy`, once its lines' marks are applied",
                    )
                ]
            )
        lines = {name: line for name, line in self.lines.items() if stack in line.stacks}
        used = {trunk.name for line in lines.values() if (trunk := trunk_of(self, line)) is not None}
        trunks = {name: trunk for name, trunk in self.trunks.items() if trunk.owner == stack or name in used}
        accepted = tuple(one for one in self.accepted if not one.stacks or stack in one.stacks)
        return replace(self, lines=lines, trunks=trunks, accepted=accepted)
