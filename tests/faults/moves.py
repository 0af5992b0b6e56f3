"""Lines that move from one stack of a file to the other: kept or released there, adopted or bought here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.faults import disturbance, market, shared_name
from tests.faults.disturbance import Strike
from tests.faults.draft import Draft
from tests.faults.market import CARRIERS
from tests.faults.proposal import Proposal
from tests.faults.tenant import Tenant

OFTEN = 0.6
"""How often a step of a walk with moves is one."""
# In which order the stacks run after the commit in which a line changes its stack.
ORDERS = ("old first", "new first", "new first", "new meanwhile")
# What a line takes along; whatever else it had is the old stack's business.
_LUGGAGE = ("provider", "sip_address", "agent", "inbound", "outbound", "label", "country", "headers", "allowed_callers")


@dataclass(frozen=True, slots=True)
class Move:
    """`arrived`: what the line is called in the new stack, `wanted` that one's draft with it.

    `number`: the one that the line names there, or "".
    """

    old: Tenant
    new: Tenant
    line: str
    arrived: str
    wanted: Draft
    number: str

    @property
    def refusal(self) -> str:
        """What a new stack says that runs too early; under a shared name the old one's own may stand behind it."""
        closed = "" if self.old.stack.fleet == shared_name.FLEET else '"'
        return f'of fleet "{self.old.stack.fleet}{closed}'

    @property
    def is_released(self) -> bool:
        return bool(self.old.draft.lines[self.line]["removal"] == "release")

    def arriving(self, name: str, **fields: Any) -> Proposal:
        """Give the edit of the new stack."""
        return Proposal(name=f"{name} {self.line} of {self.old.name}", draft=self.wanted, is_move=True, **fields)


def step(rng: Random, pair: tuple[Tenant, Tenant], *, is_calm: bool) -> bool:
    """Let a line move that is marked for it, or mark one first. Gives False where nothing can move, or fate says so.

    `is_calm`: nothing goes wrong. No line comes to a stack that is about to take what its file names, as it was told.
    """
    old, new = rng.sample(pair, 2)
    if rng.random() >= OFTEN or not old.settled or not new.history or new.takes_all:
        return False
    if not (movable := _movable(old)):
        return False
    leaving = [name for name in movable if old.draft.lines[name].get("removal", "protect") != "protect"]
    name = rng.choice(leaving) if leaving else rng.choice(movable)
    if not leaving:
        _mark(rng, old, name)
        if not old.settled or name not in _movable(old):
            return True
    _go(rng, _drawn(rng, old, new, name), _strikes(rng, is_calm), _strikes(rng, is_calm))
    return True


def _mark(rng: Random, old: Tenant, name: str) -> None:
    how = rng.choice(("keep", "keep", "release"))
    old.look_around(rng)
    old.stage.say(f"{old.name}: mark {name} {how}, to move")
    old.attempt(Proposal(name=f"mark {name} {how}", draft=old.draft.setting(name, removal=how)))


def _movable(old: Tenant) -> list[str]:
    """The lines that are complete, and that no other stack has too."""
    numbers, common = old.scene().numbers, old.scene().common
    return [
        name
        for name, line in sorted(old.draft.lines.items())
        if name not in common
        and name not in old.vanished
        and "repurchase" not in line
        and (number := numbers.get(name) or line.get("phone_number"))
        and (name in numbers or line["provider"] not in CARRIERS)
        and not old.stage.bystanders.have(number)
    ]


def _drawn(rng: Random, old: Tenant, new: Tenant, name: str) -> Move:
    line = old.draft.lines[name]
    carried = line["provider"] in CARRIERS
    number = line["phone_number"] if not carried else old.scene().numbers[name]
    taken: dict[str, Any] = {key: line[key] for key in _LUGGAGE if key in line}
    if line["removal"] == "release" and "search" in line and rng.random() < 0.5:
        # It searches there as it did here, and has another number from then on.
        taken, number = {**taken, "search": line["search"]}, ""
    else:
        taken |= {"phone_number": number, **({"adopt": True} if line["removal"] == "keep" else {})}
    if line["provider"] == "twilio" and new.draft.trunk:
        taken |= {"trunk": new.draft.trunk}
    serial = new.draft.serial + 1
    arrived = name if rng.random() < 0.7 else f"m{serial}-{new.name}"
    return Move(old, new, name, arrived, replace(new.draft.having(arrived, taken), serial=serial), number)


def _go(rng: Random, move: Move, going: tuple[Strike, ...], coming: tuple[Strike, ...]) -> None:
    """Run both stacks in some order. Each has the commit in which the line is the new one's."""
    old, new, order, is_released = move.old, move.new, rng.choice(ORDERS), move.is_released
    without = old.draft.without(move.line)
    old.views, new.views = {new.name: move.wanted}, {old.name: without}
    if order == "new first" and move.number and new.settled and old.stage.weather.is_calm:
        early = move.arriving("too early", refused=True, names=move.refusal)
        old.stage.say(f"{new.name}: {early.name}")
        new.attempt(early)
    if order == "new meanwhile" and not is_released:
        new.coming = move.arriving("meanwhile", waits=move.refusal)
        # Between a look and the write after it nobody can be kept out where the vendor has no conditional write: the
        # new stack gets the line there only where another run of the old one, beside this one, has let it go.
        going = tuple(strike for strike in going if strike.kind != "other run")
        going = (*going, Strike("write", rng.randrange(6), "sibling's run"))
    leave = Proposal(name=f"let {move.line} go to {new.name}", draft=without, is_move=True)
    old.stage.say(f"{old.name}: {leave.name}{_words(going)}")
    old.attempt(leave, going, rng.choice((-1, 0, 5)))
    new.coming = None
    if move.line in old.draft.lines or move.arrived in new.draft.lines or (is_released and not old.settled):
        return
    carrier = move.wanted.lines[move.arrived]["provider"]
    if is_released and move.number and carrier in CARRIERS:
        market.unsell(old.stage.world.sandbox, carrier, move.number)
    arrive = move.arriving("take") if old.settled else move.arriving("take early", waits=move.refusal)
    coming = coming if old.settled else ()
    old.stage.say(f"{new.name}: {arrive.name}{_words(coming)}")
    new.views = {old.name: without}
    new.attempt(arrive, coming, rng.choice((-1, 0, 5)))


def _strikes(rng: Random, is_calm: bool) -> tuple[Strike, ...]:
    strikes = disturbance.draw(rng, has_sibling=True)
    return () if is_calm else strikes


def _words(strikes: tuple[Strike, ...]) -> str:
    return f" [{'; '.join(map(str, strikes))}]" if strikes else ""
