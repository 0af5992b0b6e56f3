"""What goes wrong during one run of the simulation: which request, and what happens to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.faults import Fault
from sandbox.request import Request
from tests.faults import market
from tests.support.model_engine import Killed

ON = ("write", "request", "list")
# A fault for a request that reads, or for any; the second column holds those that only make sense for lists.
ANY = (
    Fault("status", status=500),
    Fault("status", status=503, when="after"),
    Fault("status", status=429),
    Fault("status", status=429, headers={"retry-after": "3"}),
    Fault("status", status=429, headers={"retry-after": "86400"}),
    Fault("status", status=500, when="after"),
    Fault("drop"),
    Fault("drop", when="after"),
    Fault("html", status=502),
    Fault("html", status=200, when="after"),
    Fault("reset"),
    Fault("truncate"),
    Fault("wrong_number"),
    Fault("delay", delay=20.0),
    Fault("delay", delay=20.0, when="after"),
)
LISTS = (
    Fault("stale", lag=1),
    Fault("stale", lag=3),
    Fault("short_page"),
    Fault("duplicate"),
    Fault("reorder"),
)
KILLS = ("kill before", "kill after", "kill late")
OTHER_RUNS = ("other run", "other run after", "other run", "other run after", *("sibling's run",) * 4)
_PURCHASES: Mapping[str, str] = {
    "/IncomingPhoneNumbers.json": "twilio",
    "/number/buy": "vonage",
    "/PurchasePhoneNumber": "livekit",
}
# What each action of a fault is called in the figures.
_CALLED = {
    **dict.fromkeys(("reset", "truncate", "html", "wrong_number"), "broken answer"),
    **dict.fromkeys(("short_page", "duplicate", "reorder"), "torn list"),
    "drop": "lost connection",
    "delay": "slow answer",
    "stale": "stale answer",
    "late_order": "late order",
}


@dataclass(frozen=True, slots=True)
class Strike:
    """`on`: which requests are counted; `at`: the one that is hit, from 0; `what`: a fault, a kill, "other run" …"""

    on: str
    at: int
    what: Fault | str

    def __str__(self) -> str:
        what = self.what if isinstance(self.what, str) else self.what.label
        if isinstance(self.what, Fault) and self.what.action == "status":
            what += f" {self.what.status} {dict(self.what.headers) or ''}".rstrip()
        return f"{what} at {self.on} {self.at}"

    @property
    def kind(self) -> str:
        """What the figures call it."""
        if isinstance(self.what, str):
            return self.what.removesuffix(" after") if self.what.startswith("other") else self.what
        if self.what.action == "status":
            return "refused as too many" if self.what.status == 429 else "server error"
        return _CALLED[self.what.action]


def draw(rng: Random, *, has_sibling: bool = False) -> tuple[Strike, ...]:
    """Draw what goes wrong in a run: often nothing, sometimes one kill, one other run, or a few faults."""
    fate = rng.random()
    if fate < 0.3:
        return ()
    if fate < 0.55:
        return (_at(rng, rng.choice(KILLS)),)
    if fate < 0.69:
        strikes = [_at(rng, rng.choice(OTHER_RUNS if has_sibling else OTHER_RUNS[:4]))]
        return (*strikes, _at(rng, rng.choice(KILLS))) if rng.random() < 0.2 else tuple(strikes)
    if fate < 0.74:
        return (Strike("purchase", 0, "sell"),)
    if fate < (0.8 if has_sibling else 0.78):
        late = Strike("purchase", 0, Fault("late_order", lag_seconds=rng.choice((20.0, 120.0, 600.0))))
        return (late, _at(rng, rng.choice(KILLS))) if rng.random() < 0.3 else (late,)
    strikes = [_at(rng, rng.choice(ANY)) for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.35:
        strikes[0] = Strike("list", rng.randrange(14), rng.choice(LISTS))
    if rng.random() < 0.15:
        strikes.append(_at(rng, rng.choice(KILLS)))
    return tuple(strikes)


def _at(rng: Random, what: Fault | str) -> Strike:
    return (
        Strike("write", rng.randrange(14), what) if rng.random() < 0.7 else Strike("request", rng.randrange(45), what)
    )


@dataclass(slots=True)
class Wire:
    """Stands between a run and the sandbox: counts requests, strikes, and tells an observer of each one served.

    `runs` carry out a whole other run, by the strike that asks for it, and come back. `met` hears what struck, before
    it does. `late` collects requests of killed runs, which `land` serves when `deliver_at` requests have come by;
    `ordered` hears of the number that such a request buys, as it is sent.
    """

    strikes: tuple[Strike, ...]
    observe: Callable[[], None]
    runs: Mapping[str, Callable[[], None]]
    late: list[Callable[[], None]]
    met: Callable[[str], None]
    deliver_at: int
    land: Callable[[], None]
    ordered: Callable[[str], None]
    counts: dict[str, int] = field(default_factory=dict)
    hit: list[str] = field(default_factory=list)

    def __call__(self, sandbox: Any, request: Request) -> Any:
        if self.deliver_at == self.counts.get("request", 0):
            self.land()
        struck = self._struck(sandbox, request)
        for what in struck:
            if what == "sell":
                _sell(sandbox, request)
            elif what == "kill before":
                raise Killed
            elif what == "kill late":
                if number := _bought_by(request):
                    self.ordered(number)
                self.late.append(lambda: self._serve(sandbox, request))
                raise Killed
            elif isinstance(what, str) and what in self.runs:
                self.runs[what]()
        planted = [sandbox.faults.add(what) for what in struck if isinstance(what, Fault)]
        answer = self._serve(sandbox, request)
        for each in planted:
            sandbox.faults.clear(each.number)
        if "other run after" in struck:
            self.runs["other run"]()
        if "kill after" in struck:
            raise Killed
        return answer

    def _serve(self, sandbox: Any, request: Request) -> Any:
        answer = sandbox.handle(request)
        self.observe()
        return answer

    def _struck(self, sandbox: Any, request: Request) -> list[Fault | str]:
        kinds = ["request", *_kinds(sandbox, request)]
        found: list[Fault | str] = []
        for kind in kinds:
            count = self.counts[kind] = self.counts.get(kind, -1) + 1
            for strike in self.strikes:
                if strike.on == kind and strike.at == count:
                    found.append(strike.what)
                    self.hit.append(str(strike))
                    self.met(strike.kind)
        return found


def _kinds(sandbox: Any, request: Request) -> list[str]:
    vendor = next(each for each in sandbox.vendors if each.owns(request.path))
    if not vendor.is_write(request):
        return ["list"]
    return ["write", "purchase"] if _buys(request) else ["write"]


def _buys(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith(tuple(_PURCHASES))


def _bought_by(request: Request) -> str:
    """Give the number that a request buys, "" for any other request."""
    if not _buys(request):
        return ""
    if _carrier(request) == "livekit":
        return str(json.loads(request.body)["phone_numbers"][0])
    form = dict(request.form)
    return form.get("PhoneNumber") or (f"+{form['msisdn']}" if "msisdn" in form else "")


def _sell(sandbox: Any, request: Request) -> None:
    """Another customer is faster."""
    market.sell(sandbox, _carrier(request), _bought_by(request))


def _carrier(request: Request) -> str:
    """Give the carrier that a purchase goes to."""
    return next(carrier for path, carrier in _PURCHASES.items() if request.path.endswith(path))
