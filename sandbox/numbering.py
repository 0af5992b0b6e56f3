"""The numbers that exist to be sold: blocks of valid E.164 numbers by country and type, and prices.

In a template a digit stands for itself, N for 2 to 9 and X for 0 to 9. Every number of every block is valid by
libphonenumber and of its country (checked 2026-11-24; a test holds it), but for the rare blocks: those are sold
although it does not know their area yet, or files them under a neighbour that shares the calling code. Prices are made
up, in the vendors' order of magnitude.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

NumberType = Literal["local", "mobile", "toll_free"]


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers that share country, type and place. `template` is E.164 without the plus."""

    country: str
    type: NumberType
    template: str
    region: str | None = None
    locality: str | None = None
    area_code: str | None = None
    rare: bool = False
    """Found by its digits alone, never by a wide search."""

    def has(self, digits: str) -> bool:
        """Say whether the number (E.164 without the plus) is one of the block."""
        return (
            len(digits) == len(self.template)
            and digits.startswith(self.template[:4].rstrip("NX"))
            and all(digit in choices(symbol) for digit, symbol in zip(digits, self.template, strict=True))
        )


def choices(symbol: str) -> str:
    """Give the digits that a symbol of a template stands for."""
    return _WILD.get(symbol, symbol)


_WILD: Mapping[str, str] = {"N": "23456789", "X": "0123456789"}

# Area codes as "region/locality: codes", of the North American plan (NANPA, 2026).
_NORTH_AMERICA: Mapping[str, Mapping[str, str]] = {
    "US": {
        "CA/San Francisco": "415 628",
        "CA/San Mateo": "650",
        "CA/Los Angeles": "213 310 323 818",
        "CA/San Jose": "408 669",
        "CA/San Diego": "619 858",
        "NY/New York": "212 646 917 718 347",
        "NJ/Jersey City": "201 551",
        "MA/Boston": "617 857",
        "DC/Washington": "202",
        "PA/Philadelphia": "215 267",
        "GA/Atlanta": "404 470 678",
        "FL/Miami": "305 786",
        "IL/Chicago": "312 773 872",
        "MI/Detroit": "313",
        "TX/Austin": "512 737",
        "TX/Houston": "713 281 832",
        "TX/Dallas": "214 469 972",
        "CO/Denver": "303 720",
        "AZ/Phoenix": "602 480",
        "NV/Las Vegas": "702 725",
        "UT/Salt Lake City": "801",
        "OR/Portland": "503 971",
        "WA/Seattle": "206 425",
        "HI/Honolulu": "808",
        "AK/Anchorage": "907",
    },
    "CA": {
        "ON/Toronto": "416 647",
        "ON/Ottawa": "613",
        "QC/Montreal": "514 438",
        "BC/Vancouver": "604 778",
        "AB/Calgary": "403 587",
    },
}
_TOLL_FREE = "888 877 866 855 844 833"

_ELSEWHERE: Mapping[str, Mapping[NumberType, tuple[str, ...]]] = {
    "GB": {
        "local": ("44207XXXXXXX", "44161NXXXXXX"),
        "mobile": ("447400XXXXXX",),
        "toll_free": ("44800XXXXXXX",),
    },
    "AU": {"local": ("6128XXXXXXX",), "toll_free": ("611800XXXXXX",)},
    "DE": {"local": ("4930NXXXXXXX", "4989NXXXXXXX"), "mobile": ("4915112XXXXXX",), "toll_free": ("49800NXXXXXX",)},
    "ES": {"local": ("3491NXXXXXX",), "mobile": ("34612XXXXXX",), "toll_free": ("34900XXXXXX",)},
    "FR": {"local": ("331NXXXXXXX",), "mobile": ("33612XXXXXX",), "toll_free": ("33805XXXXXX",)},
    "IE": {"local": ("3531NXXXXXX",), "mobile": ("35385XXXXXXX",), "toll_free": ("3531800XXXXXX",)},
    "IT": {"local": ("3902NXXXXXX",), "toll_free": ("39800XXXXXX",)},
    "JP": {"local": ("813NXXXXXXX",), "toll_free": ("81120XXXXXX",)},
    "NL": {"local": ("3120NXXXXXX",), "mobile": ("3161XXXXXXX",), "toll_free": ("31800XXXXXX",)},
    "NZ": {"local": ("649NXXXXXX",)},
    "PL": {"local": ("4822NXXXXXX",), "mobile": ("48512XXXXXX",), "toll_free": ("48800XXXXXX",)},
    "SE": {"local": ("468NXXXXXX",), "mobile": ("4670XXXXXXX",), "toll_free": ("4620XXXXXX",)},
    "SG": {"mobile": ("658NXXXXXX",)},
}

