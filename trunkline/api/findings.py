"""`/audit`."""

from __future__ import annotations

from trunkline.api.endpoint import Call
from trunkline.api.query import AuditQuery
from trunkline.api.reply import Reply


def many(call: Call) -> Reply:
    """Give the findings over what is served."""
    query: AuditQuery = call.query
    found = [
        finding.to_json()
        for finding in call.snapshot.publication.findings
        if query.code in ("", finding.code) and query.severity in ("", finding.severity)
    ]
    return Reply.json({"findings": found})
