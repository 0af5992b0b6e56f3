"""The rows of the table that need no engine: start-up, a storm of 429s, and requests that are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench import calls, fleet, start, storm
from bench.figure import Figure, ratio
from bench.spent import typical
from providers.calls import Policy

FIRST = (
    ("by number", fleet.NUMBERED, "twilio"),
    ("by search", fleet.SEARCHED, "twilio"),
    ("adopted", fleet.ADOPTED, "twilio"),
    ("by number at Vonage", fleet.NUMBERED, "vonage"),
    ("by search at Vonage", fleet.SEARCHED, "vonage"),
    ("adopted at Vonage", fleet.ADOPTED, "vonage"),
)
OFFERS = {"twilio": 1000, "vonage": 240}  # lines that the sandbox's carrier has numbers for


def starts(rounds: int, folder: Path) -> Iterator[Figure]:
    """Give what starting takes, in an environment as users have it."""
    place = start.installed(folder / "installed")
    helps, bare, click = start.helps(rounds * 3, place)
    least = ratio("", click, ("bare", bare), 5.0).found
    limit = f"importing click alone takes {least:.3g} times a bare Python"
    yield ratio("trunkline --help, over a bare Python", helps, ("bare", bare), 5.0, limit)
    validations, models = start.validations(rounds * 3, place, folder)
    limit = f"loading and checking 100 lines takes what is above the imports, {validations[0].computed:.2g} s in all"
    what = "trunkline validate of 100 lines, over importing its models"
    yield ratio(what, validations, ("imports", models), 1.3, limit)
    loads, plain = start.loads(rounds, 20_000)
    limit = f"PyYAML's C loader builds every value before a check sees one, {typical(plain).computed:.3g} s of it"
    yield ratio("load and check 20,000 lines, over PyYAML's C loader", loads, ("PyYAML", plain), 1.5, limit)


def weather(seconds: float, meanwhile: Iterable[Figure] = ()) -> Iterator[Figure]:
    """Give what is made of a vendor that refuses most requests, for so many seconds.

    `meanwhile`: figures that are found in that time. They are to be counts, since the storm takes some of the machine.
    """
    with storm.blowing(seconds) as ended:
        yield from meanwhile
        weathered = ended()
    limit = (
        "a vendor without a Retry-After tells its rate by 429s alone: the pace that finds it leaves"
        f" {1 - weathered.used:.2g} unused and has {weathered.refused:.2g} refused; one grows as the other falls"
    )
    yield Figure("429 storm: share of the allowed rate left unused", 1 - weathered.used, 0.1, limit=limit)
    yield Figure("429 storm: share of requests refused", weathered.refused, 0.05, limit=limit)
    tries = (
        f"a call is sent {Policy().attempts} times at most, within {Policy().deadline:.0f} s, and each that failed met"
    )
    yield Figure("429 storm: calls that failed", float(weathered.failed), 0.0, limit=f"{tries} a 429 every time")


def requests(lines: int, folder: Path) -> Iterator[Figure]:
    """Count a preview without a change of so many lines, and the first previews of a tenth of them."""
    counted = calls.unchanged(lines, folder)
    for what, most in calls.allowed(lines).items():
        asked = counted.pop(what, 0)
        limit = f"whole lists, each once, are {most}; the {asked - most} beyond are lists asked again, or single lines"
        yield Figure(f"no-change preview of {lines:,} lines: {what}s", float(asked), float(most), limit=limit)
    others = ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
    limit = f"nothing in the way: no preview needs {others}"
    yield Figure(f"no-change preview of {lines:,} lines: other requests", float(counted.total()), 0.0, limit=limit)
    for how, by, provider in FIRST:
        new = min(max(lines // 10, 1), OFFERS[provider] if by == fleet.SEARCHED else lines)
        asked, allowed = calls.first(new, by, provider), calls.allowed_first(new, by, provider)
        limit = f"the lists and what no list answers are {allowed}; the {asked - allowed} beyond are asked again"
        yield Figure(f"first preview of {new:,} new lines {how}: requests", float(asked), float(allowed), limit=limit)
