"""What every handler of the emulated Twilio works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from sandbox import carrier
from sandbox.request import Request, Response
from sandbox.store import Record
from sandbox.twilio.errors import not_found
from sandbox.twilio.parameters import Parameter
from sandbox.twilio.settings import TwilioSettings

API = "/2010-04-01"


@dataclass(slots=True)
class Desk(carrier.Desk[TwilioSettings]):
    """The emulator's state and sources. `searches`: how many there were."""

    searches: int = 0

    carrier: ClassVar[str] = "twilio"
    owned: ClassVar[str] = "by_number"
    rules: ClassVar[Callable[[], Any]] = TwilioSettings

    def next_sample(self) -> int:
        """Give where the next search begins in what is on offer."""
        self.searches += 1
        return Random(f"{self.ids.seed}/{self.searches}").randrange(10**9)

    def new(self, table: str, prefix: str, account: str, **fields: Any) -> dict[str, Any]:
        """Put a new record into a table and give it. `_order` grows with every record; dates are seconds."""
        sid = self.ids.hex(prefix)
        now = self.clock()
        record = {
            "sid": sid,
            "account_sid": account,
            **fields,
            "_order": self.ids.drawn,
            "_created": now,
            "_updated": now,
        }
        self.store.put(table, sid, record)
        return record

    def change(self, table: str, record: Record, **fields: Any) -> dict[str, Any]:
        """Put a changed copy of a record in its place and give it."""
        changed = {**record, **fields, "_updated": self.clock()}
        self.store.put(table, record["sid"], changed)
        return changed


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request with its path's arguments and its parameters read."""

    desk: Desk
    account: str
    arguments: Mapping[str, str]
    params: Mapping[str, Any]
    request: Request

    def find(self, table: str, argument: str = "Sid") -> Record:
        """Give the account's record that the path names. Raises the vendor's 404."""
        record = self.desk.store.get(table, self.arguments[argument])
        if record is None or record["account_sid"] != self.account or not self.desk.shows(record):
            raise not_found(self.request.path)
        return record

    def mine(self, table: str) -> list[Record]:
        """Give the account's records of a table, newest first as Twilio lists them."""
        every = self.desk.store.table(table).values()
        records = [each for each in every if each["account_sid"] == self.account and self.desk.shows(each)]
        records.sort(key=lambda each: each["_order"], reverse=True)
        return records


@dataclass(frozen=True)
class Route:
    """A method and path of Twilio's, who serves it, and the parameters that it takes.

    `keys`: whether an API key may call it; where not, only the account's token does.
    """

    method: str
    template: str
    handler: Callable[[Call], Response]
    parameters: Mapping[str, Parameter]
    keys: bool = True
