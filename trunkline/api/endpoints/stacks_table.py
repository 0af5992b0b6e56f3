"""The table of endpoints over several stacks."""

from __future__ import annotations

from collections.abc import Iterable

from trunkline.api import metrics
from trunkline.api import query as queries
from trunkline.api.auth.principal import Role
from trunkline.api.endpoint import Endpoint
from trunkline.api.endpoints import formats, stacks, stacks_views

# What is of no stack: the same endpoint as where one stack is served.
_OF_NO_STACK = ("/sip/search-numbers", "/carriers", "/keys", "/access", "/healthz")


def over_stacks(table: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Give the endpoints of a server over several stacks. `table` are those of one stack's server."""
    return (
        *(endpoint for endpoint in table if endpoint.path in _OF_NO_STACK),
        Endpoint(
            path=stacks.ROOT,
            summary="The stacks, and what is served of each",
            answer=stacks.many,
            role=Role.VIEWER,
            response=stacks_views.Stacks,
            fresh=True,
        ),
        Endpoint(
            path="/sip",
            summary="The lines of all stacks: filtered, sorted, paged",
            answer=stacks.every_line,
            role=Role.VIEWER,
            query=queries.StacksLinesQuery,
            response=stacks_views.StacksLines,
            media=tuple(media.partition(";")[0] for media in formats.MEDIA.values()),
            problems=("cursor-invalid", "not-acceptable"),
        ),
        Endpoint(
            path="/sip/{id}",
            summary="One line, where one stack alone has it",
            answer=stacks.one_line,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StackLine,
            problems=("not-found", "ambiguous"),
            parameters={"id": "a line's name, E.164 number or vendor's id"},
        ),
        Endpoint(
            path="/agents",
            summary="Who answers what in which stack, and agents with no number",
            answer=stacks.agents,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StacksAgents,
        ),
        Endpoint(
            path="/summary",
            summary="Counts over the stacks, and their monthly cost",
            answer=stacks.summary,
            role=Role.VIEWER,
            query=queries.StacksQuery,
            response=stacks_views.StacksSummary,
        ),
        Endpoint(
            path="/audit",
            summary="Findings of all stacks, each with a stable code",
            answer=stacks.findings,
            role=Role.DEVELOPER,
            query=queries.StacksAuditQuery,
            response=stacks_views.StacksAudit,
        ),
        Endpoint(
            path="/reader",
            summary="Who reads, and of which stacks",
            answer=stacks.reader,
            role=Role.VIEWER,
            response=stacks_views.StacksReader,
            fresh=True,
        ),
        Endpoint(
            path="/metrics",
            summary="Counters for Prometheus, by stack",
            answer=stacks.metrics,
            role=Role.VIEWER,
            media=(metrics.MEDIA.partition(";")[0],),
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/readyz",
            summary="What is served of each stack, and how old it is; 503 before the first version of any",
            answer=stacks.ready,
            role=None,
            response=stacks_views.StacksReady,
            fresh=True,
            probe=True,
        ),
    )
