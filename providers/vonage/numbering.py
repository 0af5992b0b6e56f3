"""The phone numbers of a Vonage account."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from vonage_numbers import (  # type: ignore[import-untyped]
    ListOwnedNumbersFilter,
    NumberParams,
    SearchAvailableNumbersFilter,
)

from providers.port import Candidate, Lack, NumberSearch, OwnedNumber, Props
from providers.sdk_session import Moved, SdkSession
from providers.vonage import convert
from providers.vonage.limits import PAGE_SIZE, SEARCH_PAGES
from providers.vonage.refusals import BUY, OWNED, SEARCH, UPDATE, VENDOR
from trunkline.e164 import E164
from trunkline.errors import Reason, Rejected, UnknownOutcome, VendorError
from trunkline.money import Money


class VonageCarrier:
    """Implements `providers.port.Carrier`. A number holds no tag here, and is routed by a write of its own."""

    name = VENDOR
    keeps_tags = False
    samples = False
    dials_plus = False
    route_fields = convert.ROUTE_FIELDS
    never_shown: tuple[str, ...] = (convert.CALLBACK,)

    def __init__(self, account: str, session: SdkSession) -> None:
        self.account, self._session = account, session
        self._sold_in: dict[str, str] = {}
        """number -> the country that Vonage sells it as, of what was seen on offer."""
        self._prices: dict[tuple[str, str], Money | None] = {}
        self._pricing = threading.Lock()

    def owned(self) -> Sequence[OwnedNumber]:
        """Give every number; one that no line can name (a short code) is left out."""
        return self._session.ask(lambda api: _owned(_all(api, {})))

    def find(self, number: E164) -> OwnedNumber | None:
        pattern = {"pattern": number.digits, "search_pattern": 1}
        found = self._session.ask(lambda api: _owned(_all(api, pattern), number.digits))
        return next((owned for owned in found if owned.number == number), None)

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        words, found = convert.search(query), []
        for index in range(1, SEARCH_PAGES + 1):
            page = self._offers(words, index)
            found += [each for each in page if each and convert.matches(query, each)]
            if len(found) >= limit or len(page) < PAGE_SIZE:
                break
        return tuple(found[:limit])

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        places = dict.fromkeys((country, *number.countries) if country else number.countries)
        for place in places:
            words = {"country": place, "features": "VOICE", "pattern": number.digits, "search_pattern": 1}
            exact = next((each for each in self._offers(words, 1) if each and each.number == number), None)
            if exact:
                return exact
        return None

    def lacks(self, offer: Candidate, papers: Props) -> Sequence[Lack]:
        """Give nothing: Vonage says only when it refuses what its dashboard alone sells."""
        return ()

    def price(self, owned: OwnedNumber) -> Money | None:
        """Give what Vonage asks for another number of the same country and type, since it says nothing of this one.

        Asked for once a country and type: a fleet that is adopted has many of a kind.
        """
        if owned.type not in convert.TYPES:
            return None
        key = (owned.country, owned.type)
        with self._pricing:
            if key not in self._prices:
                offers = self._offers({"country": owned.country, "type": convert.TYPES[owned.type]}, 1, size=1)
                self._prices[key] = next((each.monthly for each in offers if each), None)
            return self._prices[key]

    def buy(self, number: E164, desired: Props) -> OwnedNumber:
        """Buy the number and read it back. It is not routed yet: that takes `route`."""
        params = NumberParams(country=self._country(number, desired.get("country", "")), msisdn=number.digits)
        self._session.ask(lambda api: api.buy_number(params))
        try:
            bought = self.find(number)
        except VendorError as error:
            raise _unseen(f"the purchase was accepted, but could not be read back: {error.detail}") from error
        if bought is None:
            raise _unseen("the purchase was accepted, but the account does not show the number yet")
        return bought

    def route(self, owned: OwnedNumber, desired: Props) -> OwnedNumber:
        return self._set(owned, desired["sipUri"], desired.get(convert.CALLBACK))

    def detach(self, owned: OwnedNumber, label: str = "") -> None:
        self._set(owned, "")

    def unroute(self, owned: OwnedNumber) -> bool:
        """Do nothing: a write here sets a number's whole routing, whatever that is by now."""
        return False

    def unblock(self, owned: OwnedNumber) -> None:
        """Do nothing: nothing keeps a number here."""

    def release(self, owned: OwnedNumber) -> bool:
        params = NumberParams(country=owned.country, msisdn=owned.id)
        try:
            self._session.ask(lambda api: api.cancel_number(params))
        except Rejected:
            # "420 method failed" also stands for a number that is no longer ours, or not yet.
            if self.find(owned.number) is not None:
                raise
            return False
        return True

    def _country(self, number: E164, wanted: str) -> str:
        """Give the country to buy a number in: Vonage's own where more than one shares its calling code."""
        if number not in self._sold_in and (not wanted or (wanted == number.country and len(number.countries) > 1)):
            self.offered(number, wanted)
        return self._sold_in.get(number) or wanted or next(iter(number.countries), "")

    def _set(self, owned: OwnedNumber, sip_uri: str, callback: str | None = None) -> OwnedNumber:
        """Read the number, change its routing alone, and send all of it back.

        Nothing is sent where it stands so already: the reading and what the caller has seen must both say so, since
        each may show the past. A `callback`, "" for none, is never shown, and so always sent.
        """
        current = self.find(owned.number)
        if current is None:
            detail = f"{owned.number} is not in the account"
            raise Rejected(VENDOR, f"POST {UPDATE}", detail, reason=Reason.NOT_FOUND)
        routed = convert.routed(current, sip_uri)
        if routed.raw != current.raw or routed.props != owned.props or callback is not None:
            form = convert.update({**routed.raw, **({convert.STATUS: callback} if callback else {})})
            # Not by the SDK's `update_number`, which knows neither the messages callback nor every voice callback.
            self._session.ask(
                lambda api: api.http_client.post(api.http_client.rest_host, UPDATE, form, "basic", "form")
            )
        return routed

    def _offers(self, words: Mapping[str, Any], index: int, size: int = PAGE_SIZE) -> Sequence[Candidate | None]:
        """Give one page of what is on offer, None for a short code."""
        params = SearchAvailableNumbersFilter(**words, size=size, index=index).model_dump(exclude_none=True)
        found = self._session.ask(lambda api: [convert.candidate(row) for row in _page(api, SEARCH, params)[1]])
        self._sold_in.update((each.number, each.country) for each in found if each)
        return found


