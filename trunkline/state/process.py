"""The serving side of the reader's process: starts it, and again whenever it ends."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import struct
import sys
from collections.abc import AsyncGenerator
from typing import cast

from trunkline.state.publication import Frame, Status
from trunkline.state.reader import Ask, question, tell
from trunkline.state.stack import StackAddress

_SILENCE = 300.0  # seconds without a frame after which a reader is ended and started again
_END = 5.0  # seconds for a killed reader to end; one that waits for a dead file system does so when that is back
_PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0)  # seconds before each further start


class ReaderProcess:
    """A source of frames: a stack in its backend."""

    def __init__(self, address: StackAddress) -> None:
        self._address = address
        self.process: asyncio.subprocess.Process | None = None
        """The one that runs now."""

    def ask(self, ask: Ask) -> None:
        """Ask the reader something; the answer is a frame. Without a reader nobody answers."""
        if self.process is not None and self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(question(ask))

    async def frames(self) -> AsyncGenerator[Frame]:
        """Give frames for ever. A reader that ends is a fault like a backend that does not answer."""
        failures = 0
        while True:
            async with contextlib.aclosing(self._one_process()) as frames:
                async for frame in frames:
                    failures = 0
                    yield frame
            yield Status(fault="unreachable", detail="the reader of the backend ended and is started again")
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    async def _one_process(self) -> AsyncGenerator[Frame]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "trunkline.state.reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Ctrl-C goes to a whole group of processes: the server is to end its reader, and not to lose it.
            start_new_session=True,
        )
        # Both are there, since both were asked for.
        told, says = cast(asyncio.StreamWriter, process.stdin), cast(asyncio.StreamReader, process.stdout)
        self.process = process
        try:
            # Not as an argument: a backend's URL may hold a password, and every user can list arguments.
            told.write(tell(self._address))
            while True:
                async with asyncio.timeout(_SILENCE):
                    (size,) = struct.unpack(">I", await says.readexactly(4))
                yield pickle.loads(await says.readexactly(size))  # noqa: S301 (our own child wrote it)
        except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError, TimeoutError):
            return
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _END)
