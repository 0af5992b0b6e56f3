"""What happens at Vonage without our doing: someone in the dashboard, another customer, the carrier itself."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.accounts import OTHER_VONAGE, VONAGE
from sandbox.carrier import Carrier
from sandbox.stock import find
from sandbox.store import Record
from sandbox.vonage import orders
from sandbox.vonage.desk import Desk


class ByHand(Carrier, ABC):
    """Out-of-band edits in Python; the journal does not see them. Numbers are E.164 with the plus.

    Each raises ValueError when what it names does not exist.
    """

    desk: Desk
    other_account: ClassVar[str] = OTHER_VONAGE.api_key

    def number(self, number: str) -> Record | None:
        """Give the owned number with all its fields, whoever owns it."""
        return self.store.get("numbers", number[1:])

    def numbers(self, account: str = VONAGE.api_key) -> tuple[str, ...]:
        """Give the numbers that an account owns, sorted."""
        return tuple(sorted(f"+{m}" for m, each in self.store.table("numbers").items() if each["_account"] == account))

    def add_number(self, number: str, account: str = VONAGE.api_key, **fields: Any) -> Record:
        """Let an account own a number, without a charge. `fields` are links: `voiceCallbackType=...`."""
        block = find(number)
        if block is None or self.number(number) is not None:
            raise ValueError(f"{number} is owned already, or in no block of sandbox/numbering.py")
        with self.store.transaction():
            self.store.drop("released", number[1:])
            return orders.own(self.desk, account, block, number[1:], **_links(fields))

    def edit_number(self, number: str, **fields: Any) -> Record:
        """Change links of an owned number; None takes one away."""
        with self.store.transaction():
            merged = {**self.owned_number(number), **_links(fields)}
            changed = {name: value for name, value in merged.items() if value is not None}
            self.store.put("numbers", number[1:], changed)
            return changed

    def release(self, record: Record) -> None:
        orders.release(self.desk, record)


def _links(fields: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.name for each in orders.LINKS}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise ValueError(f"no such links: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return dict(fields)