def _all(api: Any, words: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Give all owned rows that fit. Raises Moved where the pages do not agree with each other.

    As the vendor sends them: the SDK's model would drop what it does not know, and a later update with it.
    """
    rows: list[Mapping[str, Any]] = []
    total, index = 1, 1
    while len(rows) < total:
        params = ListOwnedNumbersFilter(**words, size=PAGE_SIZE, index=index).model_dump(exclude_none=True)
        count, page = _page(api, OWNED, params)
        if index > 1 and (count != total or not page):
            raise Moved(f"the list changed while it was read: it said {total} numbers, then {count}")
        total, index = count, index + 1
        rows += page
    return rows


def _page(api: Any, path: str, params: Mapping[str, Any]) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """Give the number of all rows and the rows of one page."""
    body = api.http_client.get(api.http_client.rest_host, path, params, "basic")
    return body.get("count", 0), body.get("numbers", [])


def _owned(rows: Sequence[Mapping[str, Any]], part: str = "") -> tuple[OwnedNumber, ...]:
    """Read a list, of the numbers that hold `part` where one was asked for."""
    strange = next((digits for digits in map(convert.digits, rows) if part not in digits), None)
    if strange is not None:
        raise ValueError(f"the answer is about {strange}, not {part}")
    numbers = [number for number in map(convert.owned, rows) if number]
    twice = [number for number, count in Counter(each.number for each in numbers).items() if count > 1]
    if twice:
        raise Moved(f"the list holds {', '.join(sorted(twice))} twice, so it changed while it was read")
    return tuple(sorted(numbers, key=lambda each: each.number))


def _unseen(detail: str) -> UnknownOutcome:
    return UnknownOutcome(VENDOR, f"POST {BUY}", detail, fix="Look for the number in the account, then decide.")
