"""A planted bug."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` stands once in `file` and becomes `new`. `rule`: what it breaks, by the paragraph of the design.

    `suite` is the one that notices first, so that a hunt is short; a wrong word there costs time alone.
    """

    name: str
    rule: str
    file: str
    old: str
    new: str
    suite: str = "dynamic"
