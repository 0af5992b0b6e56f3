"""One thing that an audit found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """`error`: mend it; `warning`: look at it; `info`: a fact that auditors ask for."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`code` is stable and kebab-case, `subject` what it is about, `lines` the lines concerned, sorted.

    `amounts` are monthly sums by currency as decimal text, where the finding is about money.
    """

    code: str
    severity: Severity
    subject: str
    message: str
    fix: str = ""
    lines: tuple[str, ...] = ()
    amounts: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the plain JSON object."""
        # Not by `asdict`, which copies each of the thousands of lines that a finding may name one by one.
        return {
            "code": self.code,
            "severity": str(self.severity),
            "subject": self.subject,
            "message": self.message,
            "fix": self.fix,
            "lines": list(self.lines),
            "amounts": dict(self.amounts),
        }
