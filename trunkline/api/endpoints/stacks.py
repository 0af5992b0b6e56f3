"""What is asked of several stacks as one. All that is of one stack is asked of that, below `/stacks/{stack}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace
from prometheus_client.metrics_core import Metric

from trunkline.api import query as queries
from trunkline.api.auth.principal import Role
from trunkline.api.endpoint import Call, Endpoint, Lost
from trunkline.api.endpoints import formats, lines, operators, stacks_views
from trunkline.api.metrics import MEDIA
from trunkline.api.problem import ApiProblem
from trunkline.api.query import StacksAuditQuery, StacksLinesQuery, StacksQuery
from trunkline.api.reply import Reply
from trunkline.api.served.together import Whole
from trunkline.outputs import to_json
from trunkline.quoting import quote

ROOT = "/stacks"
"""Below it each stack stands, as a server of that stack alone would answer."""
_HINT = (
    "no endpoint has this path; history, explain, an agent's numbers and at= are asked of one stack, below"
    f" {ROOT}/STACK: see /openapi.json and {ROOT}"
)
_JSON_PAGE = 100
_NAMED = 10  # stacks in one sentence
_COSTS = ("monthlyCost", "unknownCost")


def many(call: Call) -> Reply:
    """Give the stacks, and what is served of each."""
    return Reply.json(
        {"stacks": [_served(call, stack) | {"lines": _count(call, stack)} for stack in call.stacks.feeds]}
    )


def every_line(call: Call) -> Reply:
    """Give the lines of all stacks that fit."""
    query: StacksLinesQuery = call.query
    whole = _asked(call, query)
    format = formats.choose(query.format, call.headers.get(b"accept", b"").decode("latin-1"), query.spreadsheet)
    page = whole.page(
        lines.wanted(query),
        sort=query.sort.removeprefix("-"),
        descending=query.sort.startswith("-"),
        after=lines.position(query),
        limit=query.limit or (_JSON_PAGE if format == "json" else None),
    )
    missing = b',"missing":' + json.dumps(whole.missing).encode()
    return _headed(lines.reply(call, page, format, missing, stacked=True), whole)


def one_line(call: Call) -> Reply:
    """Give the line of this name, number or vendor's id, where one stack alone has it."""
    id, whole = call.path["id"], _asked(call, call.query)
    found = whole.find(id)
    if len(found) == 1:
        return _headed(Reply(body=found[0].json(priced=call.principal.sees_costs, stacked=True)), whole)
    if found:
        names = [f"{row.stack}/{row.id}" for row in found]
        detail = f"{len(names)} lines have this id; add stack=, or ask {ROOT}/STACK/sip for one by name"
        raise ApiProblem("ambiguous", detail, more={"lines": names})
    raise ApiProblem("not-found", f"no line has this name, number or vendor's id; see /sip{_but(whole)}")


def agents(call: Call) -> Reply:
    """Give every agent with its stack and the names of its lines there."""
    whole = _asked(call, call.query)
    every = [(stack, agent) for stack, part in whole.parts.items() for agent in part.publication.agents]
    unused = [f"{stack}/{agent.id}" for stack, agent in every if not agent.lines]
    return _told({"agents": [{"stack": stack} | to_json(agent) for stack, agent in every], "unused": unused}, whole)


def summary(call: Call) -> Reply:
    """Give the counts over the stacks, and the cost to those who may see it."""
    whole, sees_costs = _asked(call, call.query), call.principal.sees_costs
    return _told({name: value for name, value in whole.summary().items() if sees_costs or name not in _COSTS}, whole)


def findings(call: Call) -> Reply:
    """Give the findings over what is served, each with its stack."""
    query: StacksAuditQuery = call.query
    whole = _asked(call, query)
    found = [
        {"stack": stack} | finding.to_json()
        for stack, part in whole.parts.items()
        for finding in part.publication.findings
        if query.code in ("", finding.code) and query.severity in ("", finding.severity)
    ]
    return _told({"findings": found}, whole)


def reader(call: Call) -> Reply:
    """Say who reads, and of which stacks."""
    who = call.principal
    return Reply.json(
        {"stacks": [*call.stacks.feeds], "name": who.name, "role": who.role.value, "via": who.via, "stack": ""}
    )


def ready(call: Call) -> Reply:
    """Say what is served of all stacks together and of each: 503 before the first version of any."""
    together, every = call.stacks, [_served(call, stack) for stack in call.stacks.feeds]
    whole, age, status = together.snapshot, together.age(), together.status
    states = {one["state"] for one in every}
    is_stale = not states.isdisjoint(("stale", "starting"))
    document = {
        "state": "starting" if whole is None else "stale" if is_stale else operators.state_of(status),
        "version": whole and whole.version,
        "ageSeconds": None if age is None else round(age, 1),
        "updated": max((one["updated"] for one in every if one["updated"]), default=None),
        "lastUpdate": _gravest([one["lastUpdate"] for one in every]),
        **operators.of_updates(status),
        "fault": status.fault,
        "unlistedLines": sum(one["unlistedLines"] for one in every),
        "divergedLines": sum(one["divergedLines"] for one in every),
    }
    return operators.probed(document | operators.doors(call) | {"stacks": every})


