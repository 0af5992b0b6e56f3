"""What carriers answered in a check of the Fleet: each question is asked once, however often and by whom it is put.

The check chooses a second time after it listed the accounts and claims again; what is on offer it knows by then.
Nothing is kept beyond the check.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

from providers.port import Candidate, Carrier, NumberSearch, OwnedNumber
from trunkline.e164 import E164

T = TypeVar("T")


class Offers:
    """Gives the carriers of `carrier`, each with a memory; safe in several threads."""

    def __init__(self, carrier: Callable[[str], Carrier]) -> None:
        self._carrier = carrier
        self._known: dict[str, _AskedOnce] = {}
        self._guard = threading.Lock()

    def carrier(self, provider: str) -> Carrier:
        """Give a carrier. Raises Refusal where it is not configured."""
        with self._guard:
            if provider not in self._known:
                self._known[provider] = _AskedOnce(self._carrier(provider))
            return cast(Carrier, self._known[provider])

    def forget_accounts(self) -> None:
        """Ask again which numbers the accounts have; what is on offer stays known."""
        for carrier in self._known.values():
            carrier.held.clear()


class _AskedOnce:
    """A carrier that answers the same question about its offers, and about one number, from memory."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.held: dict[Hashable, Any] = {}
        self._offers: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def find(self, number: E164) -> OwnedNumber | None:
        return self._answer(self.held, number, lambda: self._carrier.find(number))

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        return self._answer(self._offers, (query, limit), lambda: self._carrier.search(query, limit))

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        return self._answer(self._offers, (number, country), lambda: self._carrier.offered(number, country))

    def _answer(self, known: dict[Hashable, Any], question: Hashable, ask: Callable[[], T]) -> T:
        with self._guard:
            lock = self._locks.setdefault(question, threading.Lock())
        with lock:
            if question not in known:
                known[question] = ask()
            answer: T = known[question]
            return answer


def unseen(wish: Mapping[str, Any], number: E164) -> OwnedNumber:
    """Give a number as the account might show it, to ask for its price."""
    country = next(iter(number.countries), "")
    kind = wish.get("search", {}).get("type") or number.likely_type
    return OwnedNumber(id="", number=number, country=country, type=kind, tag="", props={})
