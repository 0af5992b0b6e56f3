"""`/explain`: what happens to a call."""

from __future__ import annotations

import json

from trunkline.api.endpoint import Call
from trunkline.api.endpoints import moment
from trunkline.api.problem import ApiProblem
from trunkline.api.query import ExplainQuery
from trunkline.api.reply import Reply


async def explain(call: Call) -> Reply:
    """Follow a call through the lines as they are, or were."""
    query: ExplainQuery = call.query
    if call.service.explain is None:
        raise ApiProblem("not-configured", "this server was started without the call model")
    view = await moment.view(call)
    lines = [json.loads(row.full) for row in view.lines.find(query.to)]
    return view.told(dict(call.service.explain(lines, query.to, query.caller)))
