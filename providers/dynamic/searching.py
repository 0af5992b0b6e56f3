"""What a line's search finds, and why it finds nothing: what a carrier never sells is not to be had later either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn, get_args

from providers.port import Candidate, Carrier, NumberSearch
from trunkline.model.entries import NumberType

# How many candidates a search asks for: the lines of one file with the same wish share them.
_CANDIDATES = 30
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
    )


def pick(carrier: Carrier, query: NumberSearch, taken: set[str]) -> Candidate | None:
    """Give the first number on offer that is not `taken`. Raises the vendors' errors."""
    offers = carrier.search(query, _CANDIDATES + len(taken))
    return next((offer for offer in offers if offer.number not in taken), None)


def refuse_fruitless(carrier: Carrier, query: NumberSearch, taken: set[str]) -> NoReturn:
    """Raise Impossible where `pick` gives None: why that is so, and what to write instead.

    Asks what wider searches find; raises the vendors' errors.
    """
    kind = f"{query.type.replace('_', '-')} number of {query.country}"
    if carrier.search(query, _CANDIDATES + len(taken)):
        raise Impossible(
            f"{carrier.name} offers no further number for the search: all that it shows are other lines', or in the"
            " account already. Widen the search, or run again later"
        )
    wide = replace(query, area_code="", contains="")
    narrows = {name: value for name, value in (("area_code", query.area_code), ("contains", query.contains)) if value}
    if narrows and carrier.search(wide, 1):
        wish = " and ".join(f"{name} {value}" for name, value in narrows.items())
        keys = " or ".join(f"`{name}`" for name in narrows)
        raise Impossible(
            f"{carrier.name} offers no {kind} with {wish}. Change {keys} of the search, or run again later"
        )
    others = [each for each in _TYPES if each != query.type and carrier.search(replace(wide, type=each), 1)]
    if others:
        there = " or ".join(f"`type: {each}`" for each in others)
        raise Impossible(f"{carrier.name} offers no {kind} at all. Write {there} in the search, of which it has some")
    raise Impossible(
        f"{carrier.name} offers no number of {query.country}, of whatever type. Correct the search's `country`, or"
        " take the line to a carrier that sells there"
    )
