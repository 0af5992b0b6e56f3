"""What an edit is drawn from, and what it proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from tests.faults.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`before` is the draft that last settled, or None; `settled` says that it is the present one.

    `numbers`: line -> the number that it has by now, for lines whose number is in the account; `ordered`: line -> the
    one that it waits for; `vanished`: the lines whose number somebody released by hand. `reversible`: nothing was
    released or detached since `before` settled.
    `barred`: adoptable numbers whose objects at LiveKit no line of their own can take. `calm`: no carrier lags.
    `history`: all former drafts. `common`: the lines that another stack has too.
    """

    draft: Draft
    before: Draft | None
    settled: bool
    reversible: bool
    calm: bool = True
    numbers: Mapping[str, str] = field(default_factory=dict)
    ordered: Mapping[str, str] = field(default_factory=dict)
    vanished: frozenset[str] = frozenset()
    adoptable: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()
    history: tuple[Draft, ...] = ()
    common: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`hand` names what happens outside of the file: "vanish <line>", "drift", "lose", "unsell <line>".

    `is_older`: an earlier commit of the file, which the gate may refuse. `is_move`: a line goes to another stack or
    comes from one. `is_rotation`: a trunk gets another password. `names`: what a refusal must say; `waits`: what it may
    say until another stack has run.
    """

    name: str
    draft: Draft
    refused: bool = False
    is_older: bool = False
    is_move: bool = False
    is_rotation: bool = False
    names: str = ""
    waits: str = ""
    hand: str = ""
    renames: Mapping[str, str] = field(default_factory=dict)


Edit = Callable[[Random, Scene], Proposal | None]


def one_of(rng: Random, names: object) -> str | None:
    listed = sorted(names)  # type: ignore[call-overload]
    return rng.choice(listed) if listed else None
