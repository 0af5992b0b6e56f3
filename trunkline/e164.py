"""Phone numbers, parsed once into a type."""

from __future__ import annotations

import re

import phonenumbers

# ITU-T E.164: a plus, a country code that does not begin with 0, at most 15 digits; ASCII digits alone.
_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")


class E164(str):
    """A phone number in ASCII E.164, such as "+16505551234", possible for its country.

    Made by `parse` alone; it is a `str`, so it serialises as one.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> E164:
        """Take exactly `+` and digits. Raises ValueError with a reason that fits after "…: "."""
        if not _SHAPE.fullmatch(text):
            raise ValueError("is not E.164: a plus, the country code and the digits, such as +16505551234")
        try:
            number = phonenumbers.parse(text)
        except phonenumbers.NumberParseException:
            raise ValueError("begins with no country's code") from None
        if not phonenumbers.is_valid_number(number):
            raise ValueError("is not a valid number of its country")
        # libphonenumber forgives a national zero after the country code; the vendors do not.
        if phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != text:
            raise ValueError("is not written in E.164: leave out the zero that is dialled inside the country")
        return cls(text)

    @property
    def digits(self) -> str:
        """The number without its plus, as Vonage writes it."""
        return self[1:]

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2 of the country that the number belongs to; "" for numbers of no country (+800…)."""
        region = phonenumbers.region_code_for_number(phonenumbers.parse(self))
        return region if region and region != "001" else ""
