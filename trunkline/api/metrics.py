"""Counters in Prometheus's text format (version 0.0.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0)  # seconds

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Metrics:
    """What this process has answered since it started. `route` is a route's template, never a path."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._slower: Counter[tuple[str, int]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._count: Counter[str] = Counter()

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in _METHODS else "OTHER"
        self._requests[route, method, status] += 1
        self._count[route] += 1
        self._seconds[route] += seconds
        for index, bound in enumerate(_BUCKETS):
            if seconds <= bound:
                self._slower[route, index] += 1
                break

    def text(self, gauges: dict[str, tuple[str, float]]) -> bytes:
        """Give all metrics; `gauges` are further ones by name, each with its help text and value."""
        return ("\n".join([*self._lines(), *_gauges(gauges)]) + "\n").encode()

    def _lines(self) -> Iterator[str]:
        yield "# HELP trunkline_http_requests_total Requests answered."
        yield "# TYPE trunkline_http_requests_total counter"
        for (route, method, status), count in sorted(self._requests.items()):
            yield f'trunkline_http_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}'
        yield "# HELP trunkline_http_request_seconds Time to answer."
        yield "# TYPE trunkline_http_request_seconds histogram"
        for route in sorted(self._count):
            below = 0
            for index, bound in enumerate(_BUCKETS):
                below += self._slower[route, index]
                yield f'trunkline_http_request_seconds_bucket{{route="{route}",le="{bound}"}} {below}'
            yield f'trunkline_http_request_seconds_bucket{{route="{route}",le="+Inf"}} {self._count[route]}'
            yield f'trunkline_http_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
            yield f'trunkline_http_request_seconds_count{{route="{route}"}} {self._count[route]}'


def _gauges(gauges: dict[str, tuple[str, float]]) -> Iterator[str]:
    for name, (help, value) in gauges.items():
        yield f"# HELP {name} {help}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {value:g}"
