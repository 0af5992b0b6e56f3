"""What an operator, or the world around, does between two runs of the simulation.

Each edit takes a random source and a `Scene`, and gives a `Proposal`, or None where it does not apply. `refused` says
that the gate must refuse the draft without a write; such edits are proposed only on a scene that has settled, where
nothing else can explain a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.faults.draft import AGENTS, CARRIERS, Draft, add_line, number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`before` is the draft that last settled, or None; `settled` says that it is the present one.

    `numbers`: line -> the number that it has by now, for lines whose number is in the account; `vanished` the lines
    whose number somebody released by hand. `reversible`: nothing was released or detached since `before` settled.
    """

    draft: Draft
    before: Draft | None
    settled: bool
    reversible: bool
    numbers: Mapping[str, str] = field(default_factory=dict)
    vanished: frozenset[str] = frozenset()
    adoptable: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`hand` names what happens outside of the file: "vanish <line>", "drift", "lose", "unsell <line>", "destroy"."""

    name: str
    draft: Draft
    refused: bool = False
    hand: str = ""
    renames: Mapping[str, str] = field(default_factory=dict)


Edit = Callable[[Random, Scene], Proposal | None]


def again(rng: Random, scene: Scene) -> Proposal:
    return Proposal(name="again", draft=scene.draft)


def add(rng: Random, scene: Scene) -> Proposal:
    return Proposal(name="add", draft=add_line(rng, scene.draft))


def change(rng: Random, scene: Scene) -> Proposal | None:
    """An everyday edit: each of its fields is changed in place."""
    name = _any(rng, scene.draft.lines)
    if name is None:
        return None
    field_, value = rng.choice(
        (
            ("agent", rng.choice(sorted(AGENTS))),
            ("label", rng.choice(("New", "Other"))),
            ("krisp_enabled", rng.random() < 0.5),
            ("allowed_callers", rng.choice((["+16505550199"], []))),
            ("headers", rng.choice(({"X-Team": "a"}, {}))),
        )
    )
    pool = scene.draft.lines[name].get("trunk") == "pool"
    mates = [key for key, line in scene.draft.lines.items() if line.get("trunk") == "pool"] if pool else [name]
    draft = scene.draft
    for mate in mates:
        if field_ != "agent" or draft.lines[mate].get("inbound", True):
            draft = draft.setting(mate, **{field_: value})
    return Proposal(name=f"change {field_} of {name}", draft=draft)


def mark(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, [key for key in scene.draft.lines if "repurchase" not in scene.draft.lines[key]])
    if name is None:
        return None
    how = rng.choice(("release", "release", "keep", "protect"))
    return Proposal(name=f"mark {name} {how}", draft=scene.draft.setting(name, removal=how))


def remove(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, [*scene.draft.marked("release"), *scene.draft.marked("keep")]) if scene.settled else None
    return Proposal(name=f"remove {name}", draft=scene.draft.without(name)) if name else None


def rename(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, [key for key, line in scene.draft.lines.items() if "renamed_from" not in line])
    if name is None or not scene.settled:
        return None
    new = f"r{scene.draft.serial + 1}"
    draft = replace(scene.draft.named(name, new, renamed_from=name), serial=scene.draft.serial + 1)
    return Proposal(name=f"rename {name} to {new}", draft=draft, renames={new: name})


def revert(rng: Random, scene: Scene) -> Proposal | None:
    if scene.settled or scene.before is None or not scene.reversible:
        return None
    return Proposal(name="revert", draft=replace(scene.before, serial=scene.draft.serial))


def adopt(rng: Random, scene: Scene) -> Proposal | None:
    free = [number for number in scene.adoptable if not _named(scene.draft, number)]
    if not free:
        return None
    line = {"provider": "twilio", "phone_number": free[0], "agent": "support", "adopt": True}
    line |= {"trunk": "main"} if scene.draft.trunks else {}
    serial = scene.draft.serial + 1
    return Proposal(name=f"adopt {free[0]}", draft=replace(scene.draft.having(f"l{serial}", line), serial=serial))


def vanish(rng: Random, scene: Scene) -> Proposal | None:
    lines = [
        name for name in scene.numbers if name not in scene.vanished and "repurchase" not in scene.draft.lines[name]
    ]
    name = _any(rng, lines) if scene.settled else None
    return Proposal(name=f"{name} vanishes", draft=scene.draft, hand=f"vanish {name}") if name else None


def repurchase(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, sorted(scene.vanished & set(scene.draft.lines)))
    if name is None or scene.draft.lines[name].get("removal", "protect") != "protect" or not scene.settled:
        return None
    if scene.draft.lines[name].get("adopt"):
        return None
    return Proposal(name=f"repurchase {name}", draft=scene.draft.setting(name, repurchase=True), hand=f"unsell {name}")


def drift(rng: Random, scene: Scene) -> Proposal | None:
    return Proposal(name="drift", draft=scene.draft, hand="drift") if scene.settled else None


def lose(rng: Random, scene: Scene) -> Proposal | None:
    if not scene.settled or scene.vanished:
        return None
    return Proposal(name="lose the state", draft=scene.draft, hand="lose")


# What must be refused.


def remove_unmarked(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, _protected(scene))
    return Proposal(name=f"drop {name} unmarked", draft=scene.draft.without(name), refused=True) if name else None


def mark_and_remove_at_once(rng: Random, scene: Scene) -> Proposal | None:
    """The renamed line without `renamed_from` is both: a removal without a mark, and a number held by another line."""
    name = _any(rng, _protected(scene))
    if name is None:
        return None
    new = f"b{scene.draft.serial + 1}"
    draft = replace(scene.draft.named(name, new), serial=scene.draft.serial + 1)
    return Proposal(name=f"call {name} {new} bare", draft=draft, refused=True)


def empty(rng: Random, scene: Scene) -> Proposal | None:
    if not _protected(scene):
        return None
    return Proposal(name="empty the file", draft=replace(scene.draft, lines={}), refused=True)


def renumber(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, [key for key in _protected(scene) if "phone_number" in scene.draft.lines[key]])
    if name is None or scene.draft.lines[name].get("adopt"):
        return None
    line = scene.draft.lines[name]
    draft = scene.draft.setting(name, phone_number=number_of(500 + scene.draft.serial, line["provider"]))
    return Proposal(name=f"renumber {name}", draft=draft, refused=True)


def change_provider(rng: Random, scene: Scene) -> Proposal | None:
    name = _any(rng, [key for key in _protected(scene) if scene.draft.lines[key]["provider"] == "twilio"])
    if name is None or scene.draft.lines[name].get("adopt") or scene.draft.lines[name].get("trunk") == "pool":
        return None
    wish = {"country": "GB", "type": "mobile"}
    draft = scene.draft.setting(
        name, provider="vonage", country="GB", search=wish, phone_number=None, trunk=None, repurchase=None
    )
    return Proposal(name=f"move {name} to vonage", draft=draft, refused=True)


def swap(rng: Random, scene: Scene) -> Proposal | None:
    """Two lines of one carrier exchange their numbers; or a new line gets the number of one that leaves."""
    named = [key for key in _protected(scene) if "phone_number" in scene.draft.lines[key]]
    pairs = [(a, b) for a in named for b in named if a < b and _alike(scene.draft, a, b)]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    first, second = scene.draft.lines[one]["phone_number"], scene.draft.lines[other]["phone_number"]
    draft = scene.draft.setting(one, phone_number=second).setting(other, phone_number=first)
    return Proposal(name=f"swap {one} and {other}", draft=draft, refused=True)


def hand_over(rng: Random, scene: Scene) -> Proposal | None:
    """A marked line leaves, and a new one names its number in the same edit."""
    leaving = [*scene.draft.marked("release"), *scene.draft.marked("keep")] if scene.settled else []
    name = _any(rng, [key for key in leaving if key in scene.numbers and "phone_number" in scene.draft.lines[key]])
    if name is None or scene.draft.lines[name].get("trunk") == "pool":
        return None
    new = f"h{scene.draft.serial + 1}"
    line = {**scene.draft.lines[name], "removal": "protect"}
    line.pop("renamed_from", None)
    draft = replace(scene.draft.without(name).having(new, line), serial=scene.draft.serial + 1)
    return Proposal(name=f"hand {name} over to {new}", draft=draft, refused=True)


def take_foreign(rng: Random, scene: Scene) -> Proposal | None:
    """A number of somebody else's in the same account, without `adopt`; or `adopt` of one that is in no account."""
    if not scene.settled:
        return None
    serial = scene.draft.serial + 1
    trunk = {"trunk": "main"} if scene.draft.trunks else {}
    line: dict[str, Any] = {
        "provider": "twilio",
        "phone_number": rng.choice(scene.foreign),
        "agent": "support",
        **trunk,
    }
    if rng.random() < 0.3:
        line |= {"phone_number": number_of(700 + serial, "twilio"), "adopt": True}
    return Proposal(
        name="take a foreign number", draft=replace(scene.draft.having(f"f{serial}", line), serial=serial), refused=True
    )


