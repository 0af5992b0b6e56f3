"""What the tests of every carrier must know of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.port import NumberSearch, Props
from trunkline.e164 import E164
from trunkline.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCase:
    """A carrier as the contract's tests ask for it.

    `number` and `other` are on offer in a fresh sandbox, in one area, from `first` on there are enough for some pages,
    and `rare` is one that no library knows. `search` finds the area, at `monthly` each, None where
    no answer tells a price; `search_request` is what a
    search sends once prices are known. `routing` gives the route fields beside the tag of a number that is to be routed
    (it takes a function that makes a trunk at the carrier), `left` those of a detached one. `poor` are the settings of
    a sandbox whose account has no money, `taken` the vendor's code for a number that somebody else has.
    `unconfirmed`: faults after which a purchase cannot be seen, `confirmed_by_answer` whether its own answer says it.
    `too_short` is a list with a number that no line can name, `undocumented` are answers that are no list.
    """

    number: E164
    other: E164
    first: int
    rare: E164
    search: NumberSearch
    search_request: str
    monthly: Money | None
    page_size: int
    routing: Callable[[E164, Callable[[], str]], Props]
    left: Callable[[E164], Props]
    poor: Any
    taken: str
    unconfirmed: tuple[str, ...]
    confirmed_by_answer: bool
    too_short: Mapping[str, Any]
    undocumented: tuple[Any, ...]
