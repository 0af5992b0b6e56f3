"""What an operator, or the world around, does between two runs of the simulation.

Each edit takes a random source and a `Scene`, and gives a `Proposal`, or None where it does not apply.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.faults.draft import AGENTS, CALLERS, Draft, add_line, adopt_line, is_pool
from tests.faults.forbidden import REFUSED
from tests.faults.proposal import Edit, Proposal, Scene, one_of


def again(rng: Random, scene: Scene) -> Proposal:
    return Proposal(name="again", draft=scene.draft)


def add(rng: Random, scene: Scene) -> Proposal:
    return Proposal(name="add", draft=add_line(rng, scene.draft))


def change(rng: Random, scene: Scene) -> Proposal | None:
    """An everyday edit: each of its fields is changed in place."""
    name = one_of(rng, scene.draft.lines)
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
    if scene.draft.lines[name]["provider"] == "livekit" and field_ not in ("agent", "label"):
        return None  # No trunk keeps the others.
    if field_ == "allowed_callers" and "callers" in scene.draft.lines[name]:
        return None  # Whom the trunk keeps out no rule answers.
    draft = scene.draft
    for mate in _mates(draft, name):
        if field_ != "agent" or draft.lines[mate].get("inbound", True):
            draft = draft.setting(mate, **{field_: value})
    return Proposal(name=f"change {field_} of {name}", draft=draft)


def callers(rng: Random, scene: Scene) -> Proposal | None:
    """Give some callers of a line to others: entries come and go, and callers move between them."""
    able = [
        name
        for name, line in scene.draft.lines.items()
        if line.get("inbound", True) and line["provider"] != "livekit" and not line.get("adopt")
    ]
    if (name := one_of(rng, able)) is None:
        return None
    given: dict[str, list[str]] = {}
    for caller in CALLERS:
        if entry := rng.choice(("", "vip", "late", "gold")):
            given.setdefault(entry, []).append(caller)
    said = {entry: {"from": given[entry], "agent": rng.choice(sorted(AGENTS))} for entry in sorted(given)}
    draft = scene.draft
    for mate in _mates(draft, name):
        draft = draft.setting(mate, callers=said or None, allowed_callers=None)
    return Proposal(name=f"callers of {name}: {given}", draft=draft)


def _mates(draft: Draft, name: str) -> list[str]:
    """Give the lines that agree with one, itself among them."""
    pool = is_pool(draft.lines[name].get("trunk"))
    return [key for key, line in draft.lines.items() if is_pool(line.get("trunk"))] if pool else [name]


def mark(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(rng, [key for key in scene.draft.lines if "repurchase" not in scene.draft.lines[key]])
    if name is None:
        return None
    how = rng.choice(("release", "release", "keep", "protect"))
    return Proposal(name=f"mark {name} {how}", draft=scene.draft.setting(name, removal=how))


def remove(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(rng, [*scene.draft.marked("release"), *scene.draft.marked("keep")]) if scene.settled else None
    return Proposal(name=f"remove {name}", draft=scene.draft.without(name)) if name else None


def rename(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(
        rng, [key for key, line in scene.draft.lines.items() if "renamed_from" not in line and key not in scene.common]
    )
    if name is None or not scene.settled:
        return None
    new = f"r{scene.draft.serial + 1}"
    draft = replace(scene.draft.named(name, new, renamed_from=name), serial=scene.draft.serial + 1)
    return Proposal(name=f"rename {name} to {new}", draft=draft, renames={new: name})


def revert(rng: Random, scene: Scene) -> Proposal | None:
    if scene.settled or scene.before is None or not scene.reversible:
        return None
    return Proposal(name="revert", draft=replace(scene.before, serial=scene.draft.serial))


def older(rng: Random, scene: Scene) -> Proposal | None:
    """A pipeline applies an earlier commit of the file."""
    if not scene.history or scene.vanished:
        return None
    draft = rng.choice(scene.history)
    return Proposal(name="older commit", draft=replace(draft, serial=scene.draft.serial), is_older=True)


def adopt(rng: Random, scene: Scene) -> Proposal | None:
    """One whose objects at LiveKit serve somebody else too must be refused."""
    free = [number for number in scene.adoptable if not _named(scene.draft, number)]
    barred = [number for number in free if number in scene.barred and scene.settled and scene.calm]
    open_ = [number for number in free if number not in scene.barred]
    if barred and (not open_ or rng.random() < 0.4):
        return Proposal(name=f"adopt {barred[0]}", draft=adopt_line(scene.draft, barred[0]), refused=True)
    if not open_:
        return None
    return Proposal(name=f"adopt {open_[0]}", draft=adopt_line(scene.draft, open_[0]))


def vanish(rng: Random, scene: Scene) -> Proposal | None:
    lines = [
        name for name in scene.numbers if name not in scene.vanished and "repurchase" not in scene.draft.lines[name]
    ]
    name = one_of(rng, lines) if scene.settled else None
    return Proposal(name=f"{name} vanishes", draft=scene.draft, hand=f"vanish {name}") if name else None


def repurchase(rng: Random, scene: Scene) -> Proposal | None:
    name = one_of(rng, sorted(scene.vanished & set(scene.draft.lines)))
    if name is None or scene.draft.lines[name].get("removal", "protect") != "protect" or not scene.settled:
        return None
    if scene.draft.lines[name].get("adopt"):
        return None
    return Proposal(name=f"repurchase {name}", draft=scene.draft.setting(name, repurchase=True), hand=f"unsell {name}")


def give_up(rng: Random, scene: Scene) -> Proposal | None:
    """The operator has looked in the carrier's console: it is not there."""
    waiting = set(scene.ordered) - set(scene.numbers)
    name = one_of(rng, [name for name in waiting if "search" in scene.draft.lines[name]])
    if name is None:
        return None
    return Proposal(name=f"give up for {name}", draft=scene.draft.setting(name, give_up=scene.ordered[name]))


def drift(rng: Random, scene: Scene) -> Proposal | None:
    return Proposal(name="drift", draft=scene.draft, hand="drift") if scene.settled else None


def lose(rng: Random, scene: Scene) -> Proposal | None:
    if scene.vanished or (scene.draft.pool and not scene.settled):
        return None
    return Proposal(name="lose the state", draft=scene.draft, hand="lose")


# An edit that stands here several times is drawn more often.
ACCEPTED: tuple[Edit, ...] = (
    *(again, vanish, drift, older),
    *(change, rename, lose, repurchase) * 2,
    *(add, adopt, mark) * 3,
    *(remove,) * 4,
)
DIRTY: tuple[Edit, ...] = (again, again, give_up, add, adopt, change, mark, older, lose, lose, *(revert,) * 4)


def propose(rng: Random, scene: Scene) -> Proposal:
    """Draw edits until one applies."""
    choices = DIRTY if not scene.settled else REFUSED if scene.calm and rng.random() < 0.2 else ACCEPTED
    if scene.draft.calling and choices is not REFUSED and rng.random() < 0.4:
        choices = (callers,)
    for _ in range(8):
        proposal = rng.choice(choices)(rng, scene)
        if proposal is not None:
            return proposal
    return again(rng, scene)


def _named(draft: Draft, number: str) -> bool:
    return any(line.get("phone_number") == number for line in draft.lines.values())
