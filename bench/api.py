"""How fast the API answers, measured side by side in one run on one core: `make bench-api`.

Each server is a process of its own on the first core (uvicorn); the load comes from the others. Servers take turns in
short rounds, so that a noisy machine disturbs all alike, and the medians of the rounds are compared.

    bare      an ASGI application that returns a constant of the same size
    constant  a constant route of the same framework behind the API's own middleware
    key, jwt  GET /sip/{id} of the API, by API key and by JWT
    list      GET /sip of 100,000 lines, a page of 100, another filter each time
    reload    how much longer the longest wait for GET /sip/{id} is while the server takes a state of 10,000 lines over
              than while a neighbour on the same core does
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.api.state_file import write_state

ROOT = Path(__file__).parents[1]
CONNECTIONS = 8
GOALS = {"key / constant": 0.8, "jwt / constant": 0.7, "key / bare": 0.4, "list p50 ms": 10.0, "reload ms": 50.0}


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
    await asyncio.gather(*(_connection(target, number, stop, taken) for number in range(CONNECTIONS)))
    return taken


async def _connection(target: Target, number: int, stop: float, taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    turn = number
    while (started := time.perf_counter()) < stop:
        path = target.paths[turn % len(target.paths)]
        turn += CONNECTIONS
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{target.headers}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {head.splitlines()[0].decode()}")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        taken.append(time.perf_counter() - started)
    writer.close()


@contextlib.contextmanager
def served(kind: str, lines: int, stack: str = "") -> Iterator[Mapping[str, str]]:
    """Start a server on the first core; give what it says of itself: port, key, token."""
    command = [sys.executable, "-m", "bench.api_server", kind, str(lines), stack]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    try:
        said = json.loads(process.stdout.readline() if process.stdout else b"")
        if kind != "bare":
            _await_version(said["port"])
        yield said
    finally:
        process.terminate()
        process.communicate()


def _await_version(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").close()
            return
        time.sleep(0.1)
    raise SystemExit("the server had nothing to serve within a minute")


def throughput(rounds: int, seconds: float) -> dict[str, float]:
    """Give requests a second of bare, constant, key and jwt."""
    with served("bare", 1) as bare, served("api", 1000) as api:
        port, path = int(api["port"]), "/sip/line-000500"
        targets = {
            "bare": Target(int(bare["port"]), ["/"]),
            "constant": Target(port, ["/constant"]),
            "key": Target(port, [path], f"x-api-key: {api['key']}\r\n"),
            "jwt": Target(port, [path], f"authorization: Bearer {api['token']}\r\n"),
        }
        found: dict[str, list[float]] = {name: [] for name in targets}
        for _ in range(rounds):
            for name, target in targets.items():
                found[name].append(len(asyncio.run(requests(target, seconds))) / seconds)
    return {name: statistics.median(rates) for name, rates in found.items()}


def listing(seconds: float) -> list[float]:
    """Give the times of filtered pages over 100,000 lines, one request at a time, in milliseconds."""
    with served("api", 100_000) as api:
        paths = [
            f"/sip?{query}&limit=100"
            for number in range(200)
            for query in (
                f"provider=twilio&country=US&tag=team:t{number % 50}",
                f"agent=agent-{number}",
                f"text=line {number * 13}".replace(" ", "%20"),
                f"provider=vonage&text=team%20{number % 50}&sort=-label",
                f"country=GB&sort=phoneNumber&tag=site:s{number % 7}",
            )
        ]
        return [1000 * taken for taken in asyncio.run(_one_by_one(api, paths, seconds))]


async def _one_by_one(api: Mapping[str, str], paths: Sequence[str], seconds: float) -> list[float]:
    taken: list[float] = []
    target = Target(int(api["port"]), paths, f"x-api-key: {api['key']}\r\n")
    await _connection(target, 0, time.perf_counter() + seconds, taken)
    return taken


def reload(lines: int, folder: Path, seconds: float) -> tuple[list[float], list[float]]:
    """Give the times of single requests, in milliseconds: while another server's state is replaced, and its own.

    Both servers run on the first core, so that the machine is as busy in both cases.
    """
    ours, others = folder / "ours", folder / "others"
    for stack in (ours, others):
        write_state(stack, lines, "first")
    with served("stack", lines, str(ours)) as api, served("stack", lines, str(others)):
        return (
            asyncio.run(_waits(api, lines, others, seconds)),
            asyncio.run(_waits(api, lines, ours, seconds)),
        )


async def _waits(api: Mapping[str, str], lines: int, replaced: Path, seconds: float) -> list[float]:
    target = Target(int(api["port"]), ["/sip/line-000500"], f"x-api-key: {api['key']}\r\n")
    taken: list[float] = []
    load = asyncio.create_task(_connection(target, 0, time.perf_counter() + seconds, taken))
    turn = 0
    while not load.done():
        turn += 1
        command = [sys.executable, "-m", "tests.api.state_file", str(replaced), str(lines), f"round {turn}"]
        writing = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        await writing.wait()
        await asyncio.wait([load], timeout=4)
    await load
    return [1000 * each for each in taken]


def main(argv: Sequence[str]) -> int:
    """Measure, print, and give 0 where every goal but the one that is only aimed at is met."""
    parser = argparse.ArgumentParser(prog="bench-api", description="Measure the API.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round")
    parser.add_argument("--lines", type=int, default=10_000, help="of the state that is reloaded")
    options = parser.parse_args(argv)
    rates = throughput(options.rounds, options.seconds)
    pages = listing(10 * options.seconds)
    with tempfile.TemporaryDirectory(prefix="bench-api-") as folder:
        calm, busy = reload(options.lines, Path(folder), 20 * options.seconds)
    found = {
        "key / constant": rates["key"] / rates["constant"],
        "jwt / constant": rates["jwt"] / rates["constant"],
        "key / bare": rates["key"] / rates["bare"],
        "list p50 ms": statistics.median(pages),
        "reload ms": max(busy) - max(calm),
    }
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, uvicorn on one")
    for name, rate in rates.items():
        print(f"{name:16}{rate:10.0f} requests/s")
    print(f"{'list':16}{statistics.quantiles(pages, n=100)[98]:10.1f} ms p99 of {len(pages)}")
    for name, times in (("others' reload", calm), ("own reload", busy)):
        print(f"{name:16}{max(times):10.1f} ms longest, {statistics.median(times):.1f} ms median of {len(times)}")
    for name, goal in GOALS.items():
        print(f"{name:16}{found[name]:10.2f} {'at most' if name.endswith('ms') else 'at least'} {goal}")
    return int(any(not _met(name, value) for name, value in found.items() if name != "key / bare"))


def _met(name: str, value: float) -> bool:
    return value <= GOALS[name] if name.endswith("ms") else value >= GOALS[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
