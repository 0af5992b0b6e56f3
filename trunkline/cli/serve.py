"""`trunkline serve`: the read-only API over a stack."""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from trunkline.cli.parser import Parser
from trunkline.errors import Refusal


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Serve until told to stop. Gives 0, or 1 where the port cannot be had. Raises TrunklineError for bad settings."""
    arguments = _parser().parse_args(argv)
    # Imported late: the server's libraries take 0.3 s that no other command should pay.
    import uvicorn

    from trunkline.api import plugs
    from trunkline.api.serving import build, log_to_stderr
    from trunkline.api.settings import ApiSettings

    settings = ApiSettings.load(environ, stack=arguments.stack, folder=Path(arguments.cwd))
    check_address(arguments.host, settings.authenticates)
    log_to_stderr()
    if not settings.authenticates:
        print("No authentication is configured, so all but /healthz, /readyz and /docs is refused.", file=sys.stderr)
    app = build(settings, plugs.load(plugs.SEARCH, environ), plugs.load(plugs.EXPLAIN, environ))
    config = uvicorn.Config(
        app,
        host=arguments.host,
        port=arguments.port,
        lifespan="on",
        access_log=False,  # the API writes its own, without tokens
        server_header=False,
        log_level="warning",
        # Bounds on what slow or many clients can hold.
        limit_concurrency=1000,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=30,
    )
    server = uvicorn.Server(config)
    print(f"Serving stack {settings.address.stack} on http://{arguments.host}:{arguments.port}", file=sys.stderr)
    server.run()
    return 0 if server.started else 1


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


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="trunkline serve", description="Serve the read-only API over a stack.")
    parser.add_argument(
        "--stack", default="", help="STACK or organization/PROJECT/STACK (default TRUNKLINE_STACK, else PULUMI_STACK)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default %(default)s)")
    parser.add_argument("--cwd", default=".", help="folder of Pulumi.yaml (default the current one)")
    return parser
