"""What the endpoints work with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from trunkline.api.access import AccessLog
from trunkline.api.auth.auth import Auth
from trunkline.api.auth.throttle import Throttle
from trunkline.api.metrics import Metrics
from trunkline.api.served.archive import Archive
from trunkline.api.served.feed import Feed
from trunkline.api.served.together import Together
from trunkline.offers import Search


class Explain(Protocol):
    """The call model: says as a JSON object what happens to a call.

    `lines` are the lines' JSON objects as in the outputs, `to` the number dialled, `caller` E.164, "anonymous" or "".
    """

    def __call__(self, lines: Sequence[Mapping[str, Any]], to: str, caller: str, /) -> Mapping[str, Any]: ...


@dataclass(kw_only=True)
class Service:
    """One server's parts. `monotonic` measures, `now` dates (seconds of the Unix time), `new_id` names requests.

    `feed` is what one stack's server follows, or several stacks together. Below `base` it is served, "" where it stands
    alone.
    """

    feed: Feed | Together
    auth: Auth
    new_id: Callable[[], str]
    search: Search | None = None
    explain: Explain | None = None
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    metrics: Metrics = field(default_factory=Metrics)
    access: AccessLog = field(default_factory=AccessLog)
    searches: Throttle = field(default_factory=lambda: Throttle(burst=10, every=6.0, clock=time.monotonic))
    stack: str = ""
    """The stack's whole name, for people."""
    base: str = ""
    build: str = "dev"
    """The version of this program; two of them may give one state different bodies."""
    archive: Archive = field(init=False)
    """Older versions of one stack; several together have none."""

    def __post_init__(self) -> None:
        if isinstance(self.feed, Feed):
            self.archive = Archive(self.feed, Throttle(burst=30, every=1.0, clock=self.monotonic))
