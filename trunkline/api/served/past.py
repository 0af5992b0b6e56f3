"""The lines as they were: those of now, without the ones that changed since, and these as they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import merge
from itertools import chain, islice
from typing import Any

from trunkline.api.served.index import Filter, Index, Page
from trunkline.outputs import Agent, strangers
from trunkline.state.publication import UpdateView
from trunkline.state.row import SORTS, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One version of the past, looked up as an Index is.

    `update` is the one that left it, None before the first. `now` are the lines of a later version, of which those at
    the positions `gone` changed since; `then` are these as they were. `names` gives each agent's LiveKit name.
    """

    update: UpdateView | None
    now: Index
    gone: frozenset[int]
    then: Index
    names: Mapping[str, str]
    _summed: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The lines that are kept for this version alone."""
        return len(self.then.rows)

    def find(self, id: str) -> Sequence[Row]:
        """Give the line of this name, else the lines of this number or vendor's id."""
        found = [*self._still(self.now.find(id)), *self.then.find(id)]
        named = [row for row in found if row.id == id]
        return named or sorted(found, key=lambda row: row.id)

    def answered_by(self, agent: str, name: str) -> Sequence[Row]:
        """Give the lines that an agent answers in whatever way, by its key and its name at LiveKit."""
        found = [*self._still(self.now.answered_by(agent, name)), *self.then.answered_by(agent, name)]
        return sorted(found, key=lambda row: row.id)

    def page(
        self, wanted: Filter, *, sort: str, descending: bool, after: tuple[str, str] | None, limit: int | None
    ) -> Page:
        """Give up to `limit` lines that fit, from just after a position."""
        key = SORTS[sort]

        def place(row: Row) -> tuple[str, str]:
            return key(row), row.id

        still, count = self.now.matching(wanted, sort=sort, descending=descending, after=after, without=self.gone)
        then, further = self.then.matching(wanted, sort=sort, descending=descending, after=after)
        rows = list(islice(merge(still, then, key=place, reverse=descending), None if limit is None else limit + 1))
        return Page.of(rows, total=count + further, limit=limit, place=place)

    def agents(self) -> Sequence[Agent]:
        """Give the agents of then with their lines, and those that the inventory of then did not know."""
        known = [
            Agent(id=id, agent_name=name, lines=tuple(row.id for row in self.answered_by(id, name)))
            for id, name in sorted(self.names.items())
        ]
        return [*known, *strangers((row.id, row.answers) for row in self._rows() if not row.agent)]

    def summary(self) -> Mapping[str, Any]:
        """Count the lines, as an output's Summary does."""
        if not self._summed:
            self._summed.append(_summary(list(self._rows())))
        return self._summed[0]

    def _rows(self) -> Iterator[Row]:
        still = (row for place, row in enumerate(self.now.rows) if place not in self.gone)
        return chain(still, self.then.rows)

    def _still(self, rows: Sequence[Row]) -> Iterator[Row]:
        return (row for row in rows if self.now.position(row.id) not in self.gone)


def _summary(rows: Sequence[Row]) -> Mapping[str, Any]:
    costs: dict[str, Decimal] = {}
    for row in rows:
        if row.paid is not None:
            amount, currency = row.paid
            costs[currency] = costs.get(currency, Decimal(0)) + Decimal(amount)
    return {
        "lines": len(rows),
        "byProvider": _counted(row.provider for row in rows),
        "byCountry": _counted(row.country for row in rows),
        "byAgent": _counted(row.answers for row in rows if row.answers),
        "monthlyCost": {currency: str(costs[currency]) for currency in sorted(costs)},
        "unknownCost": sorted(row.id for row in rows if row.unpriced),
    }


def _counted(values: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
