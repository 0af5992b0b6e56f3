"""The process that reads the backend, beside the one that serves.

Parsing a large state holds Python's lock for as long as it takes, which would hold every request up; a process of its
own does not, and a backend's library that hangs or leaks does so there. It is started as `python -m`, told its stack in
the first line of standard input and what else is asked in further ones, writes frames to standard output (4 bytes of
length, then a pickle), and ends when nobody reads them.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Literal

from trunkline.state import checkpoint
from trunkline.state.backend import Backend, Stamp
from trunkline.state.chronicle import Chronicle
from trunkline.state.opening import open_backend
from trunkline.state.publication import (
    Busy,
    Changed,
    End,
    Frame,
    Publication,
    Status,
    Then,
    UpdateView,
    in_parts,
    publish,
    recorded,
)
from trunkline.state.row import Row, orders
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, Unreachable
from trunkline.state.version import Entry, Version, rows_of

AGAIN = 300.0
"""Seconds of nothing new after which it is asked for again what of the history could not be had."""
_NICENESS = 10  # requests go first where both want one core
_SLACK = 5.0  # seconds that a look may take on a busy machine


@dataclass(frozen=True, slots=True)
class Ask:
    """What a server wants to know of update `id`: the lines as it left them, or what it changed."""

    what: Literal["lines", "changes"]
    id: str


class Reader:
    """Looks at a backend again and again and gives what is new. `now` gives seconds of the Unix time."""

    def __init__(self, backend: Backend, *, history: int | None = None, now: Callable[[], float] = time.time) -> None:
        self._backend, self._now = backend, now
        self._chronicle = Chronicle(backend, limit=backend.depth if history is None else history)
        self._served: Stamp | None = None
        self._reading_on = False
        # What came to be known of updates since the last version that was given: it is told with the next one.
        self._untold = list[Entry]()
        self._anew = False
        self._idle = 0.0  # seconds without anything to read
        self._mark = ""  # of the state that was read last
        self._held = self._killed = self._traceless = False

    @property
    def behind(self) -> bool:
        """Whether there is history left to read."""
        return self._served is not None and self._chronicle.behind

    def look(self) -> Iterator[Frame]:
        """Look once. Gives what is new, and then always how the look went."""
        try:
            yield from self._look()
        except (Unreachable, Broken) as error:
            yield self._failed(error)

    def answer(self, ask: Ask) -> Iterator[Frame]:
        """Answer a question about an older update. What cannot be read now is a Status, and an answer of nothing."""
        try:
            yield Busy(3 * self._backend.patience)
            if ask.what == "changes":
                entry = self._chronicle.entry(ask.id)
                yield Changed(ask.id, None if entry is None else UpdateView.of(entry))
            else:
                version = self._chronicle.version(ask.id)
                rows = [] if version is None else [Row.read(version.lines[name]) for name in sorted(version.lines)]
                yield Then(ask.id, None if version is None else version.agents)
                yield from in_parts(rows)
                yield End(orders(rows))
        except (Unreachable, Broken) as error:
            yield self._failed(error)
            yield Changed(ask.id, None) if ask.what == "changes" else Then(ask.id, None)
            if ask.what == "lines":
                yield End(orders([]))

    def once(self) -> Publication:
        """Read the stack once, history and all. Raises Unreachable or Broken."""
        self._read()
        while self._chronicle.behind:
            self._chronicle.catch_up()
        return next(frame for frame in self._read() if isinstance(frame, Publication))

    def _look(self) -> Iterator[Frame]:
        stamp = self._backend.stamp()
        self._watch(stamp)
        status = self._status(stamp)
        # While an update runs, the state is between two versions; without an older one it is still the best there is.
        if self._is_news(stamp) and not (stamp.updating and self._served):
            yield Busy(self._backend.patience)
            frames = self._read()
            if self._backend.stamp().updating and self._served:
                return  # an update began meanwhile, and what was read may be its first part
            self._served, self._mark, self._reading_on = stamp, stamp.mark, self._chronicle.behind
            self._untold, self._anew = [], False
            yield from frames
        elif self._chronicle.behind:
            yield from recorded(self._chronicle.catch_up(), complete=self._chronicle.complete)
        elif self._reading_on:
            # What is known now of older updates says when each line last changed, which is a finding.
            self._served, self._reading_on = None, False
        else:
            self._idle += max(self._backend.interval, 0.25)
            if self._idle >= AGAIN:
                self._idle = 0.0
                self._chronicle.forget_what_was_lost()
        yield status

    def _watch(self, stamp: Stamp) -> None:
        """Note what became of an update that held the stack. What ended without a trace is told till one leaves one."""
        is_written = bool(self._mark) and stamp.mark != self._mark
        if stamp.left:
            self._killed = True
        elif not stamp.updating and is_written:
            self._killed = self._traceless = False
        elif self._held and not stamp.updating:
            if self._chronicle.is_behind_backend():
                self._killed = self._traceless = False
                self._served = None  # the record of an update that left the state as it was
            self._traceless = self._served is not None and not self._killed
        self._held = stamp.updating

    def _is_news(self, stamp: Stamp) -> bool:
        return self._served is None or stamp.mark != self._served.mark

    def _read(self) -> Sequence[Frame]:
        state = checkpoint.read(self._chronicle.current)
        rows = rows_of(state)
        version = Version.of(state, rows)
        chronicle = self._chronicle
        self._untold += chronicle.advance(version, state.digest)
        self._anew = self._anew or chronicle.void()
        return list(
            publish(
                state,
                rows,
                chronicle.newest(),
                chronicle.changed,
                unrecorded=chronicle.since(version),
                history=recorded(self._untold, complete=chronicle.complete, anew=self._anew),
            )
        )

    def _status(self, stamp: Stamp) -> Status:
        held = 0.0 if stamp.since is None else max(0.0, self._now() - stamp.since)
        killed, traceless = self._killed and not stamp.updating, self._traceless and not stamp.updating
        return Status(updating=stamp.updating, held=held, killed=killed, traceless=traceless, due=self._due())

    def _failed(self, error: Unreachable | Broken) -> Status:
        return Status(
            fault="unreachable" if isinstance(error, Unreachable) else "broken", detail=str(error), due=self._due()
        )

    def _due(self) -> float:
        return self._backend.patience if self._chronicle.behind else _SLACK + 4 * self._backend.interval


def run(
    backend: Backend, emit: Callable[[Frame], None], asked: Callable[[float], Ask | None], going: Callable[[], bool]
) -> None:
    """Look at the backend until told to stop. `asked` gives what is asked within so many seconds, or None."""
    reader = Reader(backend)
    while going():
        healthy = True
        for frame in reader.look():
            emit(frame)
            healthy = not (isinstance(frame, Status) and frame.fault)
        # A history that is not read to its end is read on at once.
        ask = asked(0.0 if reader.behind and healthy else backend.interval)
        if ask is not None:
            for frame in reader.answer(ask):
                emit(frame)


def tell(address: StackAddress) -> bytes:
    """Give the line that tells the process its stack."""
    return json.dumps(asdict(address)).encode() + b"\n"


def question(ask: Ask) -> bytes:
    """Give the line that asks the process something."""
    return json.dumps(asdict(ask)).encode() + b"\n"


def _listening(lines: IO[bytes]) -> Callable[[float], Ask | None]:
    waiting: queue.Queue[Ask] = queue.Queue()

    def listen() -> None:
        for line in lines:
            waiting.put(Ask(**json.loads(line)))

    threading.Thread(target=listen, daemon=True).start()

    def asked(seconds: float) -> Ask | None:
        try:
            return waiting.get(timeout=seconds) if seconds else waiting.get_nowait()
        except queue.Empty:
            return None

    return asked


def main() -> None:
    """Be the process."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a service's stop goes to every process; the server ends this one
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)  # what is read has no cycles; to look for some takes a third of the time
    address = StackAddress(**json.loads(sys.stdin.buffer.readline()))
    output = sys.stdout.buffer

    def emit(frame: Frame) -> None:
        data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
        output.write(struct.pack(">I", len(data)) + data)
        output.flush()

    try:
        run(open_backend(address), emit, _listening(sys.stdin.buffer), lambda: True)
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)  # the server is gone; flushing to it at exit would only complain


if __name__ == "__main__":
    main()
