"""What a line's search finds, and why it finds nothing: what a carrier never sells is not to be had later either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from providers.port import Candidate, Carrier, NumberSearch
from trunkline.model.entries import NumberType

# How many candidates a search asks for beside those of the lines that share it.
_CANDIDATES = 30
# A wider search passes over so many taken numbers, or a multiple, so that the lines after this one share it too.
_STEP = 100
_NARROWING = ("area_code", "contains", "region", "locality", "postal_code")
_TYPES: tuple[str, ...] = get_args(NumberType)


class Impossible(Exception):
    """A line cannot have a number; the text says why and what to do."""


def query_of(search: Mapping[str, Any]) -> NumberSearch:
    """Give what a carrier is asked, from the search of a line in the Fleet's inputs."""
    return NumberSearch(
        country=search["country"],
        area_code=str(search.get("areaCode", "")),
        contains=str(search.get("contains", "")),
        type=search.get("type", "local"),
        region=str(search.get("region", "")),
        locality=str(search.get("locality", "")),
        postal_code=str(search.get("postalCode", "")),
    )


def pick(carrier: Carrier, query: NumberSearch, taken: set[str], lines: int) -> Candidate:
    """Give the first number on offer that is not `taken`. Raises Impossible, and the vendors' errors.

    The `lines` with this search ask the same questions, which the carrier is to answer from memory (`offers`).
    """
    for limit in _limits(carrier, len(taken), lines):
        offers = carrier.search(query, limit)
        free = [offer for offer in offers if offer.number not in taken]
        if free:
            return free[0]
        if not offers:
            break
    raise _fruitless(carrier, query, is_used_up=bool(offers))


def _limits(carrier: Carrier, taken: int, lines: int) -> Iterator[int]:
    """Give how many numbers to ask for: a few, then more than are taken, and at last a sample of this line's own."""
    few = _CANDIDATES + lines
    more = few + -(-taken // _STEP) * _STEP
    yield from (few, more)
    if carrier.samples:
        yield more + taken


def _fruitless(carrier: Carrier, query: NumberSearch, *, is_used_up: bool) -> Impossible:
    """Say why a search gives nothing, and what to write instead. Asks what wider searches find."""
    kind = f"{query.type.replace('_', '-')} number of {query.country}"
    if is_used_up:
        return Impossible(
            f"{carrier.name} offers no further number for the search: all that it shows are other lines', or in the"
            " account already. Widen the search, or run again later"
        )
    wide = NumberSearch(country=query.country, type=query.type)
    narrows = {name: value for name in _NARROWING if (value := getattr(query, name))}
    if narrows and carrier.search(wide, 1):
        wish = " and ".join(f"{name} {value}" for name, value in narrows.items())
        keys = " or ".join(f"`{name}`" for name in narrows)
        return Impossible(
            f"{carrier.name} offers no {kind} with {wish}. Change {keys} of the search, or run again later"
        )
    others = [each for each in _TYPES if each != query.type and carrier.search(replace(wide, type=each), 1)]
    if others:
        there = " or ".join(f"`type: {each}`" for each in others)
        return Impossible(f"{carrier.name} offers no {kind} at all. Write {there} in the search, of which it has some")
    return Impossible(
        f"{carrier.name} offers no number of {query.country}, of whatever type. Correct the search's `country`, or"
        " take the line to a carrier that sells there"
    )
