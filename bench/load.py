"""The load on a served API: connections that ask without a pause, and how long each answer took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True)
class Target:
    """A served URL's parts, and the header lines that open it."""

    port: int
    paths: Sequence[str]
    headers: str = ""


async def requests(target: Target, seconds: float) -> list[float]:
    """Load a server for some seconds; give how long each answer took, in seconds."""
    taken: list[float] = []
    stop = time.perf_counter() + seconds
    await asyncio.gather(*(connection(target, number, stop, taken) for number in range(CONNECTIONS)))
    return taken


async def connection(target: Target, number: int, stop: float, taken: list[float]) -> None:
    """Ask over one connection until that moment, each path in turn, from one of this number on; note the times."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    turn = number
    while (started := time.perf_counter()) < stop:
        path = target.paths[turn % len(target.paths)]
        turn += CONNECTIONS
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{target.headers}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 429")):
            raise SystemExit(f"{path}: {head.splitlines()[0].decode()}")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        taken.append(time.perf_counter() - started)
    writer.close()
