"""What is compared: what the file says, what the state has, and what the vendors hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from trunkline.calls import canonical
from trunkline.comparison.changed import ChangedObject
from trunkline.comparison.finding import CODES, LiveFinding, place
from trunkline.deployed import Deployed
from trunkline.dump import Holdings, LiveObject
from trunkline.errors import VendorError
from trunkline.inventory import Inventory
from trunkline.model.tag import Tag
from trunkline.money import Money
from trunkline.outputs import Line

LIVEKIT = "livekit"


class Unread(NamedTuple):
    """Why a vendor was not read, and what to do about it, "" where that is not known."""

    why: str
    fix: str = ""

    @classmethod
    def of(cls, error: VendorError) -> Unread:
        return cls(error.said, error.fix)


@dataclass(frozen=True, kw_only=True)
class Sides:
    """File, state and live systems.

    `file`: the stack's part of the inventory, None where there is no file. `lines`: those of the state. `held`: the ids
    of all objects in the state. `scopes`: what this stack's tags may name. `unread`: vendor -> why what it holds is not
    known, and what to do. `costs`: number -> what it costs a month, where that is known, of those `without_line`.
    `passwords`: id of a trunk -> the password that the state has for it, None where the state's secrets could not be
    opened. `unseen`: id of an object of ours -> the vendor that shows no password of it. `trunkless` is that of the
    call model. `deployed`: the agents that LiveKit Cloud runs, None where it was not asked, or `unlisted` says why it
    does not tell. `changed`: what of the state's objects is not so at the vendors.
    """

    live: Holdings
    file: Inventory | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    unread: Mapping[str, Unread] = field(default_factory=dict)
    costs: Mapping[str, Money] = field(default_factory=dict)
    passwords: Mapping[str, str] | None = field(default=None, repr=False)
    unseen: Mapping[str, str] = field(default_factory=dict)
    trunkless: bool = False
    deployed: Deployed | None = None
    unlisted: str = ""
    changed: tuple[ChangedObject, ...] = ()

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """Number -> the line that has it, by the state or by the file."""
        of_file = {line.number: name for name, line in (self.file.lines if self.file else {}).items() if line.number}
        return {**of_file, **{line.phone_number: name for name, line in self.lines.items() if line.phone_number}}

    @cached_property
    def numbers_of_others(self) -> frozenset[str]:
        """The numbers of other stacks: by the file, and by the tags of LiveKit's trunks, since not every carrier's
        numbers hold one."""
        of_file = (line.number for line in (self.file.elsewhere.values() if self.file else ()) if line.number)
        trunks = (one for one in (*self.live.inbound, *self.live.outbound) if self._is_of_others(one.tag))
        return frozenset((*of_file, *(canonical(number) for one in trunks for number in one.props.get("numbers", ()))))

    def _is_of_others(self, text: str) -> bool:
        return Tag.parse(text) is not None and not self.is_tagged(text)

    @cached_property
    def our_numbers(self) -> frozenset[str]:
        """The numbers of lines, and of the carriers' accounts."""
        return frozenset((*self.numbers, *(one.number for one in self.live.numbers)))

    @cached_property
    def lines_with(self) -> Mapping[str, tuple[str, ...]]:
        """Id of an object at LiveKit -> the lines that have it in the state, sorted."""
        return _by(self.lines, lambda line: line.object_ids)

    @cached_property
    def lines_calling(self) -> Mapping[str, tuple[str, ...]]:
        """Agent's name at LiveKit -> the lines whose rules call it by the state, sorted."""
        return _by(self.lines, lambda line: line.called)

    @cached_property
    def accepted(self) -> Mapping[str, str]:
        """Id of a neighbour that the file accepts -> its reason."""
        return {one.id: one.reason for one in (self.file.accepted if self.file else ())}

    def is_ours(self, one: LiveObject) -> bool:
        """Whether the state has an object, or its tag names this stack."""
        return one.id in self.held or self.is_tagged(one.tag)

    def is_tagged(self, text: str) -> bool:
        """Whether a tag names this stack."""
        tag = Tag.parse(text)
        return tag is not None and tag.fleet in self.scopes

    def lines_of(self, one: LiveObject) -> tuple[str, ...]:
        """Give the lines whose trunk or rule an object is, or whose numbers a trunk has."""
        listed = {self.numbers.get(canonical(number), "") for number in one.props.get("numbers", ())}
        return tuple(sorted({*self.lines_with.get(one.id, ()), *listed} - {""}))

    def place_of(self, lines: tuple[str, ...], key: str = "") -> str:
        """Give where the file has the first of these lines, or that line's key."""
        names = [name for name in lines if self.file and name in self.file.lines]
        if not names:
            return ""
        return (place(self.file, "numbers", names[0], key) if key else "") or place(self.file, "numbers", names[0])

    def finding(self, code: str, subject: str, message: str, fix: str = "", **more: object) -> LiveFinding:
        """Make a finding; `more` are its other fields, with the place of its first line where it has lines."""
        lines: tuple[str, ...] = more.get("lines", ())  # type: ignore[assignment]
        given = {"vendor": LIVEKIT, "place": self.place_of(lines), **more}
        return LiveFinding(code=code, severity=CODES[code], subject=subject, message=message, fix=fix, **given)  # type: ignore[arg-type]


def _by(lines: Mapping[str, Line], keys: Callable[[Line], Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """Give the names of lines by what each of them has."""
    found: dict[str, list[str]] = {}
    for name, line in sorted(lines.items()):
        for key in dict.fromkeys(keys(line)):
            found.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def named(kind: str, one: LiveObject) -> str:
    """Name an object by its kind and id, and what people call it."""
    called = "".join(char if char.isprintable() else "?" for char in one.called)
    return f'{kind} {one.id} ("{called}")' if called else f"{kind} {one.id}"


def trunks(live: Holdings) -> Iterator[tuple[str, str, LiveObject]]:
    """Give every trunk with its vendor and kind."""
    yield from ((LIVEKIT, "InboundTrunk", one) for one in live.inbound)
    yield from ((LIVEKIT, "OutboundTrunk", one) for one in live.outbound)
    yield from ((one.provider, "SipTrunk", one.trunk) for one in live.trunks)
