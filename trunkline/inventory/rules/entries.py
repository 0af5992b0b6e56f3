"""Rules for all entries, sound or not: names that point elsewhere, what two lines must not share, and items.

Items are those of the lists and mappings that become SIP headers, attributes and filters.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from trunkline.calls import canonical
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, Path
from trunkline.inventory.shapes import sip
from trunkline.inventory.shapes.schema import AcceptedShape, CommonShape, TrunkShape
from trunkline.model.entries import Line
from trunkline.quoting import suggestion


def unknown_agents(inventory: Inventory, known: Collection[str]) -> Iterator[Problem]:
    """Every `agent` is a key under `agents`; a wrong default is one problem, not one for each line."""
    users: dict[Path, tuple[str, ...]] = {}
    for line in inventory.lines.values():
        own = ("numbers", line.name, "agent")
        users[own if own in inventory.places else ("defaults", "agent")] = (line.agent, *line.further_agents)
        users |= {("numbers", line.name, "callers", one.name, "agent"): one.agents for one in line.callers}
    for path, agent in ((path, agent) for path, agents in users.items() for agent in agents):
        if agent and agent not in known:
            yield inventory.problem(
                path,
                "unknown-agent",
                f'{".".join(path)}: no agent "{agent}" is declared',
                f"declare it under agents:, or {suggestion(agent, known)}",
            )


def unknown_trunks(inventory: Inventory, known: Collection[str]) -> Iterator[Problem]:
    """Every `trunk` is a key under `trunks`."""
    for line in inventory.lines.values():
        if line.trunk and line.trunk not in known:
            yield inventory.problem(
                ("numbers", line.name, "trunk"),
                "unknown-trunk",
                f'line "{line.name}": no trunk "{line.trunk}" is declared',
                f"declare it under trunks:, or {suggestion(line.trunk, known)}",
            )


def numbers_used_twice(inventory: Inventory) -> Iterator[Problem]:
    """A number belongs to one line; the problem stands at the later one."""
    first: dict[str, Line] = {}
    for line in sorted(inventory.lines.values(), key=lambda line: _order(inventory, ("numbers", line.name))):
        if not line.number:
            continue
        # As LiveKit compares them.
        other = first.setdefault(canonical(line.number), line)
        if other is not line:
            conflict = _in_conflict(line, other)
            key, others = (("phone_number" if one.phone_number else "called_number") for one in (line, other))
            mine = ("numbers", line.name, key)
            at = _seen_from(inventory, mine, ("numbers", other.name, others))
            yield inventory.problem(
                mine,
                "livekit-conflict" if conflict else "number-used-twice",
                f'line "{line.name}": {line.number} is the number of line "{other.name}" ({at}) already'
                + ("; LiveKit refuses two inbound trunks for the same number and callers" if conflict else ""),
                f"keep one of the two lines; to rename one, delete the old and write `renamed_from: {other.name}`",
            )


def _order(inventory: Inventory, path: Path) -> tuple[bool, str, int]:
    at = inventory.place(*path)
    return at.file != inventory.path, at.file, at.line


def _seen_from(inventory: Inventory, path: Path, other: Path) -> str:
    """Say where `other` stands in a problem that stands at `path`: the file is named where it is another."""
    here, there = inventory.place(*path), inventory.place(*other)
    return f"line {there.line}" if there.file == here.file else f"{there.file}:{there.line}"


def _in_conflict(one: Line, other: Line) -> bool:
    """Tell whether LiveKit refuses the inbound trunks of two lines with one number.

    Two trunks conflict when neither limits callers, or when both admit one caller (livekit/protocol sip/sip.go,
    2026-08-22).
    """
    if not (one.inbound and other.inbound):
        return False
    if not one.allowed_callers or not other.allowed_callers:
        return one.allowed_callers == other.allowed_callers
    return not set(one.allowed_callers).isdisjoint(other.allowed_callers)


def renames(inventory: Inventory) -> Iterator[Problem]:
    """`renamed_from` names a line that is gone, and one line alone claims it; the same of trunks."""
    lines = {line.name: line.renamed_from for line in inventory.lines.values()}
    trunks = {trunk.name: trunk.renamed_from for trunk in inventory.trunks.values()}
    yield from _renames(inventory, "line", "numbers", lines, inventory.all_line_names, "has the number")
    yield from _renames(inventory, "trunk", "trunks", trunks, inventory.all_trunk_names, "is it")


def _renames(
    inventory: Inventory, what: str, key: str, former: Mapping[str, str], names: Container[str], rightful: str
) -> Iterator[Problem]:
    claimed: dict[str, str] = {}
    for name, old in former.items():
        if not old:
            continue
        path = (key, name, "renamed_from")
        if old in names:
            yield inventory.problem(
                path,
                "renamed-from",
                f'{what} "{name}": its former name "{old}" is the name of a {what} that is still here',
                f'delete the {what} "{old}", or delete `renamed_from`',
            )
        if (other := claimed.setdefault(old, name)) != name:
            yield inventory.problem(
                path,
                "renamed-from",
                f'{what} "{name}": {what} "{other}" claims the former name "{old}" too',
                f"keep `renamed_from` on the one that {rightful}",
            )


def stack_names(inventory: Inventory) -> Iterator[Problem]:
    """Once a line names its stacks, or a trunk its owner, all lines do.

    The owner may be a stack that has no line any more: `advice` tells of one that no line names.
    """
    if not inventory.stacks:
        return
    for line in inventory.lines.values():
        if not line.stacks:
            yield inventory.problem(
                ("numbers", line.name),
                "stacks-needed",
                f'line "{line.name}" names no stack, but other lines or trunks do',
                "add `stacks: [<stack>]` here, or to `defaults`",
            )
    for name, trunk in inventory.trunks.items():
        if trunk.owner and not inventory.stacks_of_lines:
            yield inventory.problem(
                ("trunks", name, "owner"),
                "unknown-stack",
                f'trunk "{name}": no line is of stack "{trunk.owner}", nor of any other',
                "delete `owner`",
            )


def accepted(inventory: Inventory, given: Sequence[AcceptedShape]) -> Iterator[Problem]:
    """An id is accepted once, with one reason, beside lines of stacks that there are. `given` in the file's order."""
    first: dict[str, int] = {}
    for index, entry in enumerate(given):
        path = ("accepted", str(index))
        if (other := first.setdefault(entry.id, index)) != index:
            at = inventory.place("accepted", str(other)).line
            yield inventory.problem(
                (*path, "id"), "accepted-twice", f"{entry.id} is accepted already (line {at})", "keep one of the two"
            )
        for stack in entry.stacks:
            if stack not in inventory.stacks:
                message = f'accepted {entry.id}: no line is of stack "{stack}"'
                yield inventory.problem(
                    (*path, "stacks"), "unknown-stack", message, suggestion(stack, inventory.stacks)
                )


