"""`/explain`: what happens to a call."""

from __future__ import annotations

import json

from trunkline.api.endpoint import Call
from trunkline.api.problem import ApiProblem
from trunkline.api.query import ExplainQuery
from trunkline.api.reply import Reply


def explain(call: Call) -> Reply:
    """Follow a call through the lines as they are served."""
    query: ExplainQuery = call.query
    if call.service.explain is None:
        raise ApiProblem("not-configured", "this server was started without the call model")
    rows = call.snapshot.index.find(query.to)
    lines = [json.loads(row.full) for row in rows]
    return Reply.json(call.service.explain(lines, query.to, query.caller))
