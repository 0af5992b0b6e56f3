"""Planted bugs in adoption, and in how numbers are compared."""

from __future__ import annotations

from tests.faults.mutant import Mutant

ADOPTION_RULES: tuple[Mutant, ...] = (
    Mutant(
        "a number that is spelled otherwise is another one",
        "§4 numbers are compared as LiveKit compares them",
        "trunkline/calls.py",
        "    digits = number.translate(_PUNCTUATION)",
        "    return number",
    ),
)
