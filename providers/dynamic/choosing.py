"""All lines' numbers: asked for side by side, and chosen one after the other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from providers.dynamic.choice import Choice, Chooser, owners_of
from providers.dynamic.searching import Impossible, query_of
from providers.dynamic.verdict import Objection


def choose(
    chooser: Chooser, news: Mapping[str, Any], refused: Collection[str], at_once: int
) -> tuple[dict[str, Choice], list[Objection]]:
    """Give each line's number, or why it has none. Raises the vendors' errors.

    Lines with a number of their own come first, so that a search never takes what another line has or names. Nor does
    it take what another stack has, or claims. Nothing is chosen for the lines that are `refused` already.

    At a vendor that takes 300 ms, 300 lines one after the other take minutes. So up to `at_once` lines ask at a time,
    as if no other took anything, and what each has is chosen in their order from the answers: how many ask changes
    nothing of it.
    """
    lines, recorded = news["lines"], chooser.olds.get("lines", {})
    settled = {wish["number"] for wish in lines.values() if "number" in wish}
    settled |= {line["phoneNumber"] for line in recorded.values() if line.get("phoneNumber")}
    theirs = chooser.survey.spoken_for()
    chooser = replace(chooser, wishes=Counter(query_of(wish["search"]) for wish in lines.values() if "search" in wish))
    order = sorted(lines.keys() - set(refused), key=lambda name: ("search" in lines[name], name))
    # What the line chose under its former name is its own, also where the purchase failed.
    own = {
        name: {recorded[owner].get("phoneNumber") for owner in owners_of(name, lines[name]) if owner in recorded}
        for name in order
    }

    def taken(name: str, others: Collection[str] = ()) -> set[str]:
        # Made for a line that searches alone, when it is asked: kept for each of 10,000 lines they took 5 GB.
        return {*settled.difference(own[name]), *theirs, *others} if "search" in lines[name] else set()

    def put(name: str) -> object:
        return chooser.choose(name, lines[name], taken(name))

    if at_once > 1:
        _ask((partial(put, name) for name in order), at_once)
    choices: dict[str, Choice] = {}
    others: set[str] = set()
    reasons: list[Objection] = []
    for name in order:
        try:
            choices[name] = chooser.choose(name, lines[name], taken(name, others))
            others.add(choices[name].number)
        except Impossible as error:
            reasons.append(Objection(str(error), line=name))
    return choices, reasons


def _ask(questions: Iterable[Callable[[], object]], at_once: int) -> None:
    """Put the questions, whose carriers remember the answers. A vendor's error ends it, and is raised."""
    failed = threading.Event()

    def put(question: Callable[[], object]) -> None:
        if failed.is_set():
            return
        try:
            question()
        except Impossible:
            return
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(at_once, thread_name_prefix="choosing") as pool:
        list(pool.map(put, questions))
