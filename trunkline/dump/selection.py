"""A part of what the vendors hold: whole groups, since adoption takes whole objects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from trunkline.calls import canonical
from trunkline.dump.holdings import Holdings, LiveObject


def pick(
    holdings: Holdings, providers: Collection[str] = (), patterns: Sequence[str] = ()
) -> tuple[Holdings, tuple[str, ...]]:
    """Give the groups that have a number which is asked for, and the numbers that come along with those.

    A group is what shares a trunk or a rule. A number is asked for that is of one of the providers ("custom": of no
    carrier's account), and like one of the patterns: itself, its trunks, its rule or its agents, by name or id. No
    provider, or no pattern, asks for every one. What is for every number or every trunk goes with any group.
    """
    if not providers and not patterns:
        return holdings, ()
    groups, texts = _grouped(holdings)
    carriers = {one.number: one.provider for one in holdings.numbers}
    asked = {
        number
        for number, called in texts.items()
        if (not providers or carriers.get(number, "custom") in providers)
        and (not patterns or any(fnmatchcase(text, pattern) for text in called for pattern in patterns))
    }
    homes = {groups.of(number) for number in asked}

    def picked(one: LiveObject, of_all: bool) -> bool:
        return of_all or groups.of(one.id) in homes

    part = replace(
        holdings,
        inbound=tuple(one for one in holdings.inbound if picked(one, not one.props["numbers"])),
        outbound=tuple(one for one in holdings.outbound if picked(one, False)),
        rules=tuple(one for one in holdings.rules if picked(one, not one.props["trunkIds"])),
        numbers=tuple(one for one in holdings.numbers if groups.of(one.number) in homes),
    )
    return part, tuple(sorted(number for number in texts.keys() - asked if groups.of(number) in homes))


class _Groups:
    """Keys (numbers, ids) that belong together, however many steps there are between them."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, key: str) -> str:
        """Give the key that stands for the whole group."""
        while (parent := self._parent.setdefault(key, key)) != key:
            self._parent[key] = key = self._parent.setdefault(parent, parent)
        return key

    def join(self, key: str, others: Collection[str]) -> None:
        for other in others:
            self._parent[self.of(other)] = self.of(key)


def _grouped(holdings: Holdings) -> tuple[_Groups, dict[str, set[str]]]:
    """Give the groups, and number -> what people may ask for it by."""
    groups, texts, at = _Groups(), dict[str, set[str]](), dict[str, list[str]]()
    for trunk in (*holdings.inbound, *holdings.outbound):
        at[trunk.id] = [canonical(number) for number in trunk.props["numbers"]]
        groups.join(trunk.id, at[trunk.id])
        for number in at[trunk.id]:
            texts.setdefault(number, {number}).update((trunk.id, trunk.called))
    for rule in holdings.rules:
        groups.join(rule.id, rule.props["trunkIds"])
        called = (rule.id, rule.called, *(str(agent["agentName"]) for agent in rule.props["agents"]))
        for number in (number for trunk in rule.props["trunkIds"] for number in at.get(trunk, ())):
            texts[number].update(called)
    for held in holdings.numbers:
        sid = held.props.get("trunkSid", "")
        groups.join(held.number, [sid] if sid else [])
        texts.setdefault(held.number, {held.number}).update([sid] if sid else [])
    return groups, texts
