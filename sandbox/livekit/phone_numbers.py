"""LiveKit Phone Numbers: numbers that the project buys of LiveKit itself, each answered by the rules that name its id.

Source: livekit/protocol 1.54.0 `livekit_phone_number.proto` (messages, defaults, statuses) and its pull requests 1179
(a rule is linked, not copied) and 1323 (a number without a rule is OFFLINE); "Phone Numbers APIs", read 2026-11-26.
What none of them says is marked *unconfirmed* here and in COVERAGE.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from livekit.protocol.sip import SIPDispatchRuleInfo

from sandbox.ids import Ids
from sandbox.ledger import Charge, Ledger, Release
from sandbox.livekit.table import Table
from sandbox.livekit.twirp import TwirpError
from sandbox.numbering import Block, blocks
from sandbox.stock import ANY, Pattern, find, offered
from sandbox.store import Record, Store

VENDOR, ACCOUNT = "livekit", "project"
OWNED, RELEASED, SOLD = "phone_number", "phone_number_released", "phone_number_sold"
COUNTRY, TYPES = "US", ("local", "toll_free")
TERSE = ("id", "e164_format", "status")
# A number on offer, so many of an area at a time; for so many seconds nobody can buy one that was given back.
POOL, COOLDOWN = 250, 600.0
# LiveKit tells no price by its API; the ledger wants one.
MADE_UP = Decimal("1.00")


@dataclass(slots=True)
class PhoneNumbers:
    """The numbers of the one project. `rules` are its dispatch rules, in whose trunk ids a number's id stands.

    `unseen_for`: how long, in seconds, the number that is bought next is in no answer to a read. `terse`: a write is
    answered with id, number and status alone, as "Phone Numbers APIs" shows it; the protocol has a whole number there.
    """

    clock: Callable[[], float]
    ids: Ids
    store: Store
    ledger: Ledger
    held_elsewhere: Callable[[str, str], bool]
    rules: Table[SIPDispatchRuleInfo]
    unseen_for: float = 0.0
    terse: bool = False

    def records(self) -> list[Record]:
        """Give the project's numbers, also those that were released, in the order in which they were bought."""
        return sorted(self.store.table(OWNED).values(), key=lambda one: one["_order"])

    def shown(self) -> list[Record]:
        """Give those that are in answers by now; a late order is not at first."""
        return [one for one in self.records() if one.get("_shown_from", 0.0) <= self.clock()]

    def active(self, number: str) -> Record | None:
        """Give a number that the project has; None for one that it has given back."""
        found = self.store.get(OWNED, number)
        return found if found and not found["released_at"] else None

    def on_offer(self, area_code: str) -> list[tuple[str, Block]]:
        """Give what can be bought, of one area code or of all."""
        there = [one for one in blocks(COUNTRY) if one.type in TYPES]
        pattern = Pattern(f"1{area_code}", "start") if area_code else ANY
        return list(offered(there, pattern, self.available, POOL))

    def available(self, number: str) -> bool:
        """Say whether a number (E.164) can be bought here."""
        block, cooling = find(number), self.store.get(RELEASED, number)
        return (
            block is not None
            and block.country == COUNTRY
            and block.type in TYPES
            and self.active(number) is None
            and self.store.get(SOLD, number) is None
            and (cooling is None or cooling["until"] <= self.clock())
            and not self.held_elsewhere(VENDOR, number)
        )

    def buy(self, numbers: Iterable[str], rule: str) -> list[Record]:
        """Buy all of the numbers, or none. Raises TwirpError."""
        wanted = list(dict.fromkeys(numbers))
        for number in wanted:
            if not self.available(number):
                # The code of a number that is not to be had is *unconfirmed*.
                raise TwirpError("not_found", f"phone number {number} is not available")
        self.demand_rule(rule)
        bought = []
        for number in wanted:
            record = self.own(number, _shown_from=self.clock() + self.unseen_for)
            self.tie(record, rule)
            self.ledger.charge(Charge(VENDOR, ACCOUNT, number, MADE_UP, "USD", self.clock()))
            bought.append(record)
        return bought

    def own(self, number: str, **fields: Any) -> Record:
        """Let the project have a number of the inventory, without a charge."""
        block, now = find(number), self._now()
        if block is None or self.active(number) is not None:
            raise ValueError(f"{number} is owned already, or in no block")
        id_ = self.ids.short("PN_PPN_")
        record = {
            **row_of(number, block),
            **{"id": id_, "name": "", "created_at": now, "assigned_at": now, "released_at": None},
            **fields,
            "_order": self.ids.drawn,
        }
        self.store.put(OWNED, number, record)
        return record

    def release(self, record: Record) -> None:
        """Let a number go. That its id stays in rules, and the number in lists as RELEASED, is *unconfirmed*."""
        number, now = record["e164_format"], self.clock()
        self.store.put(OWNED, number, {**record, "released_at": self._now()})
        self.store.put(RELEASED, number, {"until": now + COOLDOWN})
        self.ledger.release(Release(VENDOR, ACCOUNT, number, now))

    def demand_rule(self, rule: str) -> None:
        """Raise TwirpError for an id that no rule has; its code is *unconfirmed*."""
        if rule and self.rules.get(rule) is None:
            raise TwirpError("invalid_argument", f"dispatch rule {rule} does not exist")

    def tie(self, record: Record, rule: str) -> None:
        """Let this rule, and no other, answer a number. That "" unties it from all is *unconfirmed*."""
        id_ = record["id"]
        for one in [each for each in self.rules if (id_ in each.trunk_ids) != (each.sip_dispatch_rule_id == rule)]:
            changed = SIPDispatchRuleInfo()
            changed.CopyFrom(one)
            kept = [each for each in one.trunk_ids if each != id_]
            changed.trunk_ids[:] = [*kept, id_] if one.sip_dispatch_rule_id == rule else kept
            self.rules.put(changed)

    def rules_of(self, record: Record) -> list[str]:
        """Give the ids of the rules that name a number's id."""
        return [one.sip_dispatch_rule_id for one in self.rules if record["id"] in one.trunk_ids]

    def render(self, record: Record) -> dict[str, Any]:
        """Give a number as its message, in JSON."""
        rules = self.rules_of(record)
        state = "RELEASED" if record["released_at"] else "ACTIVE" if rules else "OFFLINE"
        pending = record.get("_pending") and state == "ACTIVE"
        return {
            **{name: value for name, value in record.items() if not name.startswith("_")},
            "updated_at": record["created_at"],
            "status": f"PHONE_NUMBER_STATUS_{'PENDING' if pending else state}",
            "sip_dispatch_rule_id": rules[0] if rules else "",
            "sip_dispatch_rule_ids": rules,
        }

    def written(self, record: Record) -> dict[str, Any]:
        """Give a number as the answer to a write shows it."""
        whole = self.render(record)
        return {name: whole[name] for name in TERSE} if self.terse else whole

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def row_of(number: str, block: Block) -> dict[str, Any]:
    """Give what the inventory says of a number."""
    return {
        "id": "",
        "e164_format": number,
        "country_code": block.country,
        "area_code": number[2:5],
        "number_type": f"PHONE_NUMBER_TYPE_{block.type.upper()}",
        "locality": block.locality or "",
        "region": block.region or "",
        "spam_score": "0",
        "capabilities": ["voice"],
    }


