"""Lines as they are looked up, filtered, sorted and paged. Built once, in steps, and never changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from trunkline.state.row import SORTS, Orders, Row, orders

_STEP = 100  # rows that are added before others may run


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What lines are wanted; "" and () want all, but for `agent`: None wants all and "" those that nobody answers.

    `name` is the agent's name at LiveKit where `agent` is its key. `tags` are `key=value` or `key`, all of them; `text`
    is casefolded.
    """

    provider: str = ""
    country: str = ""
    agent: str | None = None
    name: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""

    def terms(self) -> Iterator[tuple[str, str]]:
        """Give the pairs under which the index keeps lines."""
        for name in ("provider", "country"):
            if value := getattr(self, name):
                yield name, value
        for tag in self.tags:
            yield "tag", tag

    def knowing(self, names: Mapping[str, str]) -> Filter:
        """Give the same with the name of its agent, from names by key."""
        return self if self.agent is None else replace(self, name=names.get(self.agent, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`rows` in order, `total` lines that fit, `last` the position to continue from or None at the end."""

    rows: Sequence[Row]
    total: int
    last: tuple[str, str] | None

    @classmethod
    def of(cls, rows: Sequence[Row], *, total: int, limit: int | None, place: Callable[[Row], tuple[str, str]]) -> Page:
        """Take up to one row more than `limit`, which says that there are more."""
        more = limit is not None and len(rows) > limit
        shown = rows[:limit]
        return cls(rows=shown, total=total, last=place(shown[-1]) if more else None)


class Index:
    """All lines of one version."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._by_id: dict[str, int] = {}
        self._by_key: dict[str, int] = {}
        self._shared: dict[str, list[int]] = {}
        self._postings: dict[tuple[str, str], set[int]] = {}
        self._orders: Orders = dict.fromkeys(SORTS, ())

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Index:
        """Build at once, from rows sorted by id."""
        index = cls()
        for _ in index.building(rows, orders(rows)):
            pass
        return index

    def building(self, rows: Iterable[Row], orders: Orders) -> Iterator[None]:
        """Build from rows sorted by id, and yield wherever others may run: a few milliseconds apart."""
        for count, row in enumerate(rows, 1):
            self._add(row)
            if count % _STEP == 0:
                yield
        self._orders = orders

    def find(self, id: str) -> Sequence[Row]:
        """Give the line of this name, else the lines of this number or vendor's id."""
        named = self._by_id.get(id)
        if named is not None:
            return (self.rows[named],)
        first = self._by_key.get(id)
        return () if first is None else [self.rows[position] for position in self._shared.get(id, (first,))]

    def answered_by(self, agent: str, name: str) -> Sequence[Row]:
        """Give the lines that an agent answers in whatever way, by its key and its name at LiveKit."""
        return [self.rows[i] for i in sorted(self._called(agent, name)) if self.rows[i].is_answered_by(agent, name)]

    def page(
        self, wanted: Filter, *, sort: str, descending: bool, after: tuple[str, str] | None, limit: int | None
    ) -> Page:
        """Give up to `limit` lines that fit, from just after a position."""
        key = SORTS[sort]
        found, total = self.matching(wanted, sort=sort, descending=descending, after=after)
        rows = list(islice(found, None if limit is None else limit + 1))
        return Page.of(rows, total=total, limit=limit, place=lambda row: (key(row), row.id))

    def matching(
        self,
        wanted: Filter,
        *,
        sort: str,
        descending: bool,
        after: tuple[str, str] | None,
        without: Set[int] = frozenset(),
        mark: str = "",
    ) -> tuple[Iterator[Row], int]:
        """Give the lines that fit, from just after a position, and how many fit at all; `without` are positions.

        `mark` stands behind each id in a position, where several indexes that may share ids are walked as one.
        """
        fits = self._fits(wanted)
        found = self._walk(self._orders[sort], SORTS[sort], descending, after, mark)
        rows = (
            self.rows[position] for position in found if position not in without and (fits is None or position in fits)
        )
        total = len(self.rows) - len(without) if fits is None else len(fits) - len(without & fits)
        return rows, total

    def position(self, id: str) -> int | None:
        """Give where the line of this name stands among the rows, None where there is none."""
        return self._by_id.get(id)

    def _add(self, row: Row) -> None:
        position = len(self.rows)
        self.rows.append(row)
        self._by_id[row.id] = position
        for key in row.keys:
            first = self._by_key.setdefault(key, position)
            if first != position:
                self._shared.setdefault(key, [first]).append(position)
        for term in _terms(row):
            self._postings.setdefault(term, set()).add(position)

    def _fits(self, wanted: Filter) -> set[int] | None:
        """Give the positions of the lines that fit; None stands for all."""
        sets: list[set[int]] = [self._postings.get(term, set()) for term in wanted.terms()]
        if wanted.agent is not None:
            sets.append(self._called(wanted.agent, wanted.name))
        sets.sort(key=len)
        fits = sets[0].intersection(*sets[1:]) if sets else None
        if not wanted.text:
            return fits
        text, rows = wanted.text, self.rows
        if fits is None:
            return {position for position, row in enumerate(rows) if text in row.text}
        return {position for position in fits if text in rows[position].text}

    def _called(self, agent: str, name: str) -> set[int]:
        """Give the positions of the lines that an agent answers; by its name only where it is called so beside."""
        known = self._postings.get(("agent", agent), set())
        named = self._postings.get(("agent", name), set()) - known if name else set()
        return known | {i for i in named if name in self.rows[i].beside}

    def _walk(
        self,
        order: Sequence[int],
        key: Callable[[Row], str],
        descending: bool,
        after: tuple[str, str] | None,
        mark: str,
    ) -> Iterator[int]:
        def place(position: int) -> tuple[str, str]:
            return key(self.rows[position]), self.rows[position].id + mark

        if descending:
            end = len(order) if after is None else bisect_left(order, after, key=place)
            return (order[i] for i in range(end - 1, -1, -1))
        start = 0 if after is None else bisect_right(order, after, key=place)
        return islice(order, start, None)


def _terms(row: Row) -> Iterator[tuple[str, str]]:
    yield "provider", row.provider
    yield "country", row.country
    for agent in (*(row.agents or ("",)), *row.also, *row.beside):
        yield "agent", agent
    for tag in row.tags:
        yield "tag", tag
        yield "tag", tag.partition("=")[0]
