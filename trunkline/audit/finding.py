"""One thing that an audit found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
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
        return asdict(self) | {"severity": str(self.severity), "lines": list(self.lines)}