# An area code that libphonenumber 9.0.43 has not heard of, and one that it gives to Jersey.
_RARE: Mapping[str, tuple[Block, ...]] = {
    "US": (Block("US", "local", "1861NXXXXXX", area_code="861", rare=True),),
    "GB": (Block("GB", "mobile", "447937XXXXXX", rare=True),),
}

COUNTRIES: Mapping[str, str] = {
    "AU": "Australia",
    "CA": "Canada",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "IT": "Italy",
    "JP": "Japan",
    "NL": "Netherlands",
    "NZ": "New Zealand",
    "PL": "Poland",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
}

# A month's price by type, where a country has none of its own.
_USUAL: Mapping[NumberType, tuple[str, str]] = {
    "local": ("3.00", "2.50"),
    "mobile": ("6.00", "4.50"),
    "toll_free": ("25.00", "20.00"),
}
_OF_COUNTRY: Mapping[tuple[str, NumberType], tuple[str, str]] = {
    ("US", "local"): ("1.15", "0.90"),
    ("US", "toll_free"): ("2.15", "1.90"),
    ("CA", "local"): ("1.15", "0.90"),
    ("CA", "toll_free"): ("2.15", "1.90"),
    ("GB", "local"): ("1.15", "1.25"),
    ("GB", "mobile"): ("1.15", "1.25"),
}


def monthly_usd(country: str, kind: NumberType) -> Decimal:
    """A month's price at the carrier that bills in USD."""
    return Decimal(_OF_COUNTRY.get((country, kind), _USUAL[kind])[0])


def monthly_eur(country: str, kind: NumberType) -> Decimal:
    """A month's price at the carrier that bills in EUR."""
    return Decimal(_OF_COUNTRY.get((country, kind), _USUAL[kind])[1])


@cache
def blocks(country: str) -> tuple[Block, ...]:
    """Give the blocks of a country (ISO 3166 alpha-2), always in the same order; none for an unknown one."""
    return (*_north_american(country), *_other(country), *_RARE.get(country, ()))


@cache
def types(country: str) -> tuple[NumberType, ...]:
    """Give the types of number that a country has, in the order of `_USUAL`."""
    there = {block.type for block in blocks(country)}
    return tuple(kind for kind in _USUAL if kind in there)


@lru_cache(maxsize=65_536)
def block_of(digits: str) -> Block | None:
    """Give the block that a number (E.164 without the plus) belongs to, or None when nobody sells it."""
    return next((block for country in COUNTRIES for block in blocks(country) if block.has(digits)), None)


def _north_american(country: str) -> tuple[Block, ...]:
    if country not in _NORTH_AMERICA:
        return ()
    local = [
        Block(country, "local", f"1{code}NXXXXXX", *_region_and_locality(place), area_code=code)
        for place, codes in _NORTH_AMERICA[country].items()
        for code in codes.split()
    ]
    # Toll-free codes are shared by the whole plan; here they are sold in the US alone, so a number has one country.
    free = [Block(country, "toll_free", f"1{code}NXXXXXX", area_code=code) for code in _TOLL_FREE.split()]
    return (*local, *(free if country == "US" else ()))


def _region_and_locality(place: str) -> tuple[str, str]:
    region, _, locality = place.partition("/")
    return region, locality


def _other(country: str) -> tuple[Block, ...]:
    return tuple(
        Block(country, kind, template)
        for kind, templates in _ELSEWHERE.get(country, {}).items()
        for template in templates
    )
