"""Faults that a test scripts: which requests, what goes wrong, and on which side of the commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from threading import Event, Lock
from typing import Any, Literal, get_args

from sandbox.echo import FORMS, Form
from sandbox.request import Request

Action = Literal[
    "status",  # the vendor's own error with `status`, or `body` in its place
    "echo",  # the same, and its words repeat the request's credentials and body in the form `echo`
    "html",  # a proxy's HTML page with `status`
    "drop",  # the connection ends without an answer
    "reset",  # the connection ends in the middle of the answer
    "truncate",  # a complete answer whose JSON is cut in half
    "stale",  # a read shows the state of `lag` commits, or `lag_seconds`, ago
    "short_page",  # the last row of a list is missing, its paging unchanged
    "duplicate",  # the first row of a list comes twice
    "reorder",  # the rows of a list come in reverse
    "wrong_number",  # the answer names another number
    "delay",  # only the wait of `delay` seconds
    "late_order",  # a number that is bought is charged and off the market, and in no answer to a read for `lag_seconds`
    "hold",  # wait until the test releases it, `delay` seconds at most (no limit when 0)
]
PAUSES = frozenset({"delay", "hold"})
# These go together with any other fault of the same request.
BESIDE = PAUSES | {"late_order"}
# These falsify the vendor's true answer, so they have no "before".
TAMPERING = frozenset({"reset", "truncate", "stale", "short_page", "duplicate", "reorder", "wrong_number"})


@dataclass(frozen=True)
class Fault:
    """Which requests (every given filter must hold) and what happens to them.

    `path` is a regular expression searched in the path, `params` a subset of the decoded query and body.
    The first `skip` matching requests pass; the next `times` (None: all) are hit. `delay` seconds go by before the
    action, on the side that `when` names: a delay before the commit is a request that arrives late.
    """

    action: Action
    vendor: str | None = None
    method: str | None = None
    path: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    write: bool | None = None
    when: Literal["before", "after"] = "before"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    echo: Form = "plain"
    delay: float = 0.0
    lag: int = 1
    lag_seconds: float = 0.0
    skip: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        problems = [*_wrong_words(self), *_wrong_amounts(self)]
        if problems:
            raise ValueError("; ".join(problems))

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Fault:
        """Read a fault from the fields of this class. Raises ValueError naming every unknown field."""
        unknown = sorted(set(value) - {each.name for each in fields(cls)})
        if unknown or "action" not in value:
            raise ValueError(f"unknown fields: {', '.join(unknown)}" if unknown else "action is missing")
        return cls(**value)

    @property
    def label(self) -> str:
        """How the journal names it: `drop before`, `stale`."""
        return self.action if self.action in TAMPERING | {"late_order"} else f"{self.action} {self.when}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.path)

    def matches(self, vendor: str, request: Request, params: Mapping[str, Any], write: bool) -> bool:
        return (
            self.vendor in (None, vendor)
            and self.method in (None, request.method)
            and self.write in (None, write)
            and self.pattern.search(request.path) is not None
            and all(params.get(name) == value for name, value in self.params.items())
        )


class Planted:
    """A fault in place: how often it struck, and for `hold` the two ends of the test's hook."""

    def __init__(self, number: int, fault: Fault) -> None:
        self.number = number
        self.fault = fault
        self.seen = 0
        self.hits = 0
        self.reached = Event()
        self._released = Event()

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.hits >= self.fault.times

    def release(self) -> None:
        """Let every request that is or will be held here go on."""
        self._released.set()

    def hold(self) -> None:
        """Stop here until `release`, or for the fault's `delay` when it has one."""
        self.reached.set()
        self._released.wait(self.fault.delay or None)

    def as_json(self) -> dict[str, Any]:
        state = {"id": self.number, "seen": self.seen, "hits": self.hits, "reached": self.reached.is_set()}
        return {**asdict(self.fault), **state}


class Faults:
    """The faults in place, in the order in which they were added.

    A request meets every `delay`, `hold` and `late_order` that matches it, and the first other fault that matches.
    """

    def __init__(self) -> None:
        self._planted: list[Planted] = []
        self._lock = Lock()
        self._count = 0

    def add(self, fault: Fault) -> Planted:
        with self._lock:
            self._count += 1
            planted = Planted(self._count, fault)
            self._planted.append(planted)
            return planted

    def strike(self, vendor: str, request: Request, params: Mapping[str, Any], write: bool) -> tuple[Planted, ...]:
        """Give the faults that hit this request and count them."""
        if not self._planted:
            return ()
        with self._lock:
            struck: list[Planted] = []
            for planted in self._planted:
                if planted.spent or not planted.fault.matches(vendor, request, params, write):
                    continue
                if planted.fault.action not in BESIDE and any(each.fault.action not in BESIDE for each in struck):
                    continue
                planted.seen += 1
                if planted.seen > planted.fault.skip:
                    planted.hits += 1
                    struck.append(planted)
            return tuple(struck)

    def get(self, number: int) -> Planted | None:
        return next((planted for planted in self._planted if planted.number == number), None)

    def clear(self, number: int | None = None) -> None:
        """Remove one fault, or all, letting go what they hold."""
        with self._lock:
            gone = [each for each in self._planted if number in (None, each.number)]
            self._planted = [each for each in self._planted if each not in gone]
        for planted in gone:
            planted.release()

    def __iter__(self) -> Any:
        return iter(list(self._planted))


def _wrong_words(fault: Fault) -> Iterable[str]:
    if fault.action not in get_args(Action):
        yield f"action {fault.action!r} is none of {', '.join(get_args(Action))}"
    if fault.echo not in FORMS:
        yield f"echo {fault.echo!r} is none of {', '.join(FORMS)}"
    if fault.when not in ("before", "after"):
        yield f"when {fault.when!r} is neither before nor after"
    try:
        re.compile(fault.path)
    except re.error as error:
        yield f"path {fault.path!r} is no regular expression: {error}"


def _wrong_amounts(fault: Fault) -> Iterable[str]:
    for name in ("delay", "lag", "lag_seconds", "skip"):
        if getattr(fault, name) < 0:
            yield f"{name} is negative"
    if not 100 <= fault.status <= 599:
        yield f"status {fault.status} is no HTTP status"
    if fault.times is not None and fault.times < 1:
        yield "times is less than 1"
