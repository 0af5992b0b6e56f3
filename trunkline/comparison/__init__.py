"""What file, state and live systems say of each other: the findings of `trunkline audit --live`. Pure.

`providers.dynamic.audited` reads the live side, `trunkline.cli.audit_live` puts the three together.
"""

from trunkline.comparison.changed import ChangedObject
from trunkline.comparison.checks import CHECKS, compare, whole
from trunkline.comparison.finding import CODES, LiveFinding, placed
from trunkline.comparison.paid import without_line
from trunkline.comparison.sides import Sides, Unread

__all__ = [
    "CHECKS",
    "CODES",
    "ChangedObject",
    "LiveFinding",
    "Sides",
    "Unread",
    "compare",
    "placed",
    "whole",
    "without_line",
]
