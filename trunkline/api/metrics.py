"""What Prometheus is told of this process: its requests, what it serves, and the process itself."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

MEDIA = CONTENT_TYPE_PLAIN_0_0_4
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0)  # seconds

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

# A counter's start is of no use in this format, and doubles its lines.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """What this process has answered since it started. `route` is a route's template, never a path."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "trunkline_http_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "trunkline_http_request_seconds", "Time to answer.", ("route",), buckets=_BUCKETS, registry=registry
        )
        self._closed = Counter(
            "trunkline_connections_closed",
            "Connections that were closed on whoever held them too long.",
            ("reason",),
            registry=registry,
        )
        # What counts each sort of request, found once.
        self._counts: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        sort = route, method if method in _METHODS else "OTHER", status
        if (counts := self._counts.get(sort)) is None:
            counts = self._requests.labels(*map(str, sort)), self._seconds.labels(route)
            self._counts[sort] = counts
        requests, times = counts
        requests.inc()
        times.observe(seconds)

    def close(self, reason: str) -> None:
        """Count one connection that was closed on its client."""
        self._closed.labels(reason).inc()

    def text(self, now: Iterable[Metric]) -> bytes:
        """Give all metrics; `now` are further ones, as they are at this moment."""
        return generate_latest(_Together(self._registry, now))


class _Together(Collector):
    def __init__(self, counted: CollectorRegistry, now: Iterable[Metric]) -> None:
        self._counted, self._now = counted, now

    def collect(self) -> Iterable[Metric]:
        return chain(self._counted.collect(), self._now)
