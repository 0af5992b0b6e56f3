"""What happens at Vonage without our doing: someone in the dashboard, another customer, the carrier itself."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.credentials import OTHER_VONAGE, VONAGE
from sandbox.inventory import find
from sandbox.store import Record
from sandbox.vendor import Vendor
from sandbox.vonage import orders
from sandbox.vonage.desk import Desk


class ByHand(Vendor, ABC):
    """Out-of-band edits in Python; the journal does not see them. Numbers are E.164 with the plus.

    Each raises ValueError when what it names does not exist.
    """

    desk: Desk

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

    def add_foreign_number(self, number: str, **fields: Any) -> Record:
        """Let another customer own a number."""
        return self.add_number(number, OTHER_VONAGE.api_key, **fields)

    def edit_number(self, number: str, **fields: Any) -> Record:
        """Change links of an owned number; None takes one away."""
        with self.store.transaction():
            merged = {**self._owned(number), **_links(fields)}
            changed = {name: value for name, value in merged.items() if value is not None}
            self.store.put("numbers", number[1:], changed)
            return changed

    def release_by_hand(self, number: str) -> None:
        with self.store.transaction():
            orders.release(self.desk, self._owned(number))

    def sell(self, number: str) -> None:
        """Take a number out of the inventory for good, as when another customer buys it."""
        with self.store.transaction():
            self.store.put("sold", number[1:], {})

    def unsell(self, number: str) -> None:
        """Bring a sold or released number back into the inventory."""
        with self.store.transaction():
            self.store.drop("sold", number[1:])
            self.store.drop("released", number[1:])

    def edit(self, edit: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Vendor.edit`. The one kind is `number`; its `id` is E.164; it takes `sell` and `unsell` too."""
        if edit.get("kind") != "number":
            raise ValueError(f"kind {edit.get('kind')!r} is not number")
        number = str(edit.get("id", ""))
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

    def _owned(self, number: str) -> Record:
        record = self.number(number)
        if record is None:
            raise ValueError(f"nobody owns {number}")
        return record


def _links(fields: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.name for each in orders.LINKS}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise ValueError(f"no such links: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return dict(fields)
