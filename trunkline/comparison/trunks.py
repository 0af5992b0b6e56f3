"""Trunks that nobody answers for, that let in everybody, or that filter out what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.calls import canonical
from trunkline.comparison.finding import LiveFinding
from trunkline.comparison.sides import LIVEKIT, Sides, named, trunks
from trunkline.dump import LiveObject
from trunkline.inventory import trunk_of
from trunkline.model.tag import Tag

_SHOWN = 5


def gone(sides: Sides) -> Iterator[LiveFinding]:
    """What the state has of a line at LiveKit and LiveKit does not list."""
    if LIVEKIT in sides.unread:
        return
    there = {one.id for one in (*sides.live.inbound, *sides.live.outbound, *sides.live.rules)}
    lines_of: dict[tuple[str, str], list[str]] = {}
    for name, line in sorted(sides.lines.items()):
        ids = (
            ("InboundTrunk", line.inbound_trunk_id),
            ("OutboundTrunk", line.outbound_trunk_id),
            ("DispatchRule", line.dispatch_rule_id),
            *(("CallerRule", one.dispatch_rule_id) for one in line.caller_rules),
        )
        for kind, id in ids:
            if id and id not in there:
                lines_of.setdefault((kind, id), []).append(name)
    for (kind, id), lines in sorted(lines_of.items()):
        yield sides.finding(
            "object-gone",
            id,
            f"{kind} {id} of {', '.join(lines)} is in the state and not at LiveKit",
            "run `pulumi up`, which makes it again",
            lines=tuple(lines),
        )


def orphaned(sides: Sides) -> Iterator[LiveFinding]:
    """What carries this stack's tag and is not in its state: left by a run that was killed, or by a lost state."""
    rules = ((LIVEKIT, "DispatchRule", one) for one in sides.live.rules)
    for vendor, kind, one in (*trunks(sides.live), *rules):
        if one.id not in sides.held and sides.is_tagged(one.tag):
            yield sides.finding(
                "rule-orphaned" if kind == "DispatchRule" else "trunk-orphaned",
                one.id,
                f"{named(kind, one)} carries this stack's tag and is not in its state",
                "run `pulumi up`: it takes back what a line wants, and removes the rest",
                vendor=vendor,
                lines=sides.lines_of(one),
            )


def foreign(sides: Sides) -> Iterator[LiveFinding]:
    """What is neither in the state nor tagged for it."""
    for vendor, kind, one in trunks(sides.live):
        if sides.is_ours(one):
            continue
        tag = Tag.parse(one.tag)
        whose = f"is of {tag.describe()}" if tag else "is no stack's"
        yield sides.finding(
            "trunk-foreign",
            one.id,
            f"{named(kind, one)} {whose}",
            "" if tag else "`trunkline dump` tells whether a line can have it",
            vendor=vendor,
            lines=sides.lines_of(one),
        )


def catch_all(sides: Sides) -> Iterator[LiveFinding]:
    for one in sides.live.inbound:
        if not one.props["numbers"]:
            yield sides.finding(
                "trunk-catch-all",
                one.id,
                f"{named('InboundTrunk', one)} has no numbers, so that it takes calls to every number that no other"
                " trunk has",
                "give it its numbers, or remove it",
            )


