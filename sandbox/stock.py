"""Searching the numbers that exist, in an order that looks random and is the same from the same start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Literal

from sandbox.numbering import Block, block_of, choices

Anchor = Literal["start", "anywhere", "end"]

# Primes that divide no product of 8s and 10s, so that stepping by one visits every number of a block once.
_STEP = 7_368_787
_START = 5_551_233
_NARROW = 7


@dataclass(frozen=True, slots=True)
class Pattern:
    """Digits, with `*` for any digit, and where in the number (E.164 without the plus) they must stand."""

    text: str = ""
    anchor: Anchor = "anywhere"

    @property
    def is_narrow(self) -> bool:
        """Whether it names so many digits that a rare block is meant."""
        return self.text.isdecimal() and len(self.text) >= _NARROW

    def matches(self, digits: str) -> bool:
        return any(_agree(self.text, digits[place:]) for place in self.places(len(digits)))

    def places(self, length: int) -> range:
        """Give the offsets at which the pattern may stand in a number of `length` digits."""
        last = length - len(self.text)
        if last < 0:
            return range(0)
        return {"start": range(1), "end": range(last, last + 1), "anywhere": range(last + 1)}[self.anchor]


ANY = Pattern("", "start")


def offered(
    blocks: Iterable[Block], pattern: Pattern, available: Callable[[str], bool], limit: int, start: int = _START
) -> tuple[tuple[str, Block], ...]:
    """Give at most `limit` numbers (E.164 with the plus) that match, with their blocks.

    The blocks take turns, so that a search without an area code shows several. `available` takes E.164. Another `start`
    gives another sample.
    """
    turns = [_in_block(block, pattern, available, start) for block in blocks if not block.rare or pattern.is_narrow]
    return tuple(islice(_round_robin(turns), limit))


def find(number: str) -> Block | None:
    """Give the block of a number (E.164), or None when no carrier has it."""
    return block_of(number[1:]) if number.startswith("+") and number[1:].isdecimal() else None


def _in_block(
    block: Block, pattern: Pattern, available: Callable[[str], bool], start: int
) -> Iterator[tuple[str, Block]]:
    seen: set[str] = set()
    for place in pattern.places(len(block.template)):
        for digits in _spread(_narrowed(block.template, pattern.text, place), start):
            number = f"+{digits}"
            if number not in seen and available(number):
                seen.add(number)
                yield number, block


def _narrowed(template: str, text: str, place: int) -> tuple[str, ...]:
    """Give the digits possible at each place of the template once `text` stands at `place`."""
    slots = [choices(symbol) for symbol in template]
    for offset, wanted in enumerate(text):
        if wanted != "*":
            slots[place + offset] = wanted if wanted in slots[place + offset] else ""
    return tuple(slots)


def _spread(slots: tuple[str, ...], start: int) -> Iterator[str]:
    """Give every number that the slots allow, each once, far from its neighbours."""
    total = prod(len(slot) for slot in slots)
    for turn in range(total):
        rest = (start + turn * _STEP) % total
        digits = []
        for slot in reversed(slots):
            rest, chosen = divmod(rest, len(slot))
            digits.append(slot[chosen])
        yield "".join(reversed(digits))


def _round_robin(turns: list[Iterator[tuple[str, Block]]]) -> Iterator[tuple[str, Block]]:
    while turns:
        still = []
        for turn in turns:
            for item in turn:
                yield item
                still.append(turn)
                break
        turns = still


def _agree(text: str, digits: str) -> bool:
    return len(text) <= len(digits) and all(wanted in ("*", digit) for wanted, digit in zip(text, digits, strict=False))
