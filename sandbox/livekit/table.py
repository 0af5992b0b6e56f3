"""One kind of LiveKit object in the sandbox's store, read and written as protobuf messages."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from google.protobuf.message import Message

from sandbox.livekit.claims import Claims
from sandbox.livekit.wire import from_json, to_json
from sandbox.store import Record, Store

M = TypeVar("M", bound=Message)


class Table(Generic[M]):
    """Objects of one kind, read in the order of their ids.

    `id_of` gives an object's id; `claims` gives what it holds alone, for example its called numbers. A message that
    went in or came out is never changed: an edit is a changed copy, put under the same id.
    """

    def __init__(
        self,
        *,
        store: Store,
        name: str,
        kind: type[M],
        id_of: Callable[[M], str],
        claims: Callable[[M], Sequence[Hashable]] = lambda value: (),
    ) -> None:
        self.name = name
        self.kind = kind
        self.id_of = id_of
        self._store = store
        self._claims = claims
        self._messages: dict[str, tuple[Record, M]] = {}
        self._indexed: dict[str, Record] = {}
        self._held = Claims()

    def __iter__(self) -> Iterator[M]:
        records = self._records
        return (self._message(key, records[key]) for key in sorted(records))

    def get(self, key: str) -> M | None:
        """The object with this id."""
        record = self._records.get(key)
        return None if record is None else self._message(key, record)

    def after(self, key: str, limit: int) -> list[M]:
        """At most `limit` objects whose ids follow `key`; "" precedes every id."""
        records = self._records
        ids = sorted(found for found in records if found > key)
        return [self._message(found, records[found]) for found in ids[:limit]]

    def put(self, value: M) -> None:
        """Add an object, or replace the one with its id. Only inside a transaction of the store."""
        key, record = self.id_of(value), to_json(value, zeros=False)
        self._messages[key] = (record, value)
        self._index(key, record, value)
        self._store.put(self.name, key, record)

    def drop(self, key: str) -> None:
        """Remove the object with this id; absent is fine. Only inside a transaction of the store."""
        self._indexed.pop(key, None)
        self._held.release(key)
        self._store.drop(self.name, key)

    def surely_free(self, value: M, replacing: str = "") -> bool:
        """Whether nobody holds what `value` would hold, leaving aside the object whose id is `replacing`.

        False is no proof of a conflict.
        """
        if self._indexed != self._records:
            self._index_anew()
        return self._held.free(self._claims(value), but_for=replacing)

    @property
    def _records(self) -> Mapping[str, Record]:
        return self._store.table(self.name)

    def _message(self, key: str, record: Record) -> M:
        known = self._messages.get(key)
        if known is not None and known[0] is record:
            return known[1]
        message = from_json(record, self.kind)
        self._messages[key] = (record, message)
        return message

    def _index_anew(self) -> None:
        """After a change that did not come through here: a restored snapshot, or a transaction taken back."""
        self._indexed, self._held = {}, Claims()
        for key, record in self._records.items():
            self._index(key, record, self._message(key, record))

    def _index(self, key: str, record: Record, value: M) -> None:
        self._indexed[key] = record
        self._held.hold(key, self._claims(value))
