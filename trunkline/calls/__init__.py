"""What becomes of a call: `matching.py` is LiveKit's choice of trunk and rule, `explain.py` says where a call ends.

Pure: neither asks anybody.
"""

from trunkline.calls.matching import (
    Call,
    Match,
    Outcome,
    Rule,
    Trunk,
    admits,
    canonical,
    clashing,
    fits,
    has_number,
    match,
)

__all__ = [
    "Call",
    "Match",
    "Outcome",
    "Rule",
    "Trunk",
    "admits",
    "canonical",
    "clashing",
    "fits",
    "has_number",
    "match",
]
