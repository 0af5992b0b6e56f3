"""Edits of what no line says: passwords of trunks, and what is accepted beside the lines."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.faults.draft import Draft, add_line, adopt_line
from tests.faults.proposal import Proposal, one_of
from tests.faults.tenant import Tenant

OFTEN = 0.12
"""How often each of them takes the place of another edit."""
PASSWORDS = ("twilioTermination", "twilioSipPassword")


def propose(rng: Random, tenant: Tenant) -> Proposal | None:
    """Draw one, or none."""
    fate = rng.random()
    if not tenant.settled or fate >= 2 * OFTEN:
        return None
    return rotate(rng, tenant) if fate < OFTEN else accept(rng, tenant)


def rotate(rng: Random, tenant: Tenant) -> Proposal | None:
    """A trunk gets the other password, often beside a line that comes."""
    draft = tenant.draft
    name = one_of(rng, draft.trunks)
    if name is None:
        return None
    old = draft.trunks[name]["auth_password"]["secret"]
    new = {**draft.trunks[name], "auth_password": {"secret": next(each for each in PASSWORDS if each != old)}}
    scene = tenant.scene()
    free = [number for number in scene.adoptable if number not in scene.barred]
    rotated = _and_more(rng, replace(draft, trunks={**draft.trunks, name: new}), free)
    return Proposal(name=f"rotate the password of {name}", draft=rotated, is_rotation=True)


def accept(rng: Random, tenant: Tenant) -> Proposal | None:
    """Somebody else's object is meant to be there."""
    accepted = tenant.draft.accepted
    id_ = one_of(rng, set(tenant.beside()) - set(accepted))
    return Proposal(name=f"accept {id_}", draft=replace(tenant.draft, accepted=(*accepted, id_))) if id_ else None


def _and_more(rng: Random, draft: Draft, adoptable: list[str]) -> Draft:
    named = {line.get("phone_number") for line in draft.lines.values()}
    free = [number for number in adoptable if number not in named]
    fate = rng.random()
    if fate < 0.4:
        return add_line(rng, draft)
    return adopt_line(draft, rng.choice(free)) if fate < 0.85 and free else draft
