"""Edits that the gate must refuse without a write.

They are proposed only on a scene that has settled, where nothing else can explain a refusal.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from tests.faults.draft import Draft, add_line, is_pool, number_of
from tests.faults.market import CARRIERS
from tests.faults.proposal import Edit, Proposal, Scene, one_of
from tests.faults.surroundings import FOREIGN_OWN


def remove_unmarked(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(rng, _protected(scene))
    return Proposal(name=f"drop {name} unmarked", draft=scene.draft.without(name), refused=True) if name else None


def mark_and_remove_at_once(rng: Random, scene: Scene) -> Proposal | None:
    """The renamed line without `renamed_from` is both: a removal without a mark, and a number held by another line."""
    name = one_of(rng, _protected(scene))
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
    name = one_of(rng, [key for key in _protected(scene) if "phone_number" in scene.draft.lines[key]])
    if name is None or scene.draft.lines[name].get("adopt"):
        return None
    line = scene.draft.lines[name]
    draft = scene.draft.setting(name, phone_number=number_of(500 + scene.draft.serial, line["provider"]))
    return Proposal(name=f"renumber {name}", draft=draft, refused=True)


def change_provider(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(rng, [key for key in _protected(scene) if scene.draft.lines[key]["provider"] == "twilio"])
    if name is None or scene.draft.lines[name].get("adopt") or is_pool(scene.draft.lines[name].get("trunk")):
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
    name = one_of(rng, [key for key in leaving if key in scene.numbers and "phone_number" in scene.draft.lines[key]])
    if name is None or is_pool(scene.draft.lines[name].get("trunk")):
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
    trunk = {"trunk": scene.draft.trunk} if scene.draft.trunk else {}
    line: dict[str, Any] = {
        "provider": "twilio",
        "phone_number": rng.choice(scene.foreign),
        "agent": "support",
        **trunk,
    }
    if scene.draft.own and rng.random() < 0.5:
        line = {"provider": "livekit", "phone_number": rng.choice(FOREIGN_OWN), "agent": "support"}
    elif rng.random() < 0.3:
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


def _protected(scene: Scene) -> list[str]:
    """Established lines without a mark: those whose removal nobody has announced."""
    if not scene.settled:
        return []
    return [
        name
        for name, line in sorted(scene.draft.lines.items())
        if line.get("removal", "protect") == "protect" and (line["provider"] not in CARRIERS or name in scene.numbers)
    ]


def _alike(draft: Draft, one: str, other: str) -> bool:
    first, second = draft.lines[one], draft.lines[other]
    return all(first.get(key) == second.get(key) for key in ("provider", "trunk", "adopt", "inbound"))
