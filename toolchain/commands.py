"""The commands behind the Makefile's targets `setup` and `livekit-server`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from toolchain.cache import exclusive
from toolchain.command import SetupFailure
from toolchain.layout import Layout
from toolchain.livekit_server import ensure_livekit_server
from toolchain.pulumi_binaries import ensure_pulumi
from toolchain.virtual_environment import ensure_virtual_environment


def say(line: str) -> None:
    """Tell the operator how far the work is. Standard output holds results alone."""
    print(line, file=sys.stderr, flush=True)


def setup(layout: Layout) -> None:
    """Make .venv, .tools/bin and .tools/env.sh, as far as they are not there."""
    with exclusive(layout.tools / "setup.lock"):
        ensure_virtual_environment(layout, say)
        ensure_pulumi(layout, say)


def livekit_server(layout: Layout) -> None:
    """Print the path of LiveKit's server, built if need be."""
    print(ensure_livekit_server(layout, say))


COMMANDS = {"setup": setup, "livekit-server": livekit_server}


def main() -> int:
    """Run the command that the command line names; give the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m toolchain", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args().command]
    try:
        command(Layout.of(Path(__file__).parent.parent))
    except SetupFailure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    return 0