def metrics(call: Call) -> Reply:
    """Give the counters of this process, and what it serves of each stack at this moment."""
    return Reply(body=call.service.metrics.text(_now(call)), media=MEDIA)


def _now(call: Call) -> Iterator[Metric]:
    yield from operators.followed([([stack], feed) for stack, feed in call.stacks.feeds.items()], ["stack"])
    yield from operators.doors_now(call)
    yield from operators.log_now()


def _asked(call: Call, query: StacksQuery) -> Whole:
    """Give the stacks that a request is of. Raises ApiProblem for one that is not served, or is not read yet."""
    unknown = [stack for stack in query.stack if stack not in call.stacks.feeds]
    if unknown:
        errors = [{"parameter": "stack", "detail": _unknown(unknown[0], [*call.stacks.feeds])}]
        raise ApiProblem("query-invalid", "see `errors` for each parameter", more={"errors": errors})
    return call.whole.of(query.stack)


def no_stack(stacks: Sequence[str]) -> Lost:
    """Give what says of a path that nothing has why: no stack has that name, or it is asked of one stack.

    The stacks are no secret: `/readyz` tells everyone of each.
    """

    def lost(path: str) -> ApiProblem:
        root, _, below = path.partition(f"{ROOT}/")
        name = below.partition("/")[0]
        if root or not name or name in stacks:
            return ApiProblem("not-found", _HINT)
        return ApiProblem("not-found", _unknown(name, stacks), more={"stacks": [*stacks]})

    return lost


def _unknown(name: str, stacks: Sequence[str]) -> str:
    shown, more = ", ".join(stacks[:_NAMED]), len(stacks) - _NAMED
    return f"no stack {quote(name)} is served; served are {shown}{f' and {more} more' if more > 0 else ''}: see {ROOT}"


def _told(document: dict[str, Any], whole: Whole) -> Reply:
    return _headed(Reply.json(document | {"missing": whole.missing}), whole)


def _headed(reply: Reply, whole: Whole) -> Reply:
    """Name in the head the stacks that an answer lacks, since they could not be read yet."""
    if not whole.missing:
        return reply
    return replace(reply, headers=(*reply.headers, (b"trunkline-missing-stacks", " ".join(whole.missing).encode())))


def _but(whole: Whole) -> str:
    return f". Not read yet: {', '.join(whole.missing)}" if whole.missing else ""


def _served(call: Call, stack: str) -> dict[str, Any]:
    return {"stack": stack} | operators.served(call.stacks.feeds[stack])


def _count(call: Call, stack: str) -> int | None:
    snapshot = call.stacks.feeds[stack].snapshot
    return None if snapshot is None else len(snapshot.index.rows)


def _gravest(results: Sequence[str | None]) -> str | None:
    return "failed" if "failed" in results else next((result for result in results if result), None)


# What is of no stack: the same endpoint as where one stack is served.
_OF_NO_STACK = ("/sip/search-numbers", "/carriers", "/keys", "/access", "/healthz")


def over_stacks(table: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Give the endpoints of a server over several stacks. `table` are those of one stack's server."""
    return (
        *(endpoint for endpoint in table if endpoint.path in _OF_NO_STACK),
        Endpoint(
            path=ROOT,
            summary="The stacks, and what is served of each",
            answer=many,
            role=Role.VIEWER,
            response=stacks_views.Stacks,
            fresh=True,
        ),
        Endpoint(
            path="/sip",
            summary="The lines of all stacks: filtered, sorted, paged",
            answer=every_line,
            role=Role.VIEWER,
            query=queries.StacksLinesQuery,
            response=stacks_views.StacksLines,
            media=tuple(media.partition(";")[0] for media in formats.MEDIA.values()),
            problems=("cursor-invalid", "not-acceptable"),
        ),
        Endpoint(
            path="/sip/{id}",
            summary="One line, where one stack alone has it",
            answer=one_line,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StackLine,
            problems=("not-found", "ambiguous"),
            parameters={"id": "a line's name, E.164 number or vendor's id"},
        ),
        Endpoint(
            path="/agents",
            summary="Who answers what in which stack, and agents with no number",
            answer=agents,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StacksAgents,
        ),
        Endpoint(
            path="/summary",
            summary="Counts over the stacks, and their monthly cost",
            answer=summary,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StacksSummary,
        ),
        Endpoint(
            path="/audit",
            summary="Findings of all stacks, each with a stable code",
            answer=findings,
            role=Role.DEVELOPER,
            query=queries.StacksAuditQuery,
            response=stacks_views.StacksAudit,
        ),
        Endpoint(
            path="/reader",
            summary="Who reads, and of which stacks",
            answer=reader,
            role=Role.VIEWER,
            response=stacks_views.StacksReader,
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/metrics",
            summary="Counters for Prometheus, by stack",
            answer=metrics,
            role=Role.VIEWER,
            media=(MEDIA.partition(";")[0],),
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/readyz",
            summary="What is served of each stack, and how old it is; 503 before the first version of any",
            answer=ready,
            role=None,
            response=stacks_views.StacksReady,
            fresh=True,
            probe=True,
        ),
    )