def open_to_all(sides: Sides) -> Iterator[LiveFinding]:
    """Numbers are no secret: who knows one and LiveKit's SIP host calls the agent past the carrier.

    Every line has an inbound trunk of its own, and one key shuts all of a trunk of the file: they are one finding.
    """
    alike: dict[tuple[str, bool], list[LiveObject]] = {}
    for one in sides.live.inbound:
        props = one.props
        if props["numbers"] and not (props["authUsername"] or props["authPassword"] or props["allowedAddresses"]):
            alike.setdefault(_shut_by(sides, one), []).append(one)
    for (shut_by, is_declared), found in alike.items():
        lines = tuple(sorted({name for one in found for name in sides.lines_of(one)}))
        fix = "write `allowed_addresses` with its carrier's networks"
        if len(found) == 1:
            (one,) = found
            at = f"on numbers.{lines[0]}" if sides.is_ours(one) and lines else _where(one)
            what, has = f"{named('InboundTrunk', one)} takes", "it has"
        else:
            whose = f"trunk {shut_by}" if is_declared else f"{shut_by}'s lines"
            at = f"on trunks.{shut_by}" if is_declared else f"on a trunk of {shut_by} under `trunks:`"
            what, has = f"{len(found)} inbound trunks at LiveKit, of {whose}, take", "they have"
        yield sides.finding(
            "trunk-open",
            found[0].id if len(found) == 1 else shut_by,
            f"{what} calls from any address: {has} neither a user nor allowed addresses",
            f"{fix} {at}",
            lines=lines,
        )


def _where(one: LiveObject) -> str:
    """Say where a trunk that is not this stack's is shut; by hand the next update of its own stack would open it."""
    tag = Tag.parse(one.tag)
    return f"in the file of its stack, where it is {tag.describe()}" if tag else "at LiveKit"


def _shut_by(sides: Sides, one: LiveObject) -> tuple[str, bool]:
    """Give the file's trunk that an inbound trunk of ours is made from, else its lines' carrier, and which it is.

    By its own id stands what is foreign or accepted by that, and a custom line's.
    """
    lines = [sides.lines[name] for name in sides.lines_of(one) if name in sides.lines]
    if one.id in sides.accepted or not lines or not sides.is_ours(one):
        return one.id, False
    said = sides.file.lines.get(lines[0].id) if sides.file else None
    trunk = trunk_of(sides.file, said) if sides.file and said else None
    if trunk is not None and sides.file and trunk.name in sides.file.trunks:
        return trunk.name, True
    return (one.id if lines[0].provider == "custom" else lines[0].provider), False


def own_numbers(sides: Sides) -> Iterator[LiveFinding]:
    """A list of callers with a number of ours in it: mostly one that was meant for the numbers that are called."""
    filters = (
        *(("InboundTrunk", one, one.props["allowedNumbers"]) for one in sides.live.inbound),
        *(("DispatchRule", one, one.also.get("callers", ())) for one in sides.live.rules),
    )
    for kind, one, callers in filters:
        own = sorted({canonical(caller) for caller in callers} & sides.our_numbers)
        if own:
            others = len({canonical(caller) for caller in callers}) - len(own)
            yield sides.finding(
                "filter-own-number",
                one.id,
                f"{named(kind, one)} lets in as callers {_listed(own)}, which {'are' if len(own) > 1 else 'is'} ours"
                + ("" if others else ", and nobody else"),
                "list who may call, or nobody; the numbers that are called stand elsewhere",
                lines=(lines := sides.lines_of(one)),
                place=sides.place_of(lines, "allowed_callers"),
            )


def duplicates(sides: Sides) -> Iterator[LiveFinding]:
    """Outbound trunks with one address and a number in common: who calls out by number may get either."""
    by_way: dict[tuple[str, str], list[LiveObject]] = {}
    for one in sides.live.outbound:
        for number in dict.fromkeys(map(canonical, one.props["numbers"])):
            by_way.setdefault((one.props["address"].casefold(), number), []).append(one)
    alike: dict[tuple[str, ...], tuple[str, list[str], list[LiveObject]]] = {}
    for (address, number), found in sorted(by_way.items()):
        if len(found) > 1:
            ids = tuple(sorted(one.id for one in found))
            alike.setdefault(ids, (address, [], found))[1].append(number)
    for ids, (address, numbers, found) in sorted(alike.items()):
        lines = tuple(sorted({name for one in found for name in sides.lines_of(one)}))
        yield sides.finding(
            "outbound-duplicate",
            ids[0],
            f"OutboundTrunk {' and '.join(ids)} both call out as {_listed(numbers)} over {address}",
            "keep the one that your calls name; remove the other",
            lines=lines,
        )


def _listed(numbers: list[str]) -> str:
    more = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
