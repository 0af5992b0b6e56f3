"""Runs the Pulumi program of one deployment: what the language host starts, in the program's own interpreter.

Exit codes: 0 the program ended well; 1 it ended itself; 32 it failed, and the error was shown already;
130 the engine stopped it.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import gc
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import grpc
import pulumi
from pulumi.runtime import Settings, configure, run_in_stack, set_all_config

ALREADY_REPORTED = 32
INTERRUPTED = 130
# What the SDK makes of a call to an engine that has ended (`grpc_error_to_exception`, 3.272.0), which has said why.
_ENDED = "Resource monitor has terminated, shutting down"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "engine", "project", "stack", "organization", "root-directory"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, required=True)
    parser.add_argument("--dry-run", choices=("true", "false"), required=True)
    parser.add_argument("entry", type=Path, help="a Python file, or a directory with a __main__.py")
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args(arguments)


def prepare(options: argparse.Namespace) -> None:
    """Connect the SDK of this process to the deployment, and make the program find its own modules."""
    configuration = json.loads(os.environ["PULUMI_CONFIG"])
    set_all_config(configuration, json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]))
    configure(
        Settings(
            monitor=options.monitor,
            engine=options.engine,
            project=options.project,
            stack=options.stack,
            parallel=options.parallel,
            dry_run=options.dry_run == "true",
            organization=options.organization or "organization",
            root_directory=options.root_directory,
        )
    )
    entry: Path = options.entry
    sys.argv = [str(entry), *options.arguments]
    sys.path[0] = str(entry if entry.is_dir() else entry.parent)
    # What fails is reported once, below; asyncio would report each task that saw the same failure.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def run(entry: Path, parallel: int) -> int:
    """Run the program to its end, and give the exit code."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Each registration waits in a thread; the same number per unit of parallelism as in Pulumi's own runner.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=4 * max(parallel, 1)))
    try:
        loop.run_until_complete(run_in_stack(lambda: _program(entry)))
    except pulumi.RunError as error:
        if str(error) != _ENDED:
            pulumi.log.error(str(error))
        return ALREADY_REPORTED
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.UNAVAILABLE:  # unavailable: the engine has ended, and has said why
            pulumi.log.error(f"the engine refused a call of the program: {error.details()}")
        return ALREADY_REPORTED
    except Exception as error:
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_from_program(error, entry)}")
        return ALREADY_REPORTED
    finally:
        _cancel_tasks(loop)
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _program(entry: Path) -> None:
    runpy.run_path(str(entry), run_name="__main__")


def _from_program(error: Exception, entry: Path) -> str:
    """The traceback from the program's first line on: what is above is this file and the SDK."""
    directory = str(entry if entry.is_dir() else entry.parent)
    frame = error.__traceback__
    while frame is not None and not frame.tb_frame.f_code.co_filename.startswith(directory):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame or error.__traceback__)).rstrip()


def _cancel_tasks(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()


def _leave(*_: object) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    # The engine stops a program by SIGINT, often twice, while threads wait for registrations that will not be answered.
    # A KeyboardInterrupt would print tracebacks under the error that the operator must read.
    signal.signal(signal.SIGINT, _leave)
    # Python would look through all that was imported for garbage when it ends: a twentieth of a command's time.
    atexit.register(gc.freeze)
    gc.set_threshold(100_000, 50, 1000)  # and often while it imports, of which all stays
    chosen = parse(sys.argv[1:])
    prepare(chosen)
    sys.exit(run(chosen.entry, chosen.parallel))
