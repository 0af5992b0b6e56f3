"""What every handler of the emulated Vonage works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sandbox import carrier
from sandbox.numbering import Block
from sandbox.request import Response
from sandbox.stock import Anchor, Pattern
from sandbox.vonage.fields import Field
from sandbox.vonage.settings import VonageSettings

# NANP area codes whose numbers Vonage sells as mobile ones; the plan itself tells them from no others.
_MOBILE_IN_NANP = frozenset({"201", "551", "415", "628", "647"})
_TYPES: Mapping[str, str] = {"local": "landline", "mobile": "mobile-lvn", "toll_free": "landline-toll-free"}
_FEATURES: Mapping[str, tuple[str, ...]] = {
    "landline": ("VOICE",),
    "mobile-lvn": ("VOICE", "SMS"),
    "landline-toll-free": ("VOICE",),
}
_ANCHORS: tuple[Anchor, ...] = ("start", "anywhere", "end")


@dataclass(slots=True)
class Desk(carrier.Desk[VonageSettings]):
    """The emulator's state and sources. Numbers are kept by msisdn: E.164 without the plus.

    `next_allowed`: account -> when its next request may come, where the settings have a rate.
    """

    next_allowed: dict[str, float] = field(default_factory=dict)

    carrier: ClassVar[str] = "vonage"
    owned: ClassVar[str] = "numbers"
    rules: ClassVar[Callable[[], Any]] = VonageSettings

    @staticmethod
    def key(number: str) -> str:
        return number[1:]


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request with its parameters read. `account` is the API key of the account."""

    desk: Desk
    account: str
    params: Mapping[str, Any]

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.params.get("pattern", ""), _ANCHORS[self.params.get("search_pattern", 0)])

    def page(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Give one page of rows with the count of all. Nothing at all is found: `{}`, as Vonage says it."""
        size, index = self.params.get("size", 10), self.params.get("index", 1)
        shown = rows[size * (index - 1) : size * index]
        return {"count": len(rows), "numbers": shown} if rows else {}


@dataclass(frozen=True)
class Route:
    """A method and path of Vonage's, who serves it, and the parameters that it takes."""

    method: str
    template: str
    handler: Callable[[Call], Response]
    parameters: Mapping[str, Field]


def type_of(block: Block) -> str:
    """Give Vonage's word for the type of a block's numbers."""
    return "mobile-lvn" if block.area_code in _MOBILE_IN_NANP else _TYPES[block.type]


def features_of(block: Block) -> tuple[str, ...]:
    return (*_FEATURES[type_of(block)], *(("MMS",) if block.area_code in _MOBILE_IN_NANP else ()))
