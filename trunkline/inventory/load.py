"""From the file to an Inventory, or to every problem that it has: all rules, in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from trunkline.carriers import any_of
from trunkline.errors import InventoryError, Problem
from trunkline.inventory import by_stack, parts, sections, spelling, values
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.rules import advice, agents, entries, trunks
from trunkline.inventory.rules.lines import line_problems
from trunkline.inventory.sections import Sections
from trunkline.model.entries import Line

_MOST = 1000


def load(path: Path, *, within: Path = Path()) -> Inventory:
    """Read and check the inventory at `path`, taken from `within`, with its parts; problems name it as `path` is.

    Raises InventoryError with every problem, sorted by place.
    """
    text, of_parts = texts_of(path, within=within)
    return parse(text, str(path), of_parts)


def texts_of(path: Path, *, within: Path = Path()) -> tuple[str, dict[str, str]]:
    """Give the inventory's text, and those of its parts by the names of their files. Raises as `load` does."""
    read: dict[str, str] = {}
    problems: list[Problem] = []
    file = str(path)
    try:
        of_parts = parts.find(within / path, file)
    except InventoryError as error:
        of_parts, problems = {}, list(error.problems)
    for name, each in ((file, within / path), *of_parts.items()):
        try:
            read[name] = _text(name, each)
        except InventoryError as error:
            problems += error.problems
    if problems:
        raise InventoryError(problems)
    return read.pop(file), read


def _text(file: str, path: Path) -> str:
    try:
        if not path.is_file():
            raise InventoryError([_no_file(file, "is no file" if path.exists() else "is not there")])
        with path.open("rb") as stream:
            content = stream.read(spelling.MAX_BYTES + 1)
    except OSError as error:
        raise InventoryError([_no_file(file, f"cannot be read: {error.strerror}")]) from None
    return spelling.decode(content, file)


def parse(text: str, file: str, of_parts: Mapping[str, str] = MappingProxyType({})) -> Inventory:
    """Read and check an inventory's text; `file` is the name for its problems. Raises InventoryError as `load` does.

    `of_parts`: the texts of its parts, by the names of their files.
    """
    read = parts.read({file: text, **of_parts})
    where = Inventory(path=file, places=read.places, files=read.files)
    whole = _judged(by_stack.of(read.data), where)
    problems = [*read.problems, *whole.problems, *by_stack.problems(read.data, whole.inventory)]
    of_stacks: dict[str, _Judged] = {}
    for stack in by_stack.stacks(read.data):
        theirs = replace(where, places=by_stack.places(read.places, read.data, stack))
        of_stacks[stack] = _judged(by_stack.of(read.data, stack), theirs)
        problems += of_stacks[stack].problems
    if of_stacks:
        problems += by_stack.borrowing_problems(whole.trunks, {stack: each.trunks for stack, each in of_stacks.items()})
    if problems:
        raise InventoryError(_ordered(list(dict.fromkeys(problems)), file), advice.warnings(whole.lines))
    return replace(whole.inventory, of_stacks={stack: each.inventory for stack, each in of_stacks.items()})


class _Judged(NamedTuple):
    """What the data says, every problem that it has, and the parts that are sound: its lines, its trunks."""

    inventory: Inventory
    problems: list[Problem]
    lines: Inventory
    trunks: Inventory


def _judged(data: Any, where: Inventory) -> _Judged:
    found = sections.read(data, where)
    inventory, unclear = _build(found, where)
    problems = [*found.problems, *unclear, *_rules(inventory, found)]
    return _Judged(inventory, problems, _sound_part(inventory, found), _of_sound_trunks(inventory, found))


