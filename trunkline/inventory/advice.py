"""What an inventory may say although it looks like a mistake: warnings, which stop nothing.

They stand beside the problems with the same place, rule, message and fix. A rule belongs here where the file can be
right and our knowledge wrong or old.
"""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.models import Line


def warnings(inventory: Inventory) -> tuple[Problem, ...]:
    """Give every warning about the lines and trunks of an inventory, sorted by place."""
    found = [warning for line in inventory.lines.values() for warning in _of_line(inventory, line)]
    return tuple(sorted(found, key=lambda each: (each.line, each.column, each.rule, each.message)))


def _of_line(inventory: Inventory, line: Line) -> Iterator[Problem]:
    for rule in (_unknown_numbers, _other_country):
        for key, code, message, fix in rule(inventory, line):
            yield inventory.problem(("numbers", line.name, *key), code, f'line "{line.name}": {message}', fix)


# (keys below the line where the warning stands, rule, message, fix)
Finding = tuple[tuple[str, ...], str, str, str]


def _unknown_numbers(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """A number that libphonenumber does not know: a slip of the finger, or an area code that is newer than it."""
    known = f"libphonenumber {phonenumbers.__version__}"
    if line.phone_number is not None and not line.phone_number.is_known:
        message = f"{line.phone_number} is of no area that {known} knows"
        fix = "compare it with what the carrier shows; where they are the same, there is nothing to do"
        yield ("phone_number",), "unknown-number", message, fix
    for index, caller in enumerate(line.allowed_callers):
        if not caller.is_known:
            message = f"{caller} is of no area that {known} knows"
            yield ("allowed_callers", str(index)), "unknown-number", message, "compare its digits with the caller's"


def _other_country(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """A country that shares the number's calling code; carriers file some numbers under their code's main country."""
    number = line.phone_number
    if number is None or not inventory.has("numbers", line.name, "country") or not number.country:
        return
    if number.is_possible_in(line.country) and not number.is_known_in(line.country):
        message = f"{number} is a number of {number.country} by its digits, and the line says {line.country}"
        fix = "keep it where the carrier sells the number as that; otherwise delete `country`"
        yield ("country",), "number-country", message, fix
