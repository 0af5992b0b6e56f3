"""The table of endpoints. Routes, permissions, the OpenAPI document and the tests' matrix are all made from it.

A path without parameters goes before one with some: `/sip/search-numbers` is no line's.
"""

from __future__ import annotations

from collections.abc import Callable

from trunkline.api import metrics
from trunkline.api import query as queries
from trunkline.api.auth.principal import Role
from trunkline.api.endpoint import Endpoint
from trunkline.api.endpoints import agents, formats, history, lines, operators, views
from trunkline.api.endpoints.searching import Searching

_THEN = ("not-on-record", "too-many-requests", "backend-slow")
_ID = {"id": "a line's name, E.164 number or vendor's id"}


def endpoints(clock: Callable[[], float]) -> tuple[Endpoint, ...]:
    """Give the endpoints of one server."""
    return (
        Endpoint(
            path="/sip/search-numbers",
            summary="Numbers on offer at the carrier, with price",
            answer=Searching(clock),
            role=Role.DEVELOPER,
            query=queries.SearchQuery,
            response=views.Offers,
            fresh=True,
            problems=("not-configured", "too-many-requests", "carrier-failed", "carrier-slow"),
        ),
        Endpoint(
            path="/sip/{id}/history",
            summary="The updates that changed one line, newest first",
            answer=history.of_line,
            role=Role.VIEWER,
            response=views.LineHistory,
            grows=True,
            problems=("not-found",),
            parameters=_ID,
        ),
        Endpoint(
            path="/sip/{id}",
            summary="One line",
            answer=lines.one,
            role=Role.VIEWER,
            query=queries.ThenQuery,
            response=views.LineThen,
            problems=("not-found", "ambiguous", *_THEN),
            parameters=_ID,
        ),
        Endpoint(
            path="/sip",
            summary="All lines: filtered, sorted, paged, now or then",
            answer=lines.many,
            role=Role.VIEWER,
            query=queries.LinesQuery,
            response=views.Lines,
            media=tuple(media.partition(";")[0] for media in formats.MEDIA.values()),
            problems=("cursor-invalid", "not-acceptable", *_THEN),
        ),
        Endpoint(
            path="/agents",
            summary="Who answers what, and agents with no number",
            answer=agents.many,
            role=Role.VIEWER,
            query=queries.ThenQuery,
            response=views.Agents,
            problems=_THEN,
        ),
        Endpoint(
            path="/agents/{id}/numbers",
            summary="One agent's lines",
            answer=agents.numbers,
            role=Role.VIEWER,
            query=queries.ThenQuery,
            response=views.AgentLines,
            problems=("not-found", *_THEN),
            parameters={"id": "an agent's key in the inventory"},
        ),
        Endpoint(
            path="/summary",
            summary="Counts of the fleet, and its monthly cost",
            answer=agents.summary,
            role=Role.VIEWER,
            query=queries.ThenQuery,
            response=views.SummaryView,
            problems=_THEN,
        ),
        Endpoint(
            path="/carriers",
            summary="What a line's provider can be, and what people call it",
            answer=agents.carriers,
            role=Role.VIEWER,
            response=views.Carriers,
            fresh=True,
        ),
        Endpoint(
            path="/history",
            summary="The stack's updates, newest first",
            answer=history.many,
            role=Role.VIEWER,
            query=queries.HistoryQuery,
            response=views.History,
            grows=True,
            problems=("not-found",),
        ),
        Endpoint(
            path="/history/{update}",
            summary="One update, with what it changed for each line",
            answer=history.one,
            role=Role.VIEWER,
            response=views.UpdateDetail,
            grows=True,
            problems=("not-found", "too-many-requests", "backend-slow"),
            parameters={"update": "an update's id"},
        ),
        Endpoint(
            path="/audit",
            summary="Findings, each with a stable code",
            answer=history.findings,
            role=Role.DEVELOPER,
            query=queries.AuditQuery,
            response=views.Audit,
        ),
        Endpoint(
            path="/explain",
            summary="What happens to a call",
            answer=lines.explain,
            role=Role.DEVELOPER,
            query=queries.ExplainQuery,
            response=views.Explanation,
            problems=("not-configured", *_THEN),
        ),
        Endpoint(
            path="/reader",
            summary="Who reads, and of which stack",
            answer=operators.reader,
            role=Role.VIEWER,
            response=views.Reader,
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/keys",
            summary="The API keys, without what opens a door",
            answer=operators.keys,
            role=Role.ADMIN,
            response=views.Keys,
            fresh=True,
        ),
        Endpoint(
            path="/access",
            summary="The latest accesses of this replica",
            answer=operators.accesses,
            role=Role.ADMIN,
            response=views.Accesses,
            fresh=True,
        ),
        Endpoint(
            path="/metrics",
            summary="Counters for Prometheus",
            answer=operators.metrics,
            role=Role.VIEWER,
            media=(metrics.MEDIA.partition(";")[0],),
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/healthz",
            summary="Whether the process answers",
            answer=operators.alive,
            role=None,
            response=views.Alive,
            fresh=True,
            probe=True,
        ),
        Endpoint(
            path="/readyz",
            summary="What is served, and how old it is; 503 before the first version",
            answer=operators.ready,
            role=None,
            response=views.Ready,
            fresh=True,
            probe=True,
        ),
    )
