"""Numbers on offer at a carrier, as whoever asks for them knows them: the API and `trunkline search`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search at a carrier: `type` is local | mobile | toll_free, `contains` digits and `*`, `locality` a town.

    "" asks for nothing.
    """

    provider: str
    country: str
    area_code: str = ""
    contains: str = ""
    type: str = "local"
    limit: int = 10
    locality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A number on offer; `monthly` is (decimal text, currency), None where the carrier names no price.

    `requires` names what a purchase needs besides ("address_sid", "bundle_sid").
    """

    number: str
    country: str
    type: str
    monthly: tuple[str, str] | None
    requires: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the plain JSON object."""
        price = None if self.monthly is None else {"amount": self.monthly[0], "currency": self.monthly[1]}
        return {
            "phoneNumber": self.number,
            "country": self.country,
            "type": self.type,
            "monthlyCost": price,
            "requires": list(self.requires),
        }


class Search(Protocol):
    """Asks a carrier; runs in a thread.

    Raises LookupError for a provider that is not configured, Refusal for a locality where it searches none, and any
    other TrunklineError for what the carrier does.
    """

    def __call__(self, wanted: Wanted, /) -> Sequence[Offer]: ...