# LiveKit, "Participant attributes and metadata", size limits (read 2026-11-26): 64 KiB over all keys and values.
_MOST_ATTRIBUTES = 64 * 1024


def entry_problems(where: Inventory, path: Path, entry: CommonShape | TrunkShape) -> Iterator[Problem]:
    """Check what one line, trunk or `defaults` writes itself."""
    if entry.headers:
        yield from _headers(where, (*path, "headers"), entry.headers)
    if entry.allowed_addresses:
        yield from _repeats(where, (*path, "allowed_addresses"), entry.allowed_addresses)
    if not isinstance(entry, CommonShape):
        return
    if entry.attributes:
        yield from _attributes(where, (*path, "attributes"), entry.attributes)
        yield from _attribute_size(where, (*path, "attributes"), entry.attributes)
    if entry.allowed_callers:
        yield from _repeats(where, (*path, "allowed_callers"), entry.allowed_callers)
    if entry.stacks:
        yield from _repeats(where, (*path, "stacks"), entry.stacks)


def _headers(where: Inventory, path: Path, headers: Mapping[str, str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, value in headers.items():
        first = seen.setdefault(name.lower(), name)
        at, title = (*path, name), ".".join(path)
        if first != name:
            yield where.problem(at, "header", f'{title}: "{name}" and "{first}" are one header', "keep one of the two")
        if reason := sip.header_secret(name):
            yield where.problem(
                at, "literal-secret", f"{title}: {reason}", "delete it; write auth_username and auth_password"
            )
        elif reason := sip.header_fault(name, value):
            yield where.problem(
                at, "header", f"{title}: {reason}", "correct or delete it; LiveKit refuses the trunk otherwise"
            )


def _attributes(where: Inventory, path: Path, attributes: Mapping[str, str]) -> Iterator[Problem]:
    for name in attributes:
        if name.startswith("sip."):
            message = f'{".".join(path)}: "{name}" is an attribute that LiveKit sets for each call'
            yield where.problem((*path, name), "attribute", message, "choose a name that does not begin with sip.")


def _attribute_size(where: Inventory, path: Path, attributes: Mapping[str, str]) -> Iterator[Problem]:
    size = sum(len(name.encode()) + len(value.encode()) for name, value in attributes.items())
    if size > _MOST_ATTRIBUTES:
        message = f"{'.'.join(path)}: they have {size} bytes, and LiveKit keeps {_MOST_ATTRIBUTES} for a participant"
        yield where.problem(path, "attribute", message, "keep the data elsewhere, and an id of it here")


def _repeats(where: Inventory, path: Path, items: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item in seen:
            message = f"{'.'.join(path)}: {item} is listed twice"
            yield where.problem((*path, str(index)), "listed-twice", message, "delete one of the two")
        seen.add(item)
