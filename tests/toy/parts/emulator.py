"""The emulated Toy: offers, numbers, and the money of one account. Settings: `balance`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sandbox import carrier
from sandbox.ledger import Charge, Release
from sandbox.numbering import Block, blocks, monthly_usd
from sandbox.request import JSON, Request, Response
from sandbox.stock import Pattern, find, offered
from sandbox.store import Record

ACCOUNT, OTHER, USER, PASSWORD = "toy-account", "toy-other", "toy-user", "sandboxToyPassword1"
_COOLDOWN, _POOL = 600.0, 250


class Refusal(carrier.Refusal):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self) -> Response:
        return Response.of_json(self.status, {"code": self.code, "message": self.message})


@dataclass(slots=True)
class Desk(carrier.Desk[Mapping[str, str]]):
    carrier: ClassVar[str] = "toy"
    owned: ClassVar[str] = "numbers"
    rules: ClassVar[Callable[[], Mapping[str, str]]] = dict


class Toy(carrier.Carrier):
    name: ClassVar[str] = "toy"
    desks: ClassVar[type[Desk]] = Desk
    prefixes: ClassVar[tuple[str, ...]] = ("/toy/",)
    other_account: ClassVar[str] = OTHER

    def open_accounts(self) -> None:
        with self.store.transaction():
            self.store.put("accounts", ACCOUNT, {"balance": self.settings.get("balance", "10000")})
        self.store.forget_past()

    @staticmethod
    def environment(url: str) -> Mapping[str, str]:
        return {"TOY_ACCOUNT": ACCOUNT, "TOY_USER": USER, "TOY_PASSWORD": PASSWORD, "TOY_BASE_URL": url}

    def failure(self, status: int) -> Response:
        return Refusal(status, str(status), "failed").response()

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {PASSWORD}":
            raise Refusal(401, "login", "the login is not known")
        given = {**dict(request.query), **(json.loads(request.body) if request.content_type == JSON else {})}
        _, _, what, *rest = request.path.split("/")
        match request.method, what, rest:
            case "GET", "offers", []:
                return self._offers(given)
            case "GET", "numbers", []:
                return self._list(given)
            case "POST", "numbers", []:
                return self._buy(given)
            case "POST", "numbers", [id_]:
                record: Record = {**self._mine(id_), "label": given["label"], "sip": given["sip"]}
                self.store.put("numbers", record["phone_number"], record)
                return Response.of_json(200, _render(record))
            case "DELETE", "numbers", [id_]:
                record = self._mine(id_)
                self.release(record)
                return Response.of_json(200, {"phone_number": record["phone_number"]})
        raise Refusal(404, "path", "no such path")

    def number(self, number: str) -> Record | None:
        return self.store.get("numbers", number)

    def numbers(self, account: str = ACCOUNT) -> tuple[str, ...]:
        return tuple(sorted(n for n, one in self.store.table("numbers").items() if one["_account"] == account))

    def add_number(self, number: str, account: str = ACCOUNT, **fields: Any) -> Record:
        block = find(number)
        if block is None or self.number(number) is not None:
            raise ValueError(f"{number} is owned already, or in no block")
        with self.store.transaction():
            self.store.drop("released", number)
            return self._own(number, block, account, **{"label": "", "sip": "", **fields})

    def edit_number(self, number: str, **fields: Any) -> Record:
        with self.store.transaction():
            record = {**self.owned_number(number), **fields}
            self.store.put("numbers", number, record)
            return record

    def release(self, record: Record) -> None:
        number, now = record["phone_number"], self.desk.clock()
        self.store.drop("numbers", number)
        self.store.put("released", number, {"until": now + _COOLDOWN})
        self.desk.ledger.release(Release("toy", record["_account"], number, now))

    def _offers(self, given: Mapping[str, str]) -> Response:
        there = [one for one in blocks(given["country"]) if given.get("type") in (None, one.type)]
        pattern = Pattern(given.get("pattern", ""), "start" if given.get("anchor") else "anywhere")
        found = offered(there, pattern, self.desk.available, _POOL)
        return _page([_on_offer(number, block) for number, block in found], given)

    def _list(self, given: Mapping[str, str]) -> Response:
        every = sorted(self.store.table("numbers").values(), key=lambda one: one["_order"])
        mine = [one for one in every if one["_account"] == ACCOUNT and self.desk.shows(one)]
        return _page([_render(one) for one in mine if given.get("number") in (None, one["phone_number"])], given)

    def _buy(self, given: Mapping[str, str]) -> Response:
        number = given["phone_number"]
        block = find(number)
        if block is None or not self.desk.available(number):
            raise Refusal(409, "taken", "the number is not on offer")
        price = monthly_usd(block.country, block.type)
        balance = Decimal(self.store.table("accounts")[ACCOUNT]["balance"]) - price
        if balance < 0:
            raise Refusal(402, "money", "the balance is too low")
        self.store.put("accounts", ACCOUNT, {"balance": str(balance)})
        seen = self.desk.clock() + self.desk.unseen_for
        record = self._own(number, block, ACCOUNT, label=given["label"], sip=given["sip"], _shown_from=seen)
        self.desk.ledger.charge(Charge("toy", ACCOUNT, number, price, "USD", self.desk.clock()))
        return Response.of_json(201, _render(record))

    def _own(self, number: str, block: Block, account: str, **fields: Any) -> Record:
        id_ = self.desk.ids.hex("TN")
        record = {**_on_offer(number, block), "id": id_, **fields, "_account": account, "_order": self.desk.ids.drawn}
        self.store.put("numbers", number, record)
        return record

    def _mine(self, id_: str) -> Record:
        every = self.store.table("numbers").values()
        found = [one for one in every if one["id"] == id_ and one["_account"] == ACCOUNT and self.desk.shows(one)]
        if not found:
            raise Refusal(404, "number", "the account has no such number")
        return found[0]


def _on_offer(number: str, block: Block) -> dict[str, Any]:
    monthly = str(monthly_usd(block.country, block.type))
    return {"phone_number": number, "country": block.country, "type": block.type, "monthly": monthly}


def _render(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if not name.startswith("_")}


def _page(rows: list[dict[str, Any]], given: Mapping[str, str]) -> Response:
    size, page = int(given["size"]), int(given["page"])
    return Response.of_json(200, {"total": len(rows), "numbers": rows[size * (page - 1) : size * page]})
