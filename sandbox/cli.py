"""`trunkline sandbox`: serve a sandbox until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sandbox.credentials import environment
from sandbox.server import LOOPBACK, SandboxServer
from sandbox.world import Sandbox


class _Parser(argparse.ArgumentParser):
    """Exits with 1 where the arguments are wrong, as all of `trunkline` does: 2 means changes or findings there."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.format_usage()}{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    made = _Parser(
        prog="trunkline sandbox",
        description="Serve emulators of the carriers and of LiveKit SIP on one local port, until interrupted.",
    )
    made.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    made.add_argument("--host", default="127.0.0.1", choices=sorted(LOOPBACK), help="a loopback address")
    made.add_argument("--state", type=Path, metavar="FILE", help="keep the state in FILE, over restarts too")
    made.add_argument("--seed", type=int, default=0, help="another seed gives other ids")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Serve and print the settings to export. Gives 0 after SIGINT or SIGTERM, 1 when it cannot start."""
    options = parser().parse_args(argv)
    try:
        server = SandboxServer(Sandbox(options.seed), options.host, options.port, options.state)
    except (OSError, ValueError, OverflowError) as error:
        print(f"trunkline sandbox: cannot serve on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with server:
        for name, value in environment(server.url).items():
            print(f"export {name}={value}", flush=True)
        stopped.wait()
    return 0
