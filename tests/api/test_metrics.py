"""What Prometheus is told: the names that dashboards know, and the process itself."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.api.serving import client
from tests.support.waiting import until
from trunkline.api.auth.principal import Role
from trunkline.api.metrics import Metrics

OURS = {
    "trunkline_http_requests": "counter",
    "trunkline_http_request_seconds": "histogram",
    "trunkline_connections_closed": "counter",
    "trunkline_reloads": "counter",
    "trunkline_backend_fault": "gauge",
    "trunkline_update_killed": "gauge",
    "trunkline_lines": "gauge",
    "trunkline_age_seconds": "gauge",
    "trunkline_keys_readable": "gauge",
    "trunkline_key_set_readable": "gauge",
    "trunkline_log_lines_lost": "counter",
}
PROCESS = {
    "process_cpu_seconds",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_start_time_seconds",
    "process_open_fds",
    "process_max_fds",
}


def samples(text: str) -> dict[str, float]:
    """Give each sample's value by its name and labels."""
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_metric_has_its_name_and_kind_and_the_process_is_among_them(viewer: httpx.Client) -> None:
    answer = viewer.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {family.name: family.type for family in text_string_to_metric_families(answer.text)}
    assert {name: kind for name, kind in families.items() if name.startswith("trunkline_")} == OURS
    assert families.keys() >= PROCESS
    assert "_created" not in answer.text
    values = samples(answer.text)
    assert (values["trunkline_lines[]"], values["trunkline_reloads_total[]"]) == (3.0, 1.0)
    assert (values["trunkline_backend_fault[]"], values["trunkline_keys_readable[]"]) == (0.0, 1.0)
    assert values["process_resident_memory_bytes[]"] > 1 << 20


def test_requests_are_counted_by_route_method_and_status(url: str) -> None:
    name = "trunkline_http_requests_total[('method', '{}'), ('route', '{}'), ('status', '{}')]"
    read, odd = name.format("GET", "/sip/{id}", 404), name.format("OTHER", "/agents", 405)
    with client(url, Role.VIEWER) as api:

        def now() -> dict[str, float]:
            return samples(api.get("/metrics").text)

        before = now()
        api.get("/sip/nobody-1")
        api.get("/sip/nobody-2")
        api.request("PROPFIND", "/agents")
        until(lambda: now().get(odd, 0.0) - before.get(odd, 0.0) == 1.0)
        after = now()
    assert after[read] - before.get(read, 0.0) == 2.0
    count = "trunkline_http_request_seconds_count[('route', '/sip/{id}')]"
    assert after[count] - before.get(count, 0.0) == 2.0


def test_a_buckets_bound_is_written_as_before() -> None:
    metrics = Metrics()
    metrics.observe("/sip", "GET", 200, 0.03)
    text = metrics.text(()).decode()
    bounds = [line.partition('le="')[2].partition('"')[0] for line in text.splitlines() if "_bucket{" in line]
    assert bounds == ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1.0", "10.0", "+Inf"]


def test_two_servers_of_one_process_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()
    one.observe("/sip", "GET", 200, 0.01)
    assert 'route="/sip"' in one.text(()).decode()
    assert 'route="/sip"' not in other.text(()).decode()
