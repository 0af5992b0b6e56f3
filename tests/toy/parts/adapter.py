"""Toy's API on our sending side, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import phonenumbers
from requests.adapters import BaseAdapter

from providers.authentication import bearer
from providers.calls import Policy
from providers.port import Adapter, Candidate, Carrier, Lack, NumberSearch, OwnedNumber, Props
from providers.rest import Body, Rest, shown
from providers.sdk_session import Moved, SdkClient, SdkSession
from trunkline.e164 import E164
from trunkline.errors import Reason, Rejected, VendorError
from trunkline.money import Money
from trunkline.settings import AccountSettings

KINDS: tuple[str, ...] = ()
_SIZE, _PAGES = 50, 10
_REASONS: Mapping[int, tuple[Reason, str]] = {
    401: (Reason.CREDENTIALS, "Check TOY_USER and TOY_PASSWORD."),
    402: (Reason.FUNDS, "Add money to the account."),
    404: (Reason.NOT_FOUND, ""),
    409: (Reason.NOT_AVAILABLE, "Look whether the account holds it; otherwise change the line in numbers.yaml."),
}


class ToyDialect:
    vendor = "toy"

    def label(self, method: str, path: str) -> str:
        return f"{method} {path}"

    def status(self, status: int, body: Body) -> int:
        return status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        reason, fix = _REASONS.get(status, (Reason.INVALID, ""))
        words, code = shown(body.get("message", "no reason")), str(body.get("code", ""))
        return Rejected(self.vendor, request, words, reason=reason, status=status, code=code, fix=fix)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        if not request.startswith("GET "):
            return "" if "phone_number" in body else "the answer names no number"
        total, rows = body.get("total"), body.get("numbers")
        if not isinstance(total, int) or not isinstance(rows, list):
            return "the answer is not a page of a list"
        due = max(0, min(_SIZE, total - _SIZE * (int(query["page"]) - 1)))
        owned = request.endswith("/toy/numbers")
        return f"the page holds {len(rows)} rows where {due} are due" if owned and len(rows) != due else ""


@dataclass
class _Wire:
    rest: Rest
    base_url: str
    label: str = ""

    def send(self, method: str, path: str, **words: Any) -> Body:
        url = f"{self.base_url or 'https://api.toy.example'}{path}"
        self.label = self.rest.label(method, url)
        return self.rest.send(method, url, **words).body


class ToyCarrier:
    """Implements `providers.port.Carrier`."""

    name = "toy"
    keeps_tags = True
    samples = False
    dials_plus = False
    route_fields: tuple[str, ...] = ("tag", "sipUri")
    never_shown: tuple[str, ...] = ()

    def __init__(self, account: str, session: SdkSession) -> None:
        self.account, self._session = account, session

    def owned(self) -> Sequence[OwnedNumber]:
        return self._session.ask(lambda api: _numbers(_all(api, {})))

    def find(self, number: E164) -> OwnedNumber | None:
        found = self._session.ask(lambda api: _numbers(_all(api, {"number": str(number)}), number))
        return next(iter(found), None)

    def search(self, query: NumberSearch, limit: int) -> Sequence[Candidate]:
        prefix = f"{phonenumbers.country_code_for_region(query.country)}{query.area_code}"
        words: dict[str, Any] = {"country": query.country, "type": query.type}
        words |= {"pattern": prefix, "anchor": "start"} if query.area_code else {"pattern": query.contains}
        wanted, found = re.compile(query.contains.replace("*", "[0-9]")), []
        for page in range(1, _PAGES + 1):
            offers, total = self._offers(words, page)
            found += [one for one in offers if wanted.search(one.number.digits)]
            if len(found) >= limit or page * _SIZE >= total:
                break
        return tuple(found[:limit])

    def offered(self, number: E164, country: str = "") -> Candidate | None:
        for place in dict.fromkeys((country, *number.countries) if country else number.countries):
            offers, _ = self._offers({"country": place, "pattern": number.digits}, 1)
            exact = next((one for one in offers if one.number == number), None)
            if exact:
                return exact
        return None

    def lacks(self, offer: Candidate, papers: Props) -> Sequence[Lack]:
        return ()

    def price(self, owned: OwnedNumber) -> Money | None:
        return Money.parse(str(owned.raw["monthly"]), "USD")

    def buy(self, number: E164, desired: Props) -> OwnedNumber:
        document = {"phone_number": str(number), "label": desired["tag"], "sip": desired["sipUri"]}
        return self._session.ask(lambda api: _exactly(api.send("POST", "/toy/numbers", document=document), number))

    def route(self, owned: OwnedNumber, desired: Props) -> OwnedNumber:
        return self._set(owned, desired["tag"], desired["sipUri"])

    def detach(self, owned: OwnedNumber, label: str = "") -> None:
        self._set(owned, label or str(owned.number), "")

    def unroute(self, owned: OwnedNumber) -> bool:
        """Do nothing: a write here sets the whole routing."""
        return False

    def unblock(self, owned: OwnedNumber) -> None:
        """Do nothing: nothing keeps a number here."""

    def release(self, owned: OwnedNumber) -> bool:
        path = f"/toy/numbers/{owned.id}"
        return bool(self._session.ask_or_none(lambda api: api.send("DELETE", path) or True))

    def _set(self, owned: OwnedNumber, label: str, sip: str) -> OwnedNumber:
        routed = replace(owned, tag=label, props={"tag": label, "sipUri": sip})
        if routed.props == owned.props:
            return owned
        document = {"label": label, "sip": sip}
        path = f"/toy/numbers/{owned.id}"
        return self._session.ask(lambda api: _exactly(api.send("POST", path, document=document), owned.number))

    def _offers(self, words: Mapping[str, Any], page: int) -> tuple[list[Candidate], int]:
        query = {**words, "page": page, "size": _SIZE}

        def read(api: Any) -> tuple[list[Candidate], int]:
            body = api.send("GET", "/toy/offers", query=query)
            return [_candidate(row) for row in body["numbers"]], body["total"]

        return self._session.ask(read)


def _all(api: Any, words: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    total, page = 1, 1
    while len(rows) < total:
        body = api.send("GET", "/toy/numbers", query={**words, "page": page, "size": _SIZE})
        if page > 1 and (body["total"] != total or not body["numbers"]):
            raise Moved("the list changed while it was read")
        total, page = body["total"], page + 1
        rows += body["numbers"]
    return rows


def _numbers(rows: Sequence[Mapping[str, Any]], asked: E164 | None = None) -> tuple[OwnedNumber, ...]:
    numbers = [one for one in map(_owned, rows) if one]
    if asked is not None and any(one.number != asked for one in numbers):
        raise ValueError("the answer is about another number")
    if len({one.number for one in numbers}) < len(numbers):
        raise Moved("the list holds a number twice")
    return tuple(sorted(numbers, key=lambda one: one.number))


def _exactly(row: Mapping[str, Any], number: E164) -> OwnedNumber:
    found = _owned(row)
    if found is None or found.number != number:
        raise ValueError("the answer is about another number")
    return found


def _text(row: Any, name: str) -> str:
    """Give a text of an answer's row; what is none is the answer's fault, which a ValueError says."""
    value = row.get(name) if isinstance(row, Mapping) else None
    if not isinstance(value, str):
        raise ValueError(f"a row's {name} is no text")  # noqa: TRY004 - the vendor's answer is at fault
    return value


def _owned(row: Mapping[str, Any]) -> OwnedNumber | None:
    written = _text(row, "phone_number")
    try:
        number = E164.shaped(written)
    except ValueError:
        return None
    return OwnedNumber(
        id=_text(row, "id"),
        number=number,
        country=_text(row, "country"),
        type=_text(row, "type"),
        tag=_text(row, "label"),
        props={"tag": _text(row, "label"), "sipUri": _text(row, "sip")},
        raw=dict(row),
    )


def _candidate(row: Mapping[str, Any]) -> Candidate:
    number = E164.shaped(_text(row, "phone_number"))
    monthly = Money.parse(str(row.get("monthly")), "USD")
    return Candidate(number=number, country=_text(row, "country"), type=_text(row, "type"), monthly=monthly)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyVendor:
    carrier: Carrier
    adapters: Mapping[str, Adapter] = field(default_factory=dict)


def connect(settings: AccountSettings, policy: Policy, transport: BaseAdapter | None = None) -> ToyVendor:
    """Give the account; nothing is sent before it is used. `transport` replaces the network."""
    rest = Rest(ToyDialect(), policy, bearer(settings.password), transport)

    def opened() -> SdkClient:
        wire = _Wire(rest, settings.base_url)
        return SdkClient(wire, wire)

    return ToyVendor(carrier=ToyCarrier(settings.account, SdkSession(rest, opened)))
