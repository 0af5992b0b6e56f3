"""The numbers of a LiveKit project: bought tied to a dispatch rule, named afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

from providers.livekit_numbers import convert
from providers.livekit_numbers.limits import LIST_PAGES, PAGE_SIZE, SEARCH_PAGES
from providers.livekit_numbers.refusals import GET, LIST, PURCHASE, RELEASE, SEARCH, UPDATE, VENDOR, field_of
from providers.port import Candidate, Lack, NumberSearch, OwnedNumber, Props
from providers.sdk_session import Moved
from trunkline.e164 import E164
from trunkline.errors import Reason, Rejected, UnknownOutcome, VendorError
from trunkline.money import Money

T = TypeVar("T")
Body = Mapping[str, Any]


class Service(Protocol):
    """What `providers.livekit_numbers.client` sends with."""

    def send(self, rpc: str, document: Body) -> Body:
        """Send one request and give its answer."""
        ...

    def ask(self, question: Callable[[], T]) -> T:
        """Give what `question` makes of the answers that it sends for."""
        ...


class LiveKitNumbers:
    """Implements `providers.port.Carrier`. A number gets its name after its purchase, and so its rule claims it."""

    name = VENDOR
    keeps_tags = False
    samples = False
    dials_plus = True
    route_fields: tuple[str, ...] = convert.ROUTE_FIELDS
    never_shown: tuple[str, ...] = ()

    def __init__(self, account: str, service: Service) -> None:
        self.account, self._service = account, service

    def owned(self) -> Sequence[OwnedNumber]:
        """Give every number that the project has; what it has given back is left out."""
        return self._service.ask(self._all)

    def _all(self) -> tuple[OwnedNumber, ...]:
        rows: list[Body] = []
        token, total = "", 0
        for _ in range(LIST_PAGES):
            page, token, total = _listed(self._service.send(LIST, _page(token)))
            rows += page
            if not token:
                break
        if token or len(rows) < total:
            raise Moved(f"the list ended after {len(rows)} of {total} numbers")
        found = [one for one in map(convert.owned, rows) if one]
        if twice := [number for number, count in Counter(one.number for one in found).items() if count > 1]:
            raise Moved(f"the list holds {', '.join(sorted(twice))} twice, so it changed while it was read")
        return tuple(sorted(found, key=lambda one: one.number))

    def find(self, number: E164) -> OwnedNumber | None:
        try:
            return self._service.ask(lambda: _named(self._service.send(GET, {"phone_number": str(number)}), number))
        except Rejected as error:
            if error.reason is not Reason.NOT_FOUND:
                raise
            return None

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        found: list[Candidate] = []
        for page in self._offers(query.country, query.area_code):
            found += [one for one in page if convert.matches(query, one)]
            if len(found) >= limit:
                break
        return tuple(found[:limit])

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        """Give this very number, looked for in what LiveKit offers of its area code."""
        if not number.digits.startswith("1"):
            return None
        pages = self._offers("US", number.digits[1:4])
        return next((one for page in pages for one in page if one.number == number), None)

    def lacks(self, offer: Candidate, papers: Props) -> Sequence[Lack]:
        """Give nothing: a purchase names no papers."""
        return ()

    def price(self, owned: OwnedNumber) -> Money | None:
        """Give nothing: no answer of LiveKit's holds a price."""
        return None

    def buy(self, number: E164, desired: Props) -> OwnedNumber:
        """Buy the number, tied to its rule. It has no name yet: that takes `route`."""
        document = {"phone_numbers": [str(number)], "sip_dispatch_rule_id": desired["dispatchRuleId"]}
        row = self._service.ask(lambda: _bought(self._service.send(PURCHASE, document), number))
        try:
            found = None if convert.names_rules(row) else self.find(number)
        except VendorError:
            found = None  # it is bought, whatever becomes of the look at it
        # Until the number is read its rule is the one that it was bought for.
        asked = {"sip_dispatch_rule_id": desired["dispatchRuleId"], "country_code": desired["country"]}
        return found or convert.owned({**asked, **row}) or _gone(number, PURCHASE)

    def route(self, owned: OwnedNumber, desired: Props) -> OwnedNumber:
        """Name the number, and tie it to its rule; one that is tied so already is named alone."""
        document = {"name": desired["tag"]}
        if owned.props["dispatchRuleId"] != desired["dispatchRuleId"]:
            document["sip_dispatch_rule_id"] = desired["dispatchRuleId"]
        routed = self._update(owned, document)
        if routed.props["dispatchRuleId"] != desired["dispatchRuleId"]:
            detail = f"LiveKit ties {owned.number} to {routed.props['dispatchRuleId'] or 'no rule'} still"
            raise UnknownOutcome(VENDOR, UPDATE, detail, fix="Look which rules name the number's id, then run again.")
        return routed

    def detach(self, owned: OwnedNumber, label: str = "") -> None:
        """Name the number as it was called, and untie it from its rule."""
        self._update(owned, {"name": label, "sip_dispatch_rule_id": ""})

    def unroute(self, owned: OwnedNumber) -> bool:
        """Do nothing: an update unties a number from whichever rule it is tied to by now."""
        return False

    def unblock(self, owned: OwnedNumber) -> None:
        """Do nothing: nothing keeps a number here."""

    def release(self, owned: OwnedNumber) -> bool:
        # By number: one that was never seen has no id.
        try:
            self._service.send(RELEASE, {"phone_numbers": [str(owned.number)]})
        except Rejected as error:
            if error.reason is not Reason.NOT_FOUND:
                raise
            return False
        return True

    def _update(self, owned: OwnedNumber, document: Body) -> OwnedNumber:
        sent = {"id": owned.id, **document}
        row = self._service.ask(lambda: _of(self._service.send(UPDATE, sent), owned.number))
        routed = convert.owned(row) if convert.names_rules(row) else self.find(owned.number)
        return routed or _gone(owned.number, UPDATE)

    def _offers(self, country: str, area_code: str) -> Iterator[list[Candidate]]:
        """Give page after page of what is on offer, so many at most."""
        token, words = "", {"country_code": country, **({"area_code": area_code} if area_code else {})}
        for _ in range(SEARCH_PAGES):
            page, token = self._service.ask(partial(self._offer, {**words, **_page(token)}))
            yield page
            if not token:
                return

    def _offer(self, words: Body) -> tuple[list[Candidate], str]:
        rows, token, _ = _listed(self._service.send(SEARCH, words))
        return [one for one in map(convert.candidate, rows) if one], token


