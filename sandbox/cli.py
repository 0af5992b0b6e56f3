"""`trunkline sandbox`: serve a sandbox until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click

from sandbox.environment import environment
from sandbox.server import LOOPBACK, SandboxServer
from sandbox.world import Sandbox

_EPILOG = """\
examples:
  trunkline sandbox                                   paste what it prints into the shell that runs `pulumi`
  trunkline sandbox --port 8900 --state sandbox.json  the same port and state after a restart

exit codes: 0 told to stop, 1 error
"""


class _Command(click.Command):
    """Shows its epilog as it is written, as all commands of `trunkline` do."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """Give them for whatever context asks first: click keeps what it made of the answer."""
        return ["-h", "--help"]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(f"\n{_EPILOG}")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve and print the settings to export. Gives 0 after SIGINT or SIGTERM, 1 when it cannot start."""
    try:
        with command.make_context("trunkline sandbox", sys.argv[1:] if argv is None else list(argv)) as context:
            code: int = command.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        error.show()
        return 1
    return code


@click.command(
    "sandbox",
    cls=_Command,
    help="Serve emulators of the carriers and of LiveKit SIP on one local port, until interrupted.",
)
@click.option("--port", type=int, default=0, help="the port (default: a free one)")
@click.option("--host", type=click.Choice(sorted(LOOPBACK)), default="127.0.0.1", help="a loopback address")
@click.option(
    "--state", type=click.Path(path_type=Path), metavar="FILE", help="keep the state in FILE, over restarts too"
)
@click.option("--seed", type=int, default=0, help="another seed gives other ids")
def command(port: int, host: str, state: Path | None, seed: int) -> int:
    """Do what `main` says."""
    try:
        server = SandboxServer(Sandbox(seed), host, port, state)
    except (OSError, ValueError, OverflowError) as error:
        print(f"trunkline sandbox: cannot serve on {host}:{port}: {error}", file=sys.stderr)
        return 1
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with server:
        for name, value in environment(server.url).items():
            print(f"export {name}={value}", flush=True)
        stopped.wait()
    return 0
