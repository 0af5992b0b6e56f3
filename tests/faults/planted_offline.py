"""Planted bugs in what is refused before anything is sent, and in numbers that no library knows."""

from __future__ import annotations

from tests.faults.mutant import Mutant

OFFLINE: tuple[Mutant, ...] = (
    Mutant(
        "a number of an area that the library does not know is refused",
        "a valid number is never refused because a library does not know it",
        "trunkline/e164.py",
        "if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:",
        "if not phonenumbers.is_valid_number(parsed):",
        "offline",
    ),
    Mutant(
        "an owned number of an unknown area is dropped",
        "a number that the account holds is never dropped silently",
        "providers/twilio/convert.py",
        "        number = E164.shaped(text)",
        "        number = E164.shaped(text) if E164(text).is_known else E164.shaped('')",
    ),
    Mutant(
        "a purchase names the library's country",
        "the carrier's own country counts",
        "providers/vonage/numbering.py",
        'return self._sold_in.get(number) or wanted or next(iter(number.countries), "")',
        "return number.country",
    ),
)
