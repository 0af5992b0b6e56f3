"""What carriers have on offer, asked for once in a check of the Fleet, however often it chooses.

The check chooses a second time after it listed the accounts and claims again; what is on offer it knows by then.
Nothing is kept beyond the check.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

from providers.port import Candidate, Carrier, NumberSearch, OwnedNumber
from trunkline.e164 import E164

T = TypeVar("T")


class Offers:
    """Gives the carriers of `carrier`, each with a memory for what it offers."""

    def __init__(self, carrier: Callable[[str], Carrier]) -> None:
        self._carrier = carrier
        self._known: dict[str, Carrier] = {}

    def carrier(self, provider: str) -> Carrier:
        """Give a carrier. Raises Refusal where it is not configured."""
        if provider not in self._known:
            self._known[provider] = cast(Carrier, _AskedOnce(self._carrier(provider)))
        return self._known[provider]


class _AskedOnce:
    """A carrier that answers the same question about its offers from memory."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._answers: dict[Hashable, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        return self._answer((query, limit), lambda: self._carrier.search(query, limit))

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        return self._answer((number, country), lambda: self._carrier.offered(number, country))

    def _answer(self, question: Hashable, ask: Callable[[], T]) -> T:
        if question not in self._answers:
            self._answers[question] = ask()
        answer: T = self._answers[question]
        return answer


def unseen(wish: Mapping[str, Any], number: E164) -> OwnedNumber:
    """Give a number as the account might show it, to ask for its price."""
    country = next(iter(number.countries), "")
    kind = wish.get("search", {}).get("type") or number.likely_type
    return OwnedNumber(id="", number=number, country=country, type=kind, tag="", props={})
