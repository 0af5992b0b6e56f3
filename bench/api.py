"""How fast the API answers, measured side by side in one run on one core: `make bench-api`.

Each server is a process of its own on the first core, started as `trunkline serve` starts it; the load comes from the
others. Servers take turns in short rounds, so that a noisy machine disturbs all alike, and the medians of the rounds
are compared.

    bare      an ASGI application that returns a constant of the same size
    constant  a constant route of the same framework behind the API's own middleware
    key, jwt  GET /sip/{id} of the API, by API key and by JWT
    list      GET /sip of 100,000 lines, a page of 100, another filter each time
    at        GET /sip of 10,000 lines as they were at one of the newest 1,000 updates, another each time
    beside at GET /sip/{id} of one caller while another asks for ever other moments
    kept at   GET /sip of 100 lines at one of the newest 1,000 updates, whose checkpoints it has read from a backend
    crowd at  the same moment, asked for by twenty at once
    reload    how much longer the longest wait for GET /sip/{id} is while the server takes a state of 10,000 lines over
              than while a neighbour on the same core does; and what that costs the reader

All run with a history of 1,000 updates (the reload with 3) and write every access, as users run them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import history
from bench.load import Target, connection, requests
from bench.past import kept, past
from bench.served import FIRST, ROOT, await_history, body, served
from tests.state.state_file import write_state

GOALS = {
    "key / constant": 0.8,
    "jwt / constant": 0.8,
    "key / bare": 0.4,
    "list p50 ms": 10.0,
    "at p99 ms": 200.0,
    "beside at ms": 50.0,
    "kept at ms": 200.0,
    "crowd at ms": 200.0,
    "reload ms": 50.0,
    "reader s": 2.0,
    "reader MB": 200.0,
}


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
    await connection(target, 0, time.perf_counter() + seconds, taken)
    return taken


def _reloads(api: Mapping[str, str]) -> float:
    (count,) = re.findall(rb"^trunkline_reloads_total (\S+)$", body(api, "/metrics"), re.MULTILINE)
    return float(count)


def reader_costs(server: int) -> tuple[float, int]:
    """Give the CPU seconds that a server's reader has taken, and the most memory that it had, in MB."""
    (reader,) = Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()
    fields = Path(f"/proc/{reader}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    (most,) = re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{reader}/status").read_text("ascii"))
    return ticks / os.sysconf("SC_CLK_TCK"), int(most) // 1000


def reload(lines: int, folder: Path, seconds: float) -> tuple[list[float], list[float], float, int]:
    """Give the times of single requests, in milliseconds, while another server's state is replaced, and its own.

    Give besides the reader's CPU seconds for one reload, and its memory in MB.

    Both servers run on the first core, so that the machine is as busy in both cases.
    """
    ours, others = folder / "ours", folder / "others"
    for stack in (ours, others):
        history.write(stack, lines, 3)
        write_state(stack, lines, "first")
    with served("stack", lines, str(ours)) as api, served("stack", lines, str(others)) as other:
        for each in (api, other):
            await_history(each)
        calm = asyncio.run(_waits(api, lines, others, seconds))
        before, _ = reader_costs(int(api["pid"]))
        earlier, busy = _reloads(api), list[float]()
        while _reloads(api) == earlier:  # on a busy machine one may take longer than that
            busy += asyncio.run(_waits(api, lines, ours, seconds))
        after, memory = reader_costs(int(api["pid"]))
        taken_over = _reloads(api) - earlier  # a busy machine takes two writes over at once
    return calm, busy, (after - before) / taken_over, memory


async def _waits(api: Mapping[str, str], lines: int, replaced: Path, seconds: float) -> list[float]:
    target = Target(int(api["port"]), [FIRST], f"x-api-key: {api['key']}\r\n")
    taken: list[float] = []
    load = asyncio.create_task(connection(target, 0, time.perf_counter() + seconds, taken))
    turn = 0
    while not load.done():
        turn += 1
        command = [sys.executable, "-m", "tests.state.state_file", str(replaced), str(lines), f"round {turn}"]
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
        calm, busy, reader, memory = reload(options.lines, Path(folder), 20 * options.seconds)
    with tempfile.TemporaryDirectory(prefix="bench-api-") as folder:
        apart, together = kept(Path(folder))
    then, beside = past(options.lines, 10 * options.seconds)
    found = {
        "key / constant": rates["key"] / rates["constant"],
        "jwt / constant": rates["jwt"] / rates["constant"],
        "key / bare": rates["key"] / rates["bare"],
        "list p50 ms": statistics.median(pages),
        "at p99 ms": max(then),
        "beside at ms": statistics.quantiles(beside, n=1000)[998],
        "kept at ms": max(apart),
        "crowd at ms": max(together),
        "reload ms": max(busy) - max(calm),
        "reader s": reader,
        "reader MB": memory,
    }
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, uvicorn on one")
    for name, rate in rates.items():
        print(f"{name:16}{rate:10.0f} requests/s")
    print(f"{'list':16}{statistics.quantiles(pages, n=100)[98]:10.1f} ms p99 of {len(pages)}")
    past_ones = (("at", then), ("beside at", beside), ("kept at", apart), ("crowd at", together))
    for name, times in (("others' reload", calm), ("own reload", busy), *past_ones):
        print(f"{name:16}{max(times):10.1f} ms longest, {statistics.median(times):.1f} ms median of {len(times)}")
    for name, goal in GOALS.items():
        print(f"{name:16}{found[name]:10.2f} {'at most' if _is_most(name) else 'at least'} {goal}")
    return int(any(not _met(name, value) for name, value in found.items() if name != "key / bare"))


def _met(name: str, value: float) -> bool:
    return value <= GOALS[name] if _is_most(name) else value >= GOALS[name]


def _is_most(name: str) -> bool:
    return "/" not in name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
