"""The `pulumi` command, run for its events: what a preview or an update did, and what it said."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, SIGTERM, signal

from trunkline.errors import TrunklineError
from trunkline.review import EngineLog, read

_LOOK = 0.5  # seconds between two looks at how far the engine is
_LAST = 20  # lines of what the engine printed, where its log tells no error


def run(
    command: Sequence[str],
    stack: str,
    folder: Path,
    environ: Mapping[str, str],
    *,
    shows: bool = False,
    tell: Callable[[str], None] = lambda what: None,
) -> EngineLog:
    """Run `pulumi` with a command such as ("preview",), and read its events, which no other user of the machine can.

    `stack`: "" for the selected one. `shows`: the engine prints its progress meanwhile. `tell` is told what runs,
    and again of how many resources its events tell. Raises TrunklineError where it cannot
    be run, or ends badly without an error in its events.
    """
    with tempfile.TemporaryDirectory(prefix="trunkline-plan-") as private:
        log = Path(private, "events.jsonl")
        arguments = ["pulumi", *command, "--non-interactive", "--color", "never", "--event-log", str(log)]
        arguments += ["--stack", stack] if stack else []
        what = f"running pulumi {command[0]}"
        tell(what)
        try:
            # The flag is hidden without the variable (3.274.1).
            child = subprocess.Popen(
                arguments,
                cwd=folder,
                env={**environ, "PULUMI_DEBUG_COMMANDS": "true"},
                stdin=subprocess.DEVNULL,
                stdout=None if shows else subprocess.PIPE,
                stderr=None if shows else subprocess.STDOUT,
                text=True,
            )
        except OSError as error:
            way_out = "Put it on PATH (`. .tools/env.sh` after `make setup`)" if folder.is_dir() else "Name a folder"
            raise TrunklineError(
                f"`pulumi` cannot be run in {folder}: {error.strerror}. Nothing was changed. {way_out}."
            ) from error
        with _ending_by_itself(child):
            printed = _watched(child, log, lambda resources: tell(f"{what}, resources: {resources}"))
        found = _events(log) if log.exists() else EngineLog(stack=stack)
    if child.returncode and not found.errors:
        said = "\n".join(printed.strip().splitlines()[-_LAST:])
        words = f" Its words:\n{said}" if said else ""
        kept = " Nothing was changed." if command[0] == "preview" else ""
        raise TrunklineError(f"`pulumi {command[0]}` ended with {child.returncode}.{kept}{words}")
    return found


def _events(log: Path) -> EngineLog:
    """Read the events one after the other. A line ends at "\n" alone: the engine writes other marks as they are."""
    with log.open(encoding="utf-8", newline="\n") as lines:
        return read(lines)


def _watched(child: subprocess.Popen[str], log: Path, count: Callable[[int], None]) -> str:
    """Wait for the engine and give what it printed; `count` is told how many resources its events have told of."""
    read, resources = 0, 0
    while True:
        try:
            return child.communicate(timeout=_LOOK)[0] or ""
        except subprocess.TimeoutExpired:
            if not log.exists():
                continue
            with log.open("rb") as events:
                events.seek(read)
                fresh = events.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        read, more = read + len(whole), whole.count(b'"resourcePreEvent"')
        if more:
            resources += more
            count(resources)


@contextmanager
def _ending_by_itself(child: subprocess.Popen[str]) -> Iterator[None]:
    """Wait for the engine, whatever signal comes: one that is killed in an update loses the state of what it wrote.

    Ctrl-C reaches it from the terminal; a SIGTERM that reaches us alone is handed on as the SIGINT at which it stops.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {SIGINT: lambda *_: None, SIGTERM: lambda *_: child.send_signal(SIGINT)}
    former = {number: signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal(number, handler)
