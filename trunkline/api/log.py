"""The log's way out, which holds no answer up: a full disk, or a pipe that nobody reads, stops no server."""

from __future__ import annotations

import logging
import os
import select
from collections import deque

_AT_ONCE = select.PIPE_BUF  # bytes that a pipe which can be written to takes without waiting


class Outlet(logging.Handler):
    """Writes each line to a file descriptor, where it is taken at once, and never waits for whoever takes it.

    What is not taken waits for the next line, up to `waiting` lines; what comes then is lost, and the next line that is
    taken follows one that says how many were.
    """

    def __init__(self, descriptor: int, waiting: int = 10_000) -> None:
        super().__init__()
        self._descriptor, self._waiting = descriptor, waiting
        # What waits, each with how many lost lines it tells of; a line of the log tells of none.
        self._waits: deque[tuple[bytes, int]] = deque()
        self._untold = 0
        self.lost = 0
        """How many lines nobody took, since the start."""
        self._room = select.poll()
        self._room.register(descriptor, select.POLLOUT)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, behind those that wait."""
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
        except Exception:
            self.handleError(record)
            return
        self._write()
        if len(self._waits) >= self._waiting:
            self._lose(0)
            return
        if self._untold:
            notice = b"%d lines of this log were lost: nobody took them.\n" % self._untold
            self._waits.append((notice, self._untold))
            self._untold = 0
        self._waits.append((line, 0))
        self._write()

    def _write(self) -> None:
        while self._waits and self._room.poll(0):
            line, tells_of = self._waits[0]
            try:
                written = os.write(self._descriptor, line[:_AT_ONCE])
            except OSError:  # the disk is full, or the pipe is closed; more of the same would end the same
                self._lose(*(tells_of for _, tells_of in self._waits))
                self._waits.clear()
                return
            if written < len(line):
                self._waits[0] = line[written:], tells_of
            else:
                self._waits.popleft()

    def _lose(self, *tell_of: int) -> None:
        """Count what is lost. What a lost notice told of is still to be told, and was counted before."""
        self._untold += sum(lines or 1 for lines in tell_of)
        self.lost += tell_of.count(0)


def lines_lost() -> int:
    """Give how many lines of this process's log nobody took, as far as they go out by an Outlet."""
    handlers = logging.getLogger("trunkline").handlers
    return sum(handler.lost for handler in handlers if isinstance(handler, Outlet))
