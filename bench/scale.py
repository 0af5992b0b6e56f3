"""What a fleet over many stacks takes, computed of what was measured and counted: the tables of docs/scale.md.

`python -m bench.scale` prints them. A constant stands here with what it was measured on; requests are those that
`bench/calls.py` counts, and `bench/stacks.py` plays the previews through at the vendors' limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from bench.calls import allowed
from bench.stacks import Job, Outcome, Vendor, play
from trunkline.state.opening import every

LINES, STACKS = 100_000, 400
EACH = LINES // STACKS
# Two quiet cores, 2026-11-27: previews without a change of 200 and 1,000 lines in 7.9 and 35.1 s.
PREVIEW_OF_A_LINE = 0.04
STARTING = 3.0  # seconds of a preview before the first request: the engine, the program, the file
# A resource group, two trunks, a rule and a number; a stack has nine besides: itself, the Fleet and its trunk's.
OF_A_LINE, OF_A_STACK = 5, 9
STATE, PACKED = 1.84, 0.084  # KB a resource after updates of 100 lines, plain and with zstd, 2026-11-27
WRITES = 4  # of a new line: two trunks, a rule, a number
# Resident memory that is a process's own, Linux, CPython 3.11, stacks of 250 lines, 2026-11-26.
SERVER, SERVED, READER = 41.0, 1.2, 24.0  # MB: the server, in it each stack, and each stack's reader
NUMBER = 1.15  # USD a month, a local number of the United States at Twilio
LIST = 0.005 / 1000  # USD, Amazon S3 Standard in us-east-1
LISTS_OF_A_LOOK, USUAL = 2, 1.0  # counted by bench/backends.py; seconds between two looks at a bucket
MONTH = 30 * 24 * 3600.0
MINUTE = 0.01  # USD of a runner with two cores: put yours in
# Assumed, since no vendor publishes what it takes: requests a second and at once, of one account.
RATES = {"twilio": (10.0, 10.0), "livekit": (10.0, 10.0), "vonage": (1.0, 1.0)}
ACCOUNTS = (400, 10, 1)
RUNNERS = (1, 5, 10, 40, 100)


@dataclass(frozen=True, slots=True)
class Row:
    """The stacks' accounts, the previews at the same time, what a formula says it takes, and what was played."""

    accounts: int
    runners: int
    computed: float
    played: Outcome


def preview() -> float:
    """Give the seconds of one stack's preview without a change."""
    return PREVIEW_OF_A_LINE * EACH


def job(runners: int, accounts: int, stacks: int = STACKS) -> Job:
    """Give the previews of all stacks, whose accounts are so many of each vendor."""
    calls = allowed(EACH)
    vendors = {
        name: Vendor(rate=rate, burst=burst, calls=calls[f"{name} read"], accounts=accounts)
        for name, (rate, burst) in RATES.items()
    }
    return Job(stacks=stacks, runners=runners, before=STARTING, after=preview() - STARTING, vendors=vendors)


def computed(job: Job) -> float:
    """Give the least seconds that a job can take: what its runners compute, or what its vendors allow."""
    turns = ceil(job.stacks / job.runners)
    alone = turns * (job.before + job.after + max(each.calls * each.latency for each in job.vendors.values()))
    vendors = [
        max(0.0, job.stacks / each.accounts * each.calls - each.burst) / each.rate for each in job.vendors.values()
    ]
    return max(alone, *vendors)


def rows(stacks: int = STACKS, runners: Sequence[int] = RUNNERS, accounts: Sequence[int] = ACCOUNTS) -> list[Row]:
    """Play every combination."""
    jobs = [(spread, many, job(many, spread, stacks)) for spread in accounts for many in runners]
    return [Row(spread, many, computed(each), play(each)) for spread, many, each in jobs]


def played(found: Iterable[Row]) -> str:
    """Give what was played as a table in Markdown."""
    head = ["| accounts | at a time | computed | played | requests | refused | failed previews |", f"|{'---|' * 7}"]
    lines = [
        f"| {row.accounts} | {row.runners} | {_time(row.computed)} | {_time(row.played.seconds)} "
        f"| {row.played.sent:,} | {row.played.refused:,} | {row.played.failed:,} |"
        for row in found
    ]
    return "\n".join([*head, *lines])


def taken() -> str:
    """Give what one stack and all take, as a table in Markdown."""
    calls = allowed(EACH)
    resources = EACH * OF_A_LINE + OF_A_STACK
    figures: list[tuple[str, float, float, str]] = [
        ("lines", EACH, LINES, ""),
        ("resources", resources, resources * STACKS, ""),
        *(
            (
                f"requests of a preview without a change: {name}",
                calls[f"{name} read"],
                calls[f"{name} read"] * STACKS,
                "",
            )
            for name in RATES
        ),
        ("writes of the first `up`, without the trunk's", EACH * WRITES, LINES * WRITES, ""),
        ("computing time of such a preview", preview() / 60, preview() * STACKS / 60, " min"),
        ("the same at 0.01 USD a minute", preview() / 60 * MINUTE, preview() * STACKS / 60 * MINUTE, " USD"),
        ("numbers at 1.15 USD a month", EACH * NUMBER, LINES * NUMBER, " USD"),
        ("state, plain", resources * STATE / 1000, resources * STATE * STACKS / 1000, " MB"),
        ("state, with zstd", resources * PACKED / 1000, resources * PACKED * STACKS / 1000, " MB"),
        ("looks of the API into an S3 bucket, a month", looks(1), looks(STACKS), " USD"),
        ("memory of the API", SERVER + SERVED + READER, SERVER + (SERVED + READER) * STACKS, " MB"),
    ]
    lines = [f"| {name} | {_short(one)}{unit} | {_short(every)}{unit} |" for name, one, every, unit in figures]
    return "\n".join(["| | a stack | all |", "|---|---|---|", *lines])


def looks(stacks: int) -> float:
    """Give what it costs a month to follow so many stacks in an S3 bucket."""
    return stacks * MONTH / every(USUAL, stacks) * LISTS_OF_A_LOOK * LIST


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min"
    )


if __name__ == "__main__":
    print(taken(), played(rows()), sep="\n\n")
