"""The page that a reviewer reads of an update: values, in the order of their weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from trunkline.money import Money


class Verdict(StrEnum):
    """What a preview ended with."""

    NOTHING = "nothing"
    CHANGES = "changes"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that comes or goes. `price` is a month's, None where the carrier does not say one or takes none."""

    line: str
    number: str
    provider: str
    price: Money | None = None
    searched: bool = False
    """Whether a search found it, of which a carrier may sell another one: a notice says so where that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One property of one object, as a reader names both: `place` "dispatch rule", `field` "room_prefix"."""

    place: str
    field: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What becomes of a line. `what`: added | changed | renamed | removed.

    `before` and `after` are who answers its calls, "" for nobody. `former` is its name until now where that changes.
    `otherwise`: where calls go from now on that nobody answers in time, as a sentence; "" for nowhere.
    """

    line: str
    what: str
    number: str
    before: str
    after: str
    former: str = ""
    otherwise: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An object of a trunk, or another one of no line's own. `what`: made | adopted | changed | replaced | removed."""

    kind: str
    name: str
    what: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A wall that lets more in than it did. `owner` is the line or trunk, "guard" for the file's own limits."""

    owner: str
    wall: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What somebody changed by hand: `found` is what a vendor holds now, `recorded` what the last update wrote.

    `becomes` is what this update makes of it: what was recorded, what was found, or what the file says by now.
    """

    kind: str
    name: str
    field: str
    recorded: str
    found: str
    becomes: str

    @property
    def put_right(self) -> bool:
        """Whether the update brings back what was there."""
        return self.becomes == self.recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A number that is not there as it should be. `status`: ordered | pending | vanished."""

    line: str
    number: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Something foreign that changes where calls end. `accepted` is the file's reason to leave it there, or ""."""

    id: str
    message: str
    accepted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of the guard against what the update does: "purchases", "releases" or "monthly USD"."""

    name: str
    used: str
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Monthly cost by currency before and after, the numbers of unknown price after, and the guard's limits."""

    before: tuple[Money, ...] = ()
    after: tuple[Money, ...] = ()
    unknown: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a plan does. Everything is sorted; the same preview gives the same page.

    `kept`: numbers that leave their line and stay in the account, and are paid for further. `taken_back`: our own
    numbers, found again after a lost state or a port. `taken_over`: how many objects beside numbers are adopted.
    `final`: what no later update can undo. `missed`: why calls may miss their agent during the update, none where every
    edit is in place.
    """

    stack: str
    verdict: Verdict
    refused: tuple[str, ...] = ()
    bought: tuple[Number, ...] = ()
    adopted: tuple[Number, ...] = ()
    released: tuple[Number, ...] = ()
    kept: tuple[Number, ...] = ()
    taken_back: tuple[Number, ...] = ()
    taken_over: int = 0
    final: tuple[str, ...] = ()
    walls: tuple[Wall, ...] = ()
    missed: tuple[str, ...] = ()
    costs: Costs = field(default_factory=Costs)
    lines: tuple[Line, ...] = ()
    shared: tuple[Shared, ...] = ()
    drift: tuple[Drift, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    beside: tuple[Beside, ...] = ()
    notices: tuple[str, ...] = ()
