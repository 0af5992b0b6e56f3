"""The page in sentences, once for text and markdown: sections in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trunkline.money import Money
from trunkline.review.page import Change, Line, Number, Page, Verdict, Waiting

NOBODY = "nobody"
_LINES = ("added", "removed")


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence, with details below it."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `weight`: "loss" for what is lost or opened, "gain" for what comes, else "". `whole`: it is
    never cut short."""

    title: str
    rows: tuple[Row, ...]
    weight: str = ""
    whole: bool = False


def headline(page: Page) -> str:
    """Give the page's first line."""
    if page.verdict is Verdict.REFUSED:
        return f"Plan of stack {page.stack or '?'}: refused. Nothing was or will be changed."
    if page.verdict is Verdict.NOTHING:
        return f"Plan of stack {page.stack}: nothing changes."
    other = "other " if page.adopted else ""
    numbers = {one.line for one in (*page.bought, *page.adopted, *page.taken_back, *page.released, *page.kept)}
    added, removed = (sum(one.what == what and one.line not in numbers for one in page.lines) for what in _LINES)
    counts = (
        (len(page.bought), "bought"),
        (len(page.adopted), "adopted"),
        (page.taken_over, f"{other}object{'' if page.taken_over == 1 else 's'} adopted"),
        (len(page.released), "released for ever"),
        (len(page.kept), "kept without a line"),
        (added, f"line{'' if added == 1 else 's'} added"),
        (removed, f"line{'' if removed == 1 else 's'} removed"),
        (sum(line.what in ("changed", "renamed") for line in page.lines), "changed"),
        (len({(one.kind, one.name) for one in page.drift if one.put_right}), "put right after a change by hand"),
        (len(page.waiting), "not there as it should be"),
    )
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Plan of stack {page.stack}: {said or 'objects at vendors change'}."


def sections(page: Page) -> tuple[Section, ...]:
    """Give what is to be said, without what there is nothing to say of."""
    told = page.verdict is not Verdict.REFUSED
    every = (
        Section("Refused", _rows(page.refused), "loss", whole=True),
        Section("Released for ever", tuple(map(_number, page.released)), "loss", whole=True),
        Section("Bought", tuple(map(_number, page.bought)), "gain", whole=True),
        Section("Adopted", tuple(map(_number, page.adopted)), "gain", whole=True),
        Section("Kept in the account, without a line", tuple(map(_number, page.kept)), "loss", whole=True),
        Section("Taken back: ours already, nothing is bought", tuple(map(_number, page.taken_back))),
        Section("Walls that let more in", tuple(_walls(page)), "loss", whole=True),
        Section("Cannot be undone", _rows(page.final), "loss"),
        Section("Calls during the update", _rows(_calls(page))),
        Section("Money", _rows(_money(page)) if told else ()),
        Section("Who answers, and what changes", tuple(map(_line, page.lines))),
        Section("Trunks and other objects", tuple(_shared(page))),
        Section("Changed by hand at a vendor", tuple(_drift(page))),
        Section("Numbers that wait", tuple(map(_waiting, page.waiting))),
        Section("Neighbours: foreign objects beside ours", tuple(_beside(page))),
        Section("Notices", _rows(page.notices)),
    )
    return tuple(section for section in every if section.rows)


def _rows(texts: Iterable[str]) -> tuple[Row, ...]:
    # By line feeds alone, which are ours: what else ends a line stands in the words of others, and is shown escaped.
    split = (text.split("\n") for text in texts)
    return tuple(Row(first, tuple(line.strip(" ") for line in rest)) for first, *rest in split)


def _number(one: Number) -> Row:
    price = f"{one.price} a month" if one.price else "price not told by the carrier"
    like = ", found by a search" if one.searched else ""
    return Row(f"{one.number} at {one.provider}, line {one.line}: {price}{like}")


def _walls(page: Page) -> Iterator[Row]:
    for wall in page.walls:
        yield Row(f"{wall.owner}: {wall.wall}", (f"{wall.was} => {wall.becomes}",))


def _calls(page: Page) -> Iterator[str]:
    if page.missed:
        yield from page.missed
    elif page.verdict is Verdict.CHANGES:
        yield "every edit is made in place: no call to a line that stays misses its agent"


def _money(page: Page) -> Iterator[str]:
    costs = page.costs
    if page.bought:
        # What sets a number up costs nothing at either carrier: their APIs name a price a month alone (2026-11).
        yield "once: nothing that a carrier tells of"
    yield f"a month: {_amounts(costs.before)} => {_amounts(costs.after)}"
    if costs.unknown:
        yield f"without the lines whose price is not told: {', '.join(costs.unknown)}"
    for limit in costs.limits if page.verdict is Verdict.CHANGES else ():
        yield f"guard, {limit.name}: {limit.used} of {limit.allowed}"


def _amounts(amounts: Iterable[Money]) -> str:
    return " + ".join(map(str, amounts)) or "0"


def _line(line: Line) -> Row:
    names = f"{line.former} => {line.line}" if line.former else line.line
    before, after = line.before or NOBODY, line.after or NOBODY
    if line.what == "added":
        answers = f"answered by {after}"
    elif line.what == "removed":
        answers = f"was answered by {before}, is a line no more"
    else:
        answers = f"answered by {before}" if before == after else f"{before} => {after}"
    otherwise = (line.otherwise,) if line.otherwise else ()
    return Row(f"{names} ({line.number}), {line.what}: {answers}", (*otherwise, *map(_change, line.changes)))


def _change(change: Change) -> str:
    return f"{change.place}, {change.field}: {change.was} => {change.becomes}"


def _shared(page: Page) -> Iterator[Row]:
    for one in page.shared:
        yield Row(f"{one.kind} {one.name}: {one.what}", tuple(map(_change, one.changes)))


def _drift(page: Page) -> Iterator[Row]:
    for one in page.drift:
        field = f", {one.field}" if one.field else ""
        says = "the same" if one.becomes == one.found else one.becomes
        then = "this update puts it right again" if one.put_right else f"the file says {says} by now"
        yield Row(f"{one.kind} of {one.name}{field}: {one.recorded} => {one.found}; {then}")


def _waiting(one: Waiting) -> Row:
    means = {
        "ordered": "was ordered and is not in the account yet",
        "pending": "is in the account and not active yet",
        "vanished": "is in its account no more, and is not bought again by itself",
    }[one.status]
    return Row(f"{one.number} of line {one.line} {means}")


def _beside(page: Page) -> Iterator[Row]:
    for one in page.beside:
        way = f"remove it there, or accept it in the file: `accepted: [{{id: {one.id}, reason: …}}]`"
        yield Row(one.message, (f"accepted in the file: {one.accepted}" if one.accepted else way,))
