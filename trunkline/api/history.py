"""`/history` and `/history/{update}`."""

from __future__ import annotations

import json

from trunkline.api.endpoint import Call
from trunkline.api.problem import ApiProblem
from trunkline.api.query import HistoryQuery
from trunkline.api.reply import Reply


def many(call: Call) -> Reply:
    """Give the updates, newest first."""
    query: HistoryQuery = call.query
    publication = call.snapshot.publication
    older = [update for update in publication.updates if not query.before or int(update.id) < int(query.before)]
    shown = older[: query.limit]
    following = shown[-1].id if len(older) > len(shown) else None
    tail = json.dumps({"next": following, "complete": publication.complete})[1:].encode()
    return Reply(body=b'{"updates":[' + b",".join(update.brief for update in shown) + b"]," + tail)


def one(call: Call) -> Reply:
    """Give one update with what it changed for each line."""
    id = call.path["update"]
    update = next((update for update in call.snapshot.publication.updates if update.id == id), None)
    if update is None:
        raise ApiProblem("not-found", "no update of this id is on record; see /history")
    return Reply(body=update.full if call.principal.sees_costs else update.public)