def exceed_guard(rng: Random, scene: Scene) -> Proposal | None:
    if not scene.settled or scene.vanished:
        return None
    draft = add_line(rng, add_line(rng, scene.draft, "twilio-search"), "vonage-number")
    limits = {"max_purchases": 1} if rng.random() < 0.5 else {"max_monthly_increase": {"USD": 1}}
    return Proposal(name="exceed the guard", draft=replace(draft, guard={**draft.guard, **limits}), refused=True)


# An edit that stands here several times is drawn more often.
ACCEPTED: tuple[Edit, ...] = (
    *(again, adopt, vanish, drift),
    *(change, rename, lose, repurchase) * 2,
    *(add, mark) * 3,
    *(remove,) * 4,
)
DIRTY: tuple[Edit, ...] = (again, again, add, change, mark, *(revert,) * 4)
REFUSED: tuple[Edit, ...] = (
    remove_unmarked,
    mark_and_remove_at_once,
    empty,
    renumber,
    change_provider,
    swap,
    hand_over,
    take_foreign,
    exceed_guard,
)


def propose(rng: Random, scene: Scene) -> Proposal:
    """Draw edits until one applies."""
    choices = DIRTY if not scene.settled else REFUSED if rng.random() < 0.2 else ACCEPTED
    for _ in range(8):
        proposal = rng.choice(choices)(rng, scene)
        if proposal is not None:
            return proposal
    return again(rng, scene)


def _any(rng: Random, names: object) -> str | None:
    listed = sorted(names)  # type: ignore[call-overload]
    return rng.choice(listed) if listed else None


def _protected(scene: Scene) -> list[str]:
    """Established lines without a mark: those whose removal nobody has announced."""
    if not scene.settled:
        return []
    return [
        name
        for name, line in sorted(scene.draft.lines.items())
        if line.get("removal", "protect") == "protect" and (line["provider"] not in CARRIERS or name in scene.numbers)
    ]


def _named(draft: Draft, number: str) -> bool:
    return any(line.get("phone_number") == number for line in draft.lines.values())


def _alike(draft: Draft, one: str, other: str) -> bool:
    first, second = draft.lines[one], draft.lines[other]
    return all(first.get(key) == second.get(key) for key in ("provider", "trunk", "adopt", "inbound"))
