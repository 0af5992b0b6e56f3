"""Running another program: quiet while it works, a line now and then when it takes long, its end when it fails.

`SetupFailure` is the one error of the toolchain: what could not be set up, and what to do about it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PROGRESS_EVERY = 30.0  # seconds
LAST_LINES = 15

Say = Callable[[str], None]


class SetupFailure(Exception):
    """A message for the operator: the fact, what was left untouched, and the next step."""


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    doing: str,
    say: Say,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limit: float | None = None,
    progress_every: float = PROGRESS_EVERY,
) -> str:
    """Run `command` to its end and give what it printed, both streams together.

    `doing` says what it is for ("building the Pulumi engine"). `limit` is in seconds. Raises SetupFailure with the
    last lines when it cannot start, ends with another code than 0 or takes longer than `limit`; by then the process
    and all its children have ended.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        try:
            # A session of its own, so that a command that must be stopped takes its children along.
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as reason:
            raise SetupFailure(f"{doing} failed: {command[0]} does not start: {reason}") from reason
        try:
            code = _wait(process, doing=doing, say=say, limit=limit, progress_every=progress_every)
        finally:
            _end(process)
        output.seek(0)
        printed = output.read()
    if code == 0:
        return printed
    fate = f"took more than {limit:.0f} s" if code is None else f"ended with exit code {code}"
    tail = "\n".join(f"    {line}" for line in printed.strip().splitlines()[-LAST_LINES:])
    raise SetupFailure(f"{doing} failed: `{' '.join(map(str, command))}` {fate}.\n{tail}".rstrip())


def run_go(
    arguments: Sequence[str], *, doing: str, say: Say, cwd: Path, variables: dict[str, str] | None = None
) -> None:
    """Run `go` in `cwd`, at low priority and without a C compiler, on modules that name every version.

    Raises SetupFailure.
    """
    found = shutil.which("go")
    if found is None:
        raise SetupFailure(f"{doing} needs Go, and there is no `go` on PATH: install it from https://go.dev/dl/.")
    politely = ("nice",) if shutil.which("nice") else ()
    run(
        (*politely, found, *arguments),
        doing=doing,
        say=say,
        cwd=cwd,
        environment={**os.environ, "CGO_ENABLED": "0", **(variables or {})},
    )


def _wait(
    process: subprocess.Popen[bytes], *, doing: str, say: Say, limit: float | None, progress_every: float
) -> int | None:
    """The exit code, or None when `limit` seconds passed first."""
    started = time.monotonic()
    while True:
        elapsed = time.monotonic() - started
        left = float("inf") if limit is None else limit - elapsed
        if left <= 0:
            return None
        try:
            return process.wait(timeout=min(progress_every, left))
        except subprocess.TimeoutExpired:
            if left > progress_every:
                say(f"  still {doing}, {time.monotonic() - started:.0f} s so far")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
