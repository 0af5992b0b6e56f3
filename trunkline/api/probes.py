"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

from dataclasses import replace

from trunkline.api.endpoint import Call
from trunkline.api.metrics import MEDIA
from trunkline.api.reply import Reply


def alive(call: Call) -> Reply:
    """The process answers."""
    return Reply.json({"state": "alive"})


def ready(call: Call) -> Reply:
    """Say what is served, and how old it is.

    It stays 200 while the last good version is served, for an old answer is better than none; 503 before the first.
    """
    feed, auth = call.service.feed, call.service.auth
    publication = None if feed.snapshot is None else feed.snapshot.publication
    age = feed.age()
    state = "starting" if publication is None else "stale" if feed.status.fault else "ready"
    reply = Reply.json(
        {
            "state": state,
            "version": publication and publication.version,
            "ageSeconds": None if age is None else round(age, 1),
            "updated": publication and (publication.updated or None),
            "lastUpdate": publication and (publication.result or None),
            "updating": feed.status.updating,
            "fault": feed.status.fault,
            "unlistedLines": len(publication.unlisted) if publication else 0,
            "divergedLines": len(publication.diverged) if publication else 0,
            "keysReadable": auth.keys is None or not auth.keys.broken,
        }
    )
    return replace(reply, status=503 if publication is None else 200)


def metrics(call: Call) -> Reply:
    """Give the counters of this process and the age of what it serves."""
    feed = call.service.feed
    gauges = {
        "trunkline_reloads_total": ("Versions taken over.", float(feed.reloads)),
        "trunkline_backend_fault": ("1 while the backend gives no good answer.", float(bool(feed.status.fault))),
        "trunkline_lines": ("Lines served.", float(len(feed.snapshot.index.rows)) if feed.snapshot else 0.0),
    }
    age = feed.age()
    if age is not None:
        gauges["trunkline_age_seconds"] = ("Since this was last known to be the current version.", round(age, 3))
    return Reply(body=call.service.metrics.text(gauges), media=MEDIA)
