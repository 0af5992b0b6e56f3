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
        self._lines: deque[bytes] = deque()
        self._lost = 0
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
        if len(self._lines) >= self._waiting:
            self._lost += 1
            return
        if self._lost:
            self._lines.append(b"%d lines of this log were lost: nobody took them.\n" % self._lost)
            self._lost = 0
        self._lines.append(line)
        self._write()

    def _write(self) -> None:
        while self._lines and self._room.poll(0):
            line = self._lines[0]
            try:
                written = os.write(self._descriptor, line[:_AT_ONCE])
            except OSError:  # the disk is full, or the pipe is closed; more of the same would end the same
                self._lost += sum(line.endswith(b"\n") for line in self._lines)
                self._lines.clear()
                return
            if written < len(line):
                self._lines[0] = line[written:]
            else:
                self._lines.popleft()
