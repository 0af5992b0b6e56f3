"""A finding about live systems: it also says whose object it is about, and where the file speaks of it.

`CODES` has the code of each with how grave it is. Each stands in docs/audit.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.audit.finding import Finding, Severity
from trunkline.inventory import Inventory

CODES: Mapping[str, Severity] = {
    "vendor-unread": Severity.WARNING,
    "number-gone": Severity.ERROR,
    "object-gone": Severity.ERROR,
    "object-changed": Severity.ERROR,
    "line-not-applied": Severity.WARNING,
    "line-not-in-file": Severity.WARNING,
    "number-unmanaged": Severity.WARNING,
    "number-orphaned": Severity.WARNING,
    "trunk-orphaned": Severity.WARNING,
    "rule-orphaned": Severity.WARNING,
    "trunk-foreign": Severity.INFO,
    "trunk-catch-all": Severity.WARNING,
    "trunk-open": Severity.WARNING,
    "filter-own-number": Severity.WARNING,
    "outbound-duplicate": Severity.WARNING,
    "rule-catch-all": Severity.WARNING,
    "rule-dangling-id": Severity.WARNING,
    "agent-unreached": Severity.WARNING,
    "agent-not-deployed": Severity.WARNING,
    "agents-unseen": Severity.INFO,
    "secret-changed": Severity.ERROR,
    "secret-unseen": Severity.INFO,
    "finding-accepted": Severity.INFO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFinding(Finding):
    """`subject` is the object's id, `vendor` whose it is ("" for the stack's), `place` "numbers.yaml:12" or "".

    `changed`: of an object that was changed outside, property -> `before` and `after`.
    """

    vendor: str = ""
    place: str = ""
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the plain JSON object, with `changed` where something was."""
        told = Finding.to_json(self)
        return told if self.changed else {name: value for name, value in told.items() if name != "changed"}


def placed(finding: Finding, file: Inventory | None) -> LiveFinding:
    """Give a finding of the state with the place of its first line in the file, where the file has that."""
    at = place(file, *(("numbers", finding.lines[0]) if finding.lines else ("agents", finding.subject)))
    return LiveFinding(**{name: getattr(finding, name) for name in Finding.__slots__}, place=at)


def place(file: Inventory | None, *path: str) -> str:
    """Give where the file has an entry, as "numbers.yaml:12"; "" where it has not."""
    if file is None or not file.has(*path):
        return ""
    at = file.place(*path)
    return f"{at.file}:{at.line}"
