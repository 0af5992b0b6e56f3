"""Phone numbers, parsed once into a type.

What a number must have is what no plan will ever take back: its shape, a country's code, a length that its country has.
Whether libphonenumber knows its area code is another matter (`is_known`): carriers sell numbers of new areas before a
library of the year before has heard of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import phonenumbers

# ITU-T E.164: a plus, a country code that does not begin with 0, at most 15 digits; ASCII digits alone.
_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")
# The North American plan: neither the area code nor the exchange begins with 0 or 1 (NANPA, NPA and NXX format).
_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
# Who sells the numbers of a code that several countries share, where libphonenumber does not know whose one is.
_SHARED_CODES: Mapping[int, tuple[str, ...]] = {1: ("US", "CA"), 7: ("RU", "KZ")}
_TYPES = {phonenumbers.PhoneNumberType.MOBILE: "mobile", phonenumbers.PhoneNumberType.TOLL_FREE: "toll_free"}
# libphonenumber's regions for numbers of no country (+800…), and for codes that nobody has.
_OF_NO_COUNTRY = "001"
_NOWHERE = frozenset({_OF_NO_COUNTRY, phonenumbers.UNKNOWN_REGION})


class E164(str):
    """A phone number in ASCII E.164, such as "+16505551234". It is a `str`, so it serialises as one.

    What people write is made by `parse`, what a carrier or a state holds by `shaped`; the class looks at nothing.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> E164:
        """Take exactly `+` and digits, possible for its country. Raises ValueError with a reason after "…: "."""
        number = cls.shaped(text)
        parsed = _parsed(text)
        if parsed is None:
            raise ValueError("begins with no country's code")
        if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
            raise ValueError("has a length that no number of its country has")
        if parsed.country_code == 1 and not _NORTH_AMERICAN.fullmatch(text):
            raise ValueError("is no number of the North American plan: area code and exchange begin with 2 to 9")
        # libphonenumber forgives a national zero after the country code; the vendors do not.
        if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != text:
            raise ValueError("is not written in E.164: leave out the zero that is dialled inside the country")
        return number

    @classmethod
    def shaped(cls, text: str) -> E164:
        """Take what has the shape of E.164, whatever a library thinks of it. Raises ValueError for a short code."""
        if not _SHAPE.fullmatch(text):
            raise ValueError("is not E.164: a plus, the country code and the digits, such as +16505551234")
        return cls(text)

    @property
    def digits(self) -> str:
        """The number without its plus, as some carriers write it."""
        return self[1:]

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2 of the country that the number belongs to by libphonenumber; "" where it names none."""
        parsed = _parsed(self)
        region = phonenumbers.region_code_for_number(parsed) if parsed else None
        return region if region and region != _OF_NO_COUNTRY else ""

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that a carrier may file the number under, the likely ones first.

        Its own, and the main one of its code: +447937… is a number of Jersey, and sold as one of the United Kingdom.
        """
        code = self._calling_code()
        own, main = self.country, phonenumbers.region_code_for_country_code(code)
        shared = _SHARED_CODES.get(code, ()) if not own else ()
        return tuple(dict.fromkeys(each for each in (own, main, *shared) if each and each not in _NOWHERE))

    @property
    def is_known(self) -> bool:
        """Whether libphonenumber takes it for a number that can be in use."""
        parsed = _parsed(self)
        return parsed is not None and phonenumbers.is_valid_number(parsed)

    @property
    def likely_type(self) -> str:
        """What kind of number it seems to be: local | mobile | toll_free."""
        parsed = _parsed(self)
        return _TYPES.get(phonenumbers.number_type(parsed), "local") if parsed else "local"

    def is_possible_in(self, country: str) -> bool:
        """Tell whether a country's calling code is the number's, or the number is of no country (+800…)."""
        code = self._calling_code()
        of_no_country = phonenumbers.region_code_for_country_code(code) == _OF_NO_COUNTRY
        return of_no_country or phonenumbers.country_code_for_region(country) == code

    def is_known_in(self, country: str) -> bool:
        """Tell whether libphonenumber takes it for a number of this country; toll-free ones are of several."""
        parsed = _parsed(self)
        return parsed is not None and phonenumbers.is_valid_number_for_region(parsed, country)

    def _calling_code(self) -> int:
        """Give the country's code, 0 where no country has it."""
        parsed = _parsed(self)
        return (parsed.country_code or 0) if parsed else 0


# One number is asked several things, one after the other, and parsing it is what costs.
@lru_cache(maxsize=4096)
def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
