"""`trunkline serve`: the read-only API over one stack or several."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from trunkline.cli.command import Command, run
from trunkline.cli.options import stacks
from trunkline.errors import Refusal
from trunkline.extras import needed

_EPILOG = """\
examples:
  trunkline serve --stack prod
  trunkline serve --stack eu --stack us                       both as one, each below /stacks/ too
  trunkline serve --stack prod --host 0.0.0.0 --port 80       with authentication configured

exit codes: 0 told to stop, 1 error
"""
BACKLOG = 256
"""Connections that wait to be taken."""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Serve until told to stop, and give 0. Raises TrunklineError where that cannot begin."""
    return run(command, argv, environ)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise Refusal(f"--port: {text!r} is no port. Nothing was started. Give a number from 0 to 65535.")
    return int(text)


@click.command(
    "serve", cls=Command, epilog=_EPILOG, help="Serve the read-only API over one stack, or over several as one."
)
@stacks
@click.option("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
@click.option(
    "--port", type=_port, default="8080", metavar="PORT", help="port to listen on, 0 for a free one (default 8080)"
)
@click.pass_obj
def command(environ: Mapping[str, str], stacks: Sequence[str], cwd: Path, host: str, port: int) -> int:
    """Do what `main` says."""
    # Imported late: the server's libraries take 0.3 s that no other command should pay.
    with needed("api", "`trunkline serve`"):
        from trunkline.api.metrics import Metrics
        from trunkline.api.server import run
        from trunkline.api.serving import EXPLAIN, SEARCH, build, check_key_set, log_to_stderr, plugged
        from trunkline.api.settings import ApiSettings
    from trunkline.state.opening import require_stacks

    settings = ApiSettings.load(environ, stacks=stacks, folder=cwd)
    check_address(host, settings.authenticates)
    require_stacks(settings.addresses)
    check_key_set(settings)
    sockets = listen(host, port)
    log_to_stderr()
    if not settings.authenticates:
        _tell("No authentication is configured, so all but /healthz, /readyz and /docs is refused.")
    metrics = Metrics()
    app = build(settings, plugged(SEARCH, environ), plugged(EXPLAIN, environ), metrics)
    shown = f"[{host}]" if ":" in host else host
    names = ", ".join(address.stack for address in settings.addresses)
    what = f"stack {names}" if len(settings.addresses) == 1 else f"stacks {names}"
    serving = f"Serving {what} on http://{shown}:{sockets[0].getsockname()[1]}"
    run(app, sockets, settings.proxies, metrics.close, lambda: _tell(serving))
    return 0


def _tell(line: str) -> None:
    """Tell something beside the log: the file or pipe that takes both may be full, which stops no server."""
    logging.getLogger("trunkline.serve").info("%s", line)


def listen(host: str, port: int) -> list[socket.socket]:
    """Give sockets that listen on every address of a host; with port 0 on a free port. Raises Refusal.

    This is done first of all, so that a port that is taken is told before anything is started.
    """
    sockets: list[socket.socket] = []
    unknown: OSError | None = None
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, *_, address in sorted(set(found)):
            try:
                sockets.append(_listening(family, (address[0], port, *address[2:])))
                port = sockets[0].getsockname()[1]
            except OSError as error:
                # A name may have an address of a family that this machine does not have, beside one that it has.
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                unknown = error
        if not sockets and unknown is not None:
            raise unknown
    except OSError as error:
        for one in sockets:
            one.close()
        raise Refusal(
            f"{host}:{port}: this address cannot be listened on: {error.strerror or error}. Nothing was started."
            " Stop what listens there, or choose another --host or --port."
        ) from None
    return sockets


def _listening(family: int, address: tuple[object, ...]) -> socket.socket:
    # The protocol is named, since asyncio looks for it before it sends small parts at once: without, each answer of two
    # parts waits up to 40 ms for an acknowledgement of the first.
    one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        one.listen(BACKLOG)
    except OSError:
        one.close()
        raise
    return one


def check_address(host: str, authenticates: bool) -> None:
    """Raise Refusal where others could reach a server that asks nobody who they are."""
    if authenticates or _is_loopback(host):
        return
    raise Refusal(
        f"{host} can be reached from outside, and no authentication is configured. Nothing was started."
        " Create a key with `trunkline keys create --role viewer --name NAME`, or set TRUNKLINE_JWT_SECRET or"
        " TRUNKLINE_JWKS; or leave --host at 127.0.0.1."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
