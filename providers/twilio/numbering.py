"""The phone numbers of a Twilio account."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from providers.port import Candidate, Lack, NumberSearch, OwnedNumber, Props
from providers.sdk_session import Moved, SdkSession
from providers.twilio import convert
from providers.twilio.limits import PAGE_SIZE, SEARCH_SIZE
from providers.twilio.papers import Papers
from providers.twilio.refusals import VENDOR
from trunkline.e164 import E164
from trunkline.errors import UnknownOutcome, VendorError
from trunkline.money import Money


class TwilioCarrier:
    """Implements `providers.port.Carrier`."""

    name = "twilio"
    keeps_tags = True
    samples = True
    dials_plus = True
    route_fields = convert.ROUTE_FIELDS
    never_shown: tuple[str, ...] = ()

    def __init__(self, account: str, session: SdkSession) -> None:
        self.account, self._session = account, session
        self._prices: dict[str, Mapping[str, Money]] = {}
        self._pricing = threading.Lock()
        self._papers = Papers(session)

    def owned(self) -> Sequence[OwnedNumber]:
        """Give every number; one that no line can name (a short code) is left out."""
        return self._session.ask(lambda api: _owned(api.incoming_phone_numbers.list(page_size=PAGE_SIZE)))

    def find(self, number: E164) -> OwnedNumber | None:
        found = self._session.ask(
            lambda api: _owned(api.incoming_phone_numbers.list(phone_number=number, page_size=PAGE_SIZE), number)
        )
        return next((owned for owned in found if owned.number == number), None)

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        """Give numbers of one random sample of the vendor; () also where the country has no such type."""
        found = self._offers(query.country, query.type, convert.search(query), min(limit, SEARCH_SIZE))
        begin = convert.prefix(query)
        return tuple(each for each in found if each.number.startswith(begin))

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        words = {"contains": str(number), "voice_enabled": True}
        places = dict.fromkeys((country, *number.countries) if country else number.countries)
        for place, kind in product(places, convert.likely_types(number)):
            found = self._offers(place, kind, words, SEARCH_SIZE)
            exact = next((each for each in found if each.number == number), None)
            if exact:
                return exact
        return None

    def lacks(self, offer: Candidate, papers: Props) -> Sequence[Lack]:
        return tuple(self._papers.lacks(offer, papers))

    def price(self, owned: OwnedNumber) -> Money | None:
        return self._prices_of(owned.country).get(owned.type) if owned.country else None

    def buy(self, number: E164, desired: Props) -> OwnedNumber:
        """Buy the number, and see it in the account: what only the answer shows may be missed by the next run."""
        arguments = convert.purchase(number, desired)
        bought = self._session.ask(lambda api: _this(api.incoming_phone_numbers.create(**arguments), number))
        try:
            seen = self.find(number)
        except VendorError as error:
            raise _unseen(f"the purchase was accepted, but could not be read back: {error.detail}") from error
        if seen is None:
            raise _unseen("the purchase was accepted, but the account does not show the number yet")
        return bought

    def route(self, owned: OwnedNumber, desired: Props) -> OwnedNumber:
        arguments = convert.routing(desired)
        return self._session.ask(
            lambda api: _this(api.incoming_phone_numbers(owned.id).update(**arguments), owned.number)
        )

    def detach(self, owned: OwnedNumber, label: str = "") -> None:
        """Take the number off its trunk, then put what it was called, or its own digits, in the tag's place.

        In this order a run that ends in between leaves the tag, by which the next one finishes the work.
        """
        self.unroute(owned)
        self._session.ask(
            lambda api: _this(
                api.incoming_phone_numbers(owned.id).update(friendly_name=label or owned.number), owned.number
            )
        )

    def unroute(self, owned: OwnedNumber) -> bool:
        trunk = owned.props["trunkSid"]
        return bool(trunk) and bool(
            self._session.ask_or_none(lambda api: api.trunking.v1.trunks(trunk).phone_numbers(owned.id).delete())
        )

    def unblock(self, owned: OwnedNumber) -> None:
        """Take the emergency address off: Twilio releases no number that has one."""
        if owned.blocks_release:
            cleared = convert.emergency("")
            self._session.ask(lambda api: _this(api.incoming_phone_numbers(owned.id).update(**cleared), owned.number))

    def release(self, owned: OwnedNumber) -> bool:
        return bool(self._session.ask_or_none(lambda api: api.incoming_phone_numbers(owned.id).delete()))

    def _offers(self, country: str, kind: str, words: Mapping[str, Any], limit: int) -> tuple[Candidate, ...]:
        # One page, since the next would be another sample. A type that the country does not have is not found.
        rows = self._session.ask_or_none(
            lambda api: [
                convert.candidate(row, kind)
                for row in getattr(api.available_phone_numbers(country), kind).page(page_size=limit, **words)
            ]
        )
        if not rows:
            return ()
        monthly = self._prices_of(country).get(kind)
        return tuple(replace(each, monthly=monthly) for each in rows if each)[:limit]

    def _prices_of(self, country: str) -> Mapping[str, Money]:
        """Prices by type, asked for once a country; {} where Twilio has none for it."""
        with self._pricing:
            if country not in self._prices:
                known = self._session.ask_or_none(
                    lambda api: convert.prices(api.pricing.v1.phone_numbers.countries(country).fetch())
                )
                self._prices[country] = known or {}
            return self._prices[country]


def _owned(rows: Sequence[Any], part: str = "") -> tuple[OwnedNumber, ...]:
    """Read a list, of the numbers that hold `part` where one was asked for: the filter also finds parts of numbers."""
    strange = next((row.phone_number for row in rows if part not in str(row.phone_number)), None)
    if strange is not None:
        raise ValueError(f"the answer is about {strange}, not {part}")
    numbers = [number for number in map(convert.owned, rows) if number]
    twice = [number for number, count in Counter(each.number for each in numbers).items() if count > 1]
    if twice:
        raise Moved(f"the list holds {', '.join(sorted(twice))} twice, so it changed while it was read")
    return tuple(sorted(numbers, key=lambda each: each.number))


def _this(row: Any, number: E164) -> OwnedNumber:
    """Read the answer to a write about one number. Raises ValueError where it is about another."""
    owned = convert.owned(row)
    if owned is None or owned.number != number:
        raise ValueError(f"the answer is about {row.phone_number}, not {number}")
    return owned


def _unseen(detail: str) -> UnknownOutcome:
    return UnknownOutcome(
        VENDOR, "POST /IncomingPhoneNumbers.json", detail, fix="Look for the number in the account, then decide."
    )
