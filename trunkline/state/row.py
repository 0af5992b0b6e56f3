"""A line as it is read from a state and served: what is searched and sorted by, and its JSON made once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from trunkline.outputs import UNPAID, Line, to_json

_KEYS = ("phoneNumber", "numberId", "inboundTrunkId", "outboundTrunkId", "dispatchRuleId")
_PRICE = b',"monthlyCost":'
_encode = msgspec.json.Encoder().encode


class Row(msgspec.Struct, frozen=True, gc=False):
    """`full` is the line's JSON object with its price last; its first `cut` bytes end just before the price.

    `also` are the keys of those who answer some callers alone, `beside` the names of those who are called besides.
    `keys` are the texts that name the line besides its id: number and vendors' ids. `text` is what a search reads,
    casefolded. `paid` is what it costs a month (decimal text, currency), None for nothing; `unpriced`: its carrier
    names no price. `stack` is the stack that has it, where several are served as one, else "".
    """

    id: str
    number: str
    provider: str
    country: str
    label: str
    agents: tuple[str, ...]
    agent: str
    tags: tuple[str, ...]
    keys: tuple[str, ...]
    text: str
    full: bytes
    cut: int
    paid: tuple[str, str] | None
    unpriced: bool
    stack: str = ""
    also: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def answers(self) -> str:
        """Who answers, as a line's `answers`."""
        return self.agent or next(iter(self.agents), "")

    @classmethod
    def of(cls, line: Line) -> Row:
        document = to_json(line)
        price = document.pop("monthlyCost")
        public = _encode(document)[:-1]
        full = public + _PRICE + _encode(price) + b"}"
        return cls._of(document | {"monthlyCost": price}, full, len(public))

    @classmethod
    def read(cls, full: bytes) -> Row:
        """Give the row again whose JSON object this is; without checking it, since some thousands make one answer."""
        return cls._of(msgspec.json.decode(full), full, full.rindex(_PRICE))

    @classmethod
    def _of(cls, line: Mapping[str, Any], full: bytes, cut: int) -> Row:
        tags = tuple(f"{key}={value}" for key, value in sorted(line["tags"].items()))
        names = (line["id"], line["phoneNumber"], line["label"], line["agent"], line["agentName"], *tags)
        price, is_unpaid = line["monthlyCost"], line["status"] in UNPAID
        rules = line.get("callerRules", ())
        return cls(
            id=line["id"],
            number=line["phoneNumber"],
            provider=line["provider"],
            country=line["country"],
            label=line["label"],
            agent=line["agent"],
            agents=tuple(sorted({line["agent"], line["agentName"]} - {""})),
            tags=tags,
            keys=(
                *(line[key] for key in _KEYS if line[key]),
                *(one["dispatchRuleId"] for one in rules if one["dispatchRuleId"]),
            ),
            text="\n".join(names).casefold(),
            full=full,
            cut=cut,
            paid=None if price is None or is_unpaid else (price["amount"], price["currency"]),
            unpriced=price is None and not is_unpaid and line["acquired"] != "custom",
            also=tuple(sorted({one["agent"] or one["agentName"] for one in rules} - {""})),
            beside=tuple(sorted({name for one in (line, *rules) for name in one.get("furtherAgents", ())})),
        )

    def is_answered_by(self, agent: str, name: str) -> bool:
        """Whether an agent answers: as the line's own, for some callers alone or besides; by its key and name."""
        return agent in (self.answers, *self.also) or name in self.beside

    def json(self, *, priced: bool, stacked: bool = False) -> bytes:
        """Give the JSON object, with the price for those who may see costs; `stacked`: with the stack."""
        told = self.full if priced else self.full[: self.cut] + b"}"
        return b'{"stack":"%s",' % self.stack.encode() + told[1:] if stacked else told


# What lines can be sorted by; equal keys follow the id.
SORTS: Mapping[str, Callable[[Row], str]] = {
    "id": lambda row: row.id,
    "phoneNumber": lambda row: row.number,
    "provider": lambda row: row.provider,
    "country": lambda row: row.country,
    "agent": lambda row: row.agent,
    "label": lambda row: row.label,
}
Orders = Mapping[str, Sequence[int]]


def orders(rows: Sequence[Row]) -> dict[str, array[int]]:
    """Sort rows, themselves sorted by id, in each of the ways: the positions of the rows in that order."""
    return {name: order(rows, name) for name in SORTS}


def order(rows: Sequence[Row], name: str) -> array[int]:
    """Sort rows, themselves sorted by id, in one of the ways."""
    keys = [SORTS[name](row) for row in rows]
    return array("I", sorted(range(len(keys)), key=keys.__getitem__))
