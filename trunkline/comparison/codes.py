"""The codes of the findings about live systems, with how grave each is. Each stands in docs/audit.md."""

from __future__ import annotations

from collections.abc import Mapping

from trunkline.audit.finding import Severity

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