def _named(body: Body, number: E164) -> OwnedNumber | None:
    """Read an answer about one number; None for one that the project has given back."""
    return convert.owned(_of(body, number))


def _of(body: Body, number: E164) -> Body:
    row: Body = field_of(body, "phone_number")
    found = convert.owned(row)
    if found is not None and found.number != number:
        raise ValueError(f"the answer is about {found.number}, not {number}")
    return row


def _bought(body: Body, number: E164) -> Body:
    rows: Sequence[Body] = field_of(body, "phone_numbers")
    found = [(one.number, row) for row in rows if (one := convert.owned(row))]
    if [each for each, _ in found] != [number]:
        raise ValueError(f"the answer does not say that {number} was bought")
    return found[0][1]


def _gone(number: E164, rpc: str) -> NoReturn:
    raise Rejected(VENDOR, rpc, f"{number} is not in the project any more", reason=Reason.NOT_FOUND)


def _page(token: str) -> dict[str, Any]:
    return {"limit": PAGE_SIZE, **({"page_token": {"token": token}} if token else {})}


def _listed(body: Body) -> tuple[Sequence[Body], str, int]:
    """Give the rows of a page, the token of the next ("" for none), and how many there are in all, 0 where unsaid."""
    rows, following = field_of(body, "items"), field_of(body, "next_page_token") or {}
    if not all(isinstance(row, Mapping) for row in rows) or not isinstance(following, Mapping):
        raise ValueError("the answer is not a page of a list")
    total = field_of(body, "total_count")
    return rows, str(following.get("token") or ""), total if isinstance(total, int) else 0
