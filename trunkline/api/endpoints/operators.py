"""What is asked of the server itself: `/healthz`, `/readyz`, `/metrics`, `/reader`, `/keys` and `/access`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import asdict, replace
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from trunkline.api.endpoint import Call
from trunkline.api.log import lines_lost
from trunkline.api.metrics import MEDIA
from trunkline.api.reply import Reply
from trunkline.api.served.feed import Feed
from trunkline.state.publication import Status

_LONG = 3600.0  # seconds; no update of a fleet takes so long, so its lock was left by one that was killed


def alive(call: Call) -> Reply:
    """The process answers."""
    return Reply.json({"state": "alive"})


def ready(call: Call) -> Reply:
    """Say what is served, and how old it is.

    It stays 200 while the last good version is served, for an old answer is better than none; 503 before the first.
    """
    return probed(served(call.feed) | doors(call))


def probed(document: dict[str, Any]) -> Reply:
    """Answer a probe: 503 before the first version."""
    return replace(Reply.json(document), status=503 if document["version"] is None else 200)


def served(feed: Feed) -> dict[str, Any]:
    """Say what is served of a stack, and how old it is."""
    publication = None if feed.snapshot is None else feed.snapshot.publication
    age, status = feed.age(), feed.status
    return {
        "state": "starting" if publication is None else state_of(status),
        "version": publication and publication.version,
        "ageSeconds": None if age is None else round(age, 1),
        "updated": publication and (publication.updated or None),
        "lastUpdate": publication and (publication.result or None),
        **of_updates(status),
        "fault": status.fault,
        "unlistedLines": len(publication.unlisted) if publication else 0,
        "divergedLines": len(publication.diverged) if publication else 0,
    }


def state_of(status: Status) -> str:
    """Say in a word what is served: whether it is current, or as it was before an update, or perhaps older."""
    if status.fault or status.killed or _is_old(status):
        return "stale"
    return "updating" if status.updating else "ready"


def of_updates(status: Status) -> dict[str, Any]:
    """Say what is known of an update that holds the stack, or did."""
    return {
        "updating": status.updating,
        "updateKilled": status.killed,
        "updateTraceless": status.traceless,
        "lockSeconds": round(status.held) if status.updating or (status.killed and status.held) else None,
        "lockOld": _is_old(status),
    }


def _is_old(status: Status) -> bool:
    return (status.updating or status.killed) and status.held > _LONG


def doors(call: Call) -> dict[str, Any]:
    """Say whether credentials can be checked."""
    auth = call.service.auth
    return {"keysReadable": auth.keys_readable, "keySetReadable": auth.key_set_readable}


def metrics(call: Call) -> Reply:
    """Give the counters of this process, and what it serves at this moment."""
    return Reply(body=call.service.metrics.text(_now(call)), media=MEDIA)


def keys(call: Call) -> Reply:
    """Give what is kept of each API key, without its hash."""
    known = sorted(call.service.auth.known_keys(), key=lambda key: key.name)
    return Reply.json(
        {"keys": [{"id": key.id, "name": key.name, "role": key.role, "created": key.created} for key in known]}
    )


def accesses(call: Call) -> Reply:
    """Give the latest accesses of this replica."""
    return Reply.json({"accesses": [asdict(access) for access in call.service.access.newest()]})


def reader(call: Call) -> Reply:
    """Say who reads, and of which stack."""
    who = call.principal
    return Reply.json({"stack": call.service.stack, "name": who.name, "role": who.role.value, "via": who.via})


def _now(call: Call) -> Iterator[Metric]:
    yield from followed([((), call.feed)], ())
    yield from doors_now(call)
    yield from log_now()


def followed(feeds: Iterable[tuple[Sequence[str], Feed]], labels: Sequence[str]) -> Iterator[Metric]:
    """Give what is served at this moment: a sample for each feed, with the values of the labels."""
    reloads = CounterMetricFamily("trunkline_reloads", "Versions taken over.", labels=labels)
    faults = GaugeMetricFamily("trunkline_backend_fault", "1 while the backend gives no good answer.", labels=labels)
    killed = GaugeMetricFamily(
        "trunkline_update_killed", "1 after an update that was killed, till one ends.", labels=labels
    )
    lines = GaugeMetricFamily("trunkline_lines", "Lines served.", labels=labels)
    ages = GaugeMetricFamily(
        "trunkline_age_seconds", "Since this was last known to be the current version.", labels=labels
    )
    for named, feed in feeds:
        reloads.add_metric(named, feed.reloads)
        faults.add_metric(named, float(bool(feed.status.fault)))
        killed.add_metric(named, float(feed.status.killed))
        lines.add_metric(named, float(len(feed.snapshot.index.rows) if feed.snapshot else 0))
        age = feed.age()
        if age is not None:
            ages.add_metric(named, round(age, 3))
    yield from (reloads, faults, killed, lines, *([ages] if ages.samples else ()))


def doors_now(call: Call) -> Iterator[Metric]:
    """Give whether credentials can be checked at this moment."""
    auth = call.service.auth
    yield _gauge("trunkline_keys_readable", "0 while the key file cannot be used.", auth.keys_readable)
    yield _gauge("trunkline_key_set_readable", "0 while the key set cannot be read.", auth.key_set_readable)


def log_now() -> Iterator[Metric]:
    """Give what became of the log, of which the accesses are a part."""
    yield CounterMetricFamily("trunkline_log_lines_lost", "Lines of the log that nobody took.", float(lines_lost()))


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help, float(value))
