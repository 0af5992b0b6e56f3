"""The process that reads the backend, beside the one that serves.

Parsing a large state holds Python's lock for as long as it takes, which would hold every request up; a process of its
own does not, and a backend's library that hangs or leaks does so there. It is started as `python -m`, told its stack on
standard input, writes frames to standard output (4 bytes of length, then a pickle), and ends when nobody reads them.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator

from trunkline.api.source import checkpoint
from trunkline.api.source.backend import Backend, Stamp
from trunkline.api.source.checkpoint import StackState
from trunkline.api.source.chronicle import Chronicle
from trunkline.api.source.opening import open_backend
from trunkline.api.source.publication import Frame, Publication, Status, publish
from trunkline.api.source.stack import StackAddress
from trunkline.api.source.store import Broken, Unreachable

HISTORY = 200
"""Updates that are kept in memory, the newest."""
_NICENESS = 10  # requests go first where both want one core


class Reader:
    """Looks at a backend again and again and gives what is new."""

    def __init__(self, backend: Backend, *, history: int = HISTORY) -> None:
        self._backend = backend
        self._chronicle = Chronicle(backend, limit=history)
        self._served: Stamp | None = None
        self._unread: tuple[StackState, bytes] | None = None  # a state whose history is not read to its end

    @property
    def behind(self) -> bool:
        """Whether there is history left to read."""
        return self._unread is not None

    def look(self) -> Iterator[Frame]:
        """Look once. Gives a new version, if there is one, and then always how the look went."""
        try:
            yield from self._look()
        except Unreachable as error:
            yield Status(fault="unreachable", detail=str(error))
        except Broken as error:
            yield Status(fault="broken", detail=str(error))

    def once(self) -> Publication:
        """Read the stack once, history and all. Raises Unreachable or Broken."""
        data = self._backend.current()
        self._unread = checkpoint.parse(data), data
        while True:
            for frame in self._history():
                if isinstance(frame, Publication):
                    return frame

    def _look(self) -> Iterator[Frame]:
        stamp = self._backend.stamp()
        # While an update runs, the state is between two versions; without an older one it is still the best there is.
        if stamp != self._served and not (stamp.updating and self._served):
            data = self._backend.current()
            state = checkpoint.parse(data)
            if self._backend.stamp().updating and self._served:
                return  # an update began meanwhile, and what was read may be its first part
            self._served, self._unread = stamp, (state, data)
            if self._chronicle.behind():
                yield from publish(state, (), self._chronicle.newest(), complete=False)
        yield from self._history()
        yield Status(updating=stamp.updating)

    def _history(self) -> Iterator[Frame]:
        """Read on in the history, and publish the state with it once it is read."""
        if self._unread is None:
            return
        state, data = self._unread
        entries = self._chronicle.catch_up(state, data)
        if entries is not None:
            yield from publish(state, entries, self._chronicle.newest(), complete=self._chronicle.complete())
            self._unread = None


def run(
    backend: Backend, emit: Callable[[Frame], None], sleep: Callable[[float], None], going: Callable[[], bool]
) -> None:
    """Look at the backend until told to stop."""
    reader = Reader(backend)
    while going():
        healthy = True
        for frame in reader.look():
            emit(frame)
            healthy = not (isinstance(frame, Status) and frame.fault)
        # A history that is not read to its end is read on at once.
        if not (reader.behind and healthy):
            sleep(backend.interval)


def main() -> None:
    """Be the process."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a service's stop goes to every process; the server ends this one
    address = StackAddress(**json.load(sys.stdin))
    output = sys.stdout.buffer

    def emit(frame: Frame) -> None:
        data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
        output.write(struct.pack(">I", len(data)) + data)
        output.flush()

    try:
        run(open_backend(address), emit, time.sleep, lambda: True)
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)  # the server is gone; flushing to it at exit would only complain


if __name__ == "__main__":
    main()