def _build(found: sections.Sections, where: Inventory) -> tuple[Inventory, list[Problem]]:
    """Make the values of what could be read; a line without a provider is a problem, and broken."""
    problems: list[Problem] = []
    made: dict[str, Line] = {}
    for name, shape in found.lines.items():
        provider = values.provider(shape, found.defaults, found.trunks)
        if provider is None:
            # A line that names a trunk has its problem there; one that is broken may have had a provider.
            if ("numbers", name) not in found.broken and not shape.trunk:
                problems.append(_no_provider(name, where))
            found.broken.add(("numbers", name))
        made[name] = values.line(name, shape, found.defaults, provider or "custom")
    inventory = Inventory(
        guard=values.guard(found.guard),
        agents={name: values.agent(name, shape) for name, shape in found.agents.items()},
        trunks={name: values.trunk(name, shape, found.defaults) for name, shape in found.trunks.items()},
        lines=made,
        all_line_names=tuple(found.lines),
        all_trunk_names=tuple(sorted(found.trunks)),
        accepted=tuple(sorted((values.accepted(shape) for shape in found.accepted), key=lambda one: one.id)),
        fallback=values.fallback(found.defaults),
        path=where.path,
        files=where.files,
        places=where.places,
    )
    return inventory, problems


def _ordered(problems: list[Problem], file: str) -> list[Problem]:
    """Sort by place, parts behind the inventory's own file; what is wrong throughout is cut short."""
    ordered = sorted(
        problems, key=lambda one: (one.file != file, one.file, one.line, one.column, one.rule, one.message)
    )
    if len(ordered) <= _MOST:
        return ordered
    rest = Problem(
        rule="too-many",
        message=f"there are {len(ordered) - _MOST} more problems",
        fix="mend these first",
        file=ordered[0].file,
    )
    return [*ordered[:_MOST], rest]


def _no_provider(name: str, where: Inventory) -> Problem:
    return where.problem(
        ("numbers", name),
        "no-provider",
        f'line "{name}": nothing says who provides it',
        f"add `provider:` with {any_of()} here or to `defaults`, or name its `trunk`",
    )


def _no_file(file: str, reason: str) -> Problem:
    return Problem(
        rule="no-file",
        message=f"the inventory {reason}",
        fix="name an existing file, or begin one as docs/numbers-yaml.md shows",
        file=file,
    )


def _rules(inventory: Inventory, sections: Sections) -> Iterator[Problem]:
    """Give every problem that the shape alone does not show.

    Names are resolved for all lines; what fits together is asked only of entries that are sound, and of lines whose
    trunk is.
    """
    yield from entries.unknown_agents(inventory, sections.agent_ids)
    yield from entries.unknown_trunks(inventory, sections.trunk_names)
    yield from entries.numbers_used_twice(inventory)
    yield from entries.renames(inventory)
    yield from entries.stack_names(inventory)
    yield from entries.accepted(inventory, sections.accepted)
    yield from _texts(inventory, sections)
    for name, agent in inventory.agents.items():
        if ("agents", name) not in sections.broken:
            yield from agents.agent_problems(inventory, agent)
    for name, trunk in inventory.trunks.items():
        if ("trunks", name) not in sections.broken:
            yield from trunks.trunk_problems(inventory, trunk)
    sound = _sound_part(inventory, sections)
    yield from trunks.fallback_problems(_of_sound_trunks(sound, sections))
    for line in sound.lines.values():
        yield from line_problems(sound, line)
        yield from agents.caller_problems(sound, line)
    yield from trunks.sharing_problems(sound)


def _texts(inventory: Inventory, sections: Sections) -> Iterator[Problem]:
    yield from entries.entry_problems(inventory, ("defaults",), sections.defaults)
    for name, trunk in sections.trunks.items():
        yield from entries.entry_problems(inventory, ("trunks", name), trunk)
    for name, line in sections.lines.items():
        yield from entries.entry_problems(inventory, ("numbers", name), line)


def _of_sound_trunks(inventory: Inventory, sections: Sections) -> Inventory:
    broken = {name for name in inventory.trunks if ("trunks", name) in sections.broken}
    return replace(inventory, trunks={name: one for name, one in inventory.trunks.items() if name not in broken})


def _sound_part(inventory: Inventory, sections: Sections) -> Inventory:
    """Give the inventory with those lines alone whose own keys are sound, and whose trunk is."""
    lines = {
        name: line
        for name, line in inventory.lines.items()
        if ("numbers", name) not in sections.broken
        and (not line.trunk or (line.trunk in inventory.trunks and ("trunks", line.trunk) not in sections.broken))
    }
    return replace(inventory, lines=lines)
