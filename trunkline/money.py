"""Amounts of money, exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in one currency (ISO 4217), such as 1.15 USD."""

    currency: str
    amount: Decimal

    @classmethod
    def parse(cls, amount: str, currency: str) -> Money:
        """Take a vendor's decimal text. Raises ValueError for anything that is no finite, non-negative amount."""
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is no amount of money") from None
        if not value.is_finite() or value < 0:
            raise ValueError(f"{amount!r} is no amount of money")
        return cls(currency, value)

    @classmethod
    def from_json(cls, value: Mapping[str, str] | None) -> Money | None:
        """Read what `to_json` wrote."""
        return None if value is None else cls.parse(value["amount"], value["currency"])

    def to_json(self) -> dict[str, str]:
        """Amounts are strings in outputs: JSON numbers are floats, and money is not."""
        return {"amount": str(self.amount), "currency": self.currency}

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"


def totals(amounts: Iterable[Money]) -> dict[str, Decimal]:
    """Sum by currency, in the order of the currencies' codes."""
    sums: dict[str, Decimal] = {}
    for money in sorted(amounts):
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums
