"""What the emulated carriers have in common: a desk, numbers that others change by hand, and the way to an answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from sandbox.ids import Ids
from sandbox.ledger import Ledger
from sandbox.request import Request, Response
from sandbox.stock import find
from sandbox.store import Record, Store
from sandbox.vendor import Vendor

S = TypeVar("S")


class Refusal(Exception, ABC):
    """A request that the vendor refuses; nothing has changed."""

    @abstractmethod
    def response(self) -> Response:
        """Give the vendor's answer."""


@dataclass(slots=True)
class Desk(Generic[S]):
    """A carrier's state and sources. `settings` may be replaced while it runs; nothing else is.

    `unseen_for`: how long, in seconds, the number that is bought next is in no answer to a read.
    """

    clock: Callable[[], float]
    ids: Ids
    store: Store
    ledger: Ledger
    held_elsewhere: Callable[[str, str], bool]
    settings: S
    unseen_for: float = 0.0

    carrier: ClassVar[str]
    owned: ClassVar[str]
    """The table of owned numbers."""
    rules: ClassVar[Callable[[], Any]]
    """Makes the settings that hold where none are given."""

    @staticmethod
    def key(number: str) -> str:
        """Give what a number (E.164) is kept by in the tables."""
        return number

    def shows(self, record: Record) -> bool:
        """Say whether a record is in answers by now; a late order is not at first."""
        return bool(record.get("_shown_from", 0.0) <= self.clock())

    def available(self, number: str) -> bool:
        """Say whether the number (E.164) is there to be bought."""
        key = self.key(number)
        cooling = self.store.get("released", key)
        return (
            find(number) is not None
            and self.store.get(self.owned, key) is None
            and self.store.get("sold", key) is None
            and (cooling is None or cooling["until"] <= self.clock())
            and not self.held_elsewhere(self.carrier, number)
        )


class Carrier(Vendor):
    """A vendor that sells numbers, and what happens to them without our doing.

    The edits by hand are Python's; the journal does not see them. Numbers are E.164. Each raises ValueError when what
    it names does not exist.
    """

    desk: Desk[Any]
    desks: ClassVar[type[Desk[Any]]]
    prefixes: ClassVar[tuple[str, ...]]
    """With what the paths begin that it answers."""
    other_account: ClassVar[str]
    """Another customer's."""

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Ids,
        store: Store,
        ledger: Ledger,
        held_elsewhere: Callable[[str, str], bool],
        settings: Any = None,
    ) -> None:
        self.store = store
        rules = self.desks.rules() if settings is None else settings
        self.desk = self.desks(clock, ids, store, ledger, held_elsewhere, rules)
        self.open_accounts()

    @property
    def settings(self) -> Any:
        """The rules; one may put others in their place, but accounts stay as they were opened."""
        return self.desk.settings

    @settings.setter
    def settings(self, settings: Any) -> None:
        self.desk.settings = settings

    @abstractmethod
    def open_accounts(self) -> None:
        """Put the accounts into the empty store."""

    def owns(self, path: str) -> bool:
        return path.startswith(self.prefixes)

    def is_write(self, request: Request) -> bool:
        return request.method in ("POST", "DELETE", "PUT", "PATCH")

    def handle(self, request: Request) -> Response:
        try:
            with self.store.transaction():
                return self.answer(request)
        except Refusal as refusal:
            return refusal.response()

    def order_late(self, seconds: float) -> None:
        self.desk.unseen_for = seconds

    def holds(self, number: str) -> bool:
        return self.store.get(self.desk.owned, self.desk.key(number)) is not None

    @staticmethod
    @abstractmethod
    def environment(url: str) -> Mapping[str, str]:
        """Give the settings that point Trunkline at this carrier of a sandbox at `url`, by name."""

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """Answer within a transaction. Raises Refusal."""

    @abstractmethod
    def number(self, number: str) -> Record | None:
        """Give the owned number with all its fields, whoever owns it."""

    @abstractmethod
    def add_number(self, number: str, account: str = ..., **fields: Any) -> Record:
        """Let an account own a number, without a charge."""

    @abstractmethod
    def edit_number(self, number: str, **fields: Any) -> Record:
        """Change fields of an owned number."""

    @abstractmethod
    def release(self, record: Record) -> None:
        """Let a number leave its account, within a transaction."""

    def takes_calls_of(self, domain: str, username: str, password: str) -> bool:
        """Say whether a call out to a host authenticates here; False for a host that is no trunk of an account."""
        return False

    def add_foreign_number(self, number: str, **fields: Any) -> Record:
        """Let another customer own a number."""
        return self.add_number(number, self.other_account, **fields)

    def release_by_hand(self, number: str) -> None:
        with self.store.transaction():
            self.release(self.owned_number(number))

    def sell(self, number: str) -> None:
        """Take a number out of the inventory for good, as when another customer buys it."""
        with self.store.transaction():
            self.store.put("sold", self.desk.key(number), {})

    def unsell(self, number: str) -> None:
        """Bring a sold or released number back into the inventory."""
        with self.store.transaction():
            self.store.drop("sold", self.desk.key(number))
            self.store.drop("released", self.desk.key(number))

    def owned_number(self, number: str) -> Record:
        record = self.number(number)
        if record is None:
            raise ValueError(f"nobody owns {number}")
        return record

    def edit(self, edit: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Vendor.edit`. A number's `id` is its E.164; besides it takes `sell: true` and `unsell: true`."""
        kind, number = str(edit.get("kind", "")), str(edit.get("id", ""))
        if kind != "number":
            return self.edit_object(kind, edit)
        acts: Mapping[str, Callable[[str], None]] = {
            "delete": self.release_by_hand,
            "sell": self.sell,
            "unsell": self.unsell,
        }
        for name, act in acts.items():
            if edit.get(name):
                act(number)
                return {}
        if "create" in edit:
            return self.add_number(number, **edit["create"])
        return self.edit_number(number, **edit.get("set", {}))

    def edit_object(self, kind: str, edit: Mapping[str, Any]) -> Mapping[str, Any]:
        """Edit something else than a number, as `Vendor.edit`; a carrier that has nothing else refuses."""
        raise ValueError(f"kind {kind!r} is not number")
