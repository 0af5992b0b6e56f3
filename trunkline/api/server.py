"""uvicorn as `trunkline serve` runs it: bounded, silent, and saying when it serves."""

from __future__ import annotations

import resource
import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from trunkline.api.connections import Connections, Limits, protocol
from trunkline.api.proxies import Proxies

_OTHER_FILES = 64  # that a server has open besides its connections
_LAST_ANSWERS = 10  # seconds that answers under way may take after the word to stop


def _total() -> int:
    """Give how many connections there may be: each is an open file, of which some systems allow 256."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return Limits().total
    return max(1, min(Limits().total, allowed - _OTHER_FILES))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, serving: Callable[[], None]) -> None:
        super().__init__(config)
        self._serving = serving

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, or give up the answers under way at a second Ctrl-C. uvicorn's own ends the process by the signal."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._serving()


def run(
    app: ASGIApp,
    sockets: Sequence[socket.socket],
    proxies: Proxies,
    closed: Callable[[str], None],
    serving: Callable[[], None],
) -> None:
    """Serve on sockets until told to stop.

    Heads that tell a client's address are believed from `proxies` alone. `closed` is told each connection that was
    closed on its client, and `serving` is called once, when requests are answered.
    """
    config = uvicorn.Config(
        app,
        http=protocol(Connections(Limits(proxies=proxies, total=_total()), closed)),
        ws="none",
        lifespan="on",
        access_log=False,  # the API writes its own, without tokens
        server_header=False,
        log_level="warning",
        proxy_headers=bool(proxies.names),
        forwarded_allow_ips=proxies.names,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )
    _Server(config, serving).run(list(sockets))
