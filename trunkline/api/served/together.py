"""Several stacks as one: their versions beside each other, looked up as one. Nothing is copied."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any

from trunkline.api.served.feed import Feed, Snapshot
from trunkline.api.served.index import Filter, Page
from trunkline.state.publication import Status
from trunkline.state.row import SORTS, Row

_COUNTS = ("byProvider", "byCountry")


@dataclass(frozen=True)
class Whole:
    """The newest version of each stack, by stack; `missing` are the stacks of which none could be read yet."""

    parts: Mapping[str, Snapshot]
    missing: tuple[str, ...] = ()

    @cached_property
    def version(self) -> str:
        """A digest of all the stacks' versions, the same in every replica."""
        versions = "\n".join(f"{stack} {part.version}" for stack, part in sorted(self.parts.items()))
        return hashlib.sha256(versions.encode()).hexdigest()[:16]

    def of(self, stacks: Sequence[str]) -> Whole:
        """Give these stacks alone; all for none."""
        if not stacks:
            return self
        parts = {stack: part for stack, part in self.parts.items() if stack in stacks}
        return Whole(parts, tuple(stack for stack in self.missing if stack in stacks))

    def find(self, id: str) -> Sequence[Row]:
        """Give the lines of this name in any stack, else the lines of this number or vendor's id."""
        found = [row for part in self.parts.values() for row in part.find(id)]
        return [row for row in found if row.id == id] or found

    def page(
        self, wanted: Filter, *, sort: str, descending: bool, after: tuple[str, str] | None, limit: int | None
    ) -> Page:
        """Give up to `limit` lines that fit, from just after a position. Those of one name follow their stacks."""
        key, walks, total = SORTS[sort], list[Iterator[Row]](), 0

        def place(row: Row) -> tuple[str, str]:
            return key(row), row.id + _mark(row.stack)

        for stack, part in self.parts.items():
            known = wanted if wanted.agent is None else wanted.knowing(part.names)
            rows, count = part.index.matching(known, sort=sort, descending=descending, after=after, mark=_mark(stack))
            walks.append(rows)
            total += count
        found = merge(*walks, key=place, reverse=descending)
        return Page.of(list(islice(found, None if limit is None else limit + 1)), total=total, limit=limit, place=place)

    def summary(self) -> Mapping[str, Any]:
        """Count the lines of all stacks, as an output's Summary does of one, and by stack.

        An agent is its stack's, and one of the same key in another stack somebody else.
        """
        counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTS}
        costs: dict[str, Decimal] = {}
        by_stack, by_agent, unknown = {}, dict[str, int](), list[str]()
        for stack, part in sorted(self.parts.items()):
            summary = part.publication.summary
            by_stack[stack] = summary["lines"]
            for name in _COUNTS:
                counts[name].update(summary[name])
            by_agent |= {f"{stack}/{agent}": count for agent, count in summary["byAgent"].items()}
            for currency, amount in summary["monthlyCost"].items():
                costs[currency] = costs.get(currency, Decimal(0)) + Decimal(amount)
            unknown += [f"{stack}/{line}" for line in summary["unknownCost"]]
        return {
            "lines": sum(by_stack.values()),
            "byStack": by_stack,
            **{name: dict(sorted(counts[name].items())) for name in _COUNTS},
            "byAgent": dict(sorted(by_agent.items())),
            "monthlyCost": {currency: str(costs[currency]) for currency in sorted(costs)},
            "unknownCost": unknown,
        }


class Together:
    """Follows several stacks, each by a feed of its own, so that one that fails stops no other."""

    def __init__(self, feeds: Mapping[str, Feed]) -> None:
        self.feeds = feeds

    @property
    def snapshot(self) -> Whole | None:
        """The versions that are served; None before the first of any stack."""
        parts = {stack: feed.snapshot for stack, feed in self.feeds.items() if feed.snapshot is not None}
        return Whole(parts, tuple(stack for stack in self.feeds if stack not in parts)) if parts else None

    @property
    def status(self) -> Status:
        """The gravest of all: a fault of any stack, an update of any, the longest lock."""
        every = [feed.status for feed in self.feeds.values()]
        faulty = next((status for status in every if status.fault), Status())
        return Status(
            fault=faulty.fault,
            detail=faulty.detail,
            updating=any(status.updating for status in every),
            held=max((status.held for status in every), default=0.0),
            killed=any(status.killed for status in every),
            traceless=any(status.traceless for status in every),
        )

    @property
    def failed(self) -> bool:
        """Whether the last update of any stack failed."""
        return any(feed.failed for feed in self.feeds.values())

    def age(self) -> float | None:
        """Give the seconds since all that is served was last known to be current; None before the first."""
        return max((age for feed in self.feeds.values() if (age := feed.age()) is not None), default=None)


def _mark(stack: str) -> str:
    # Sorts before whatever a longer name goes on with, so that lines follow their names first and then their stacks.
    return f"\0{stack}"