class NumbersByHand:
    """What happens to the project's numbers without our doing; the journal does not see it. Numbers are E.164."""

    def __init__(self, desk: PhoneNumbers) -> None:
        self._desk = desk

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        with self._desk.store.lock:
            return iter([self._desk.render(one) for one in self._desk.records() if not one["released_at"]])

    def get(self, number: str) -> Mapping[str, Any] | None:
        """Give a number that the project has, as an answer shows it."""
        record = self._desk.active(number)
        return self._desk.render(record) if record else None

    def add(self, number: str, rule: str = "", **fields: Any) -> Mapping[str, Any]:
        """Let the project have a number, tied to a rule, without a charge."""
        with self._desk.store.transaction():
            self._desk.store.drop(RELEASED, number)
            record = self._desk.own(number, **fields)
            self._desk.tie(record, rule)
        return self._desk.render(record)

    def answer_tersely(self) -> None:
        """Answer writes from now on as briefly as the vendor may."""
        self._desk.terse = True

    def edit(self, number: str, rule: str | None = None, **fields: Any) -> None:
        """Change fields of a number, or the rule that it is tied to."""
        with self._desk.store.transaction():
            record = {**self._owned(number), **fields}
            self._desk.store.put(OWNED, number, record)
            if rule is not None:
                self._desk.tie(record, rule)

    def release(self, number: str) -> None:
        with self._desk.store.transaction():
            self._desk.release(self._owned(number))

    def sell(self, number: str) -> None:
        """Take a number out of the inventory, as when another project buys it."""
        with self._desk.store.transaction():
            self._desk.store.put(SOLD, number, {})

    def unsell(self, number: str) -> None:
        """Bring a sold or released number back into the inventory."""
        with self._desk.store.transaction():
            self._desk.store.drop(SOLD, number)
            self._desk.store.drop(RELEASED, number)

    def _owned(self, number: str) -> Record:
        record = self._desk.active(number)
        if record is None:
            raise ValueError(f"the project has no {number}")
        return record
