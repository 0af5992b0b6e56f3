"""The money: what was charged and what was released, append only, over all vendors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Charge:
    """A purchase: the first month of `number` (E.164), at `at` (seconds since 1970)."""

    vendor: str
    account: str
    number: str
    amount: Decimal
    currency: str
    at: float


@dataclass(frozen=True, slots=True)
class Release:
    """A number given back. Nothing is paid back."""

    vendor: str
    account: str
    number: str
    at: float


LedgerEntry = Charge | Release


class Ledger:
    """Entries in the order in which they happened. Vendors append inside their transactions, last of all."""

    def __init__(self, entries: tuple[LedgerEntry, ...] = ()) -> None:
        self.entries: list[LedgerEntry] = list(entries)

    def charge(self, charge: Charge) -> None:
        self.entries.append(charge)

    def release(self, release: Release) -> None:
        self.entries.append(release)

    def charges(self) -> list[Charge]:
        return [entry for entry in self.entries if isinstance(entry, Charge)]

    def releases(self) -> list[Release]:
        return [entry for entry in self.entries if isinstance(entry, Release)]

    def purchases(self, number: str) -> list[Charge]:
        """Give the charges for one number (E.164)."""
        return [charge for charge in self.charges() if charge.number == number]

    @property
    def owned(self) -> tuple[str, ...]:
        """The numbers that were bought and not released since, sorted."""
        held: dict[str, bool] = {}
        for entry in self.entries:
            held[entry.number] = isinstance(entry, Charge)
        return tuple(sorted(number for number, is_held in held.items() if is_held))

    def spent(self) -> Mapping[str, Decimal]:
        """Give the sum of all charges by currency."""
        totals: dict[str, Decimal] = {}
        for charge in self.charges():
            totals[charge.currency] = totals.get(charge.currency, Decimal()) + charge.amount
        return totals

    def as_json(self) -> list[dict[str, Any]]:
        return [_entry_as_json(entry) for entry in self.entries]

    @classmethod
    def of_json(cls, entries: list[dict[str, Any]]) -> Ledger:
        return cls(tuple(_entry_of_json(dict(entry)) for entry in entries))


def _entry_as_json(entry: LedgerEntry) -> dict[str, Any]:
    if isinstance(entry, Charge):
        return {"kind": "charge", **asdict(entry), "amount": str(entry.amount)}
    return {"kind": "release", **asdict(entry)}


def _entry_of_json(fields: dict[str, Any]) -> LedgerEntry:
    if fields.pop("kind") == "charge":
        return Charge(**{**fields, "amount": Decimal(fields["amount"])})
    return Release(**fields)
