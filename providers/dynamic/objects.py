"""Create, read, update and delete of one vendor object, safe to repeat: the same for every kind.

Ours is what the state names by id, or what carries the tag of this fleet and this line (or a former name of it), or
what lives in a parent of ours. Anything else is foreign, and touched only where the line says `adopt: true`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.dynamic import homes, natural, unmanaged, witness
from providers.dynamic.ownership import MOVE
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS, Kind, claimed
from providers.port import Adapter, Observed
from trunkline.errors import Reason, Refusal, Rejected, UnknownOutcome
from trunkline.model.tag import LONGEST, Tag, with_notes

CHANGED_SECRET = "(changed outside of Trunkline)"
_LOOKS, _PAUSE = 3, 1.0

# The note behind the tag of an object that was there before: nothing but `removal: release` deletes it.
ADOPTED = "adopted"

# The output that keeps which tag was ours where a refresh has read another stack's in its place.
OUR_TAG = "ourTag"


@dataclass(frozen=True, slots=True)
class Found:
    """Our object, and further ones with the same tag that an interrupted or concurrent run left."""

    observed: Observed | None
    duplicates: tuple[Observed, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The object as it stands now, whether this very call created it, and how it was before it carried our tag."""

    observed: Observed
    created: bool
    former: Observed | None = None


def scope_of(adapter: Adapter, props: Mapping[str, Any]) -> str:
    """Give the parent's id of kinds that live in one, else ""."""
    return str(props[adapter.scope_field]) if adapter.scope_field else ""


def tags_of(props: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags that make an object ours: the present one and those of former names."""
    present = props.get(OUR_TAG) or props.get("tag", "")
    return tuple(tag for tag in (present, *props.get("formerTags", ()), props.get("sharedTag", "")) if tag)


def our_tag(runtime: Runtime, recorded: Mapping[str, Any], seen: str) -> dict[str, str]:
    """Give, for what a refresh records, which tag was ours where the object carries another stack's by now.

    A refresh shows the tag that it sees; deleted is in the same run what carries ours, and never what has moved on.
    """
    ours = recorded.get(OUR_TAG) or recorded.get("tag", "")
    was, now = Tag.parse(ours), Tag.parse(seen)
    if was is None or now is None or now.fleet == was.fleet or now.fleet.startswith(f"{was.fleet}/"):
        return {}
    runtime.own_tags.add(ours)
    return {OUR_TAG: ours}


def keeping_shared_tag(runtime: Runtime, olds: Mapping[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Leave an object of the state the tag that earlier versions gave it; only a new one needs to know both.

    Where a refresh has seen that tag in place of the one that is recorded, the answer shows the past.
    """
    shared = inputs.get("sharedTag")
    if shared and olds:
        del inputs["sharedTag"]
        if olds.get("tag") == shared and inputs["tag"] not in runtime.own_tags:
            inputs["formerTags"] = [*inputs.get("formerTags", ()), inputs["tag"]]
            inputs["tag"] = shared
    return inputs


def as_tagged(desired: Mapping[str, Any], tag: str) -> Mapping[str, Any]:
    """Leave an object that is taken back the tag that earlier versions gave it."""
    return {**desired, "tag": tag} if tag and tag == desired.get("sharedTag") else desired


def find_ours(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], *, fresh: bool = False) -> Found:
    """Look for our object in the listing of its kind; of several, the first of `all_ours` is it."""
    ours = all_ours(runtime, kind, desired, fresh=fresh)
    return Found(ours[0], tuple(ours[1:])) if ours else Found(None)


def all_ours(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], *, fresh: bool = True) -> list[Observed]:
    """Give our objects in the listing of the kind, the one that counts first.

    That is one which stands for what is desired already, and among such one with the present tag, with the smallest id.
    """
    adapter = runtime.adapter(kind.name)
    listing = runtime.listing(kind.name, scope_of(adapter, desired), fresh=fresh)
    tags = tags_of(desired)
    ours = [one for one in listing if one.tag and one.tag in tags]
    if not ours and kind.parent:
        known = runtime.standing.get((kind.name, desired.get("tag", "")))
        ours = [one for one in listing if natural.same_key(kind, one, desired) or (known and one.id == known.id)]
    shared, former = desired.get("sharedTag"), desired.get("formerTags", ())
    return sorted(
        ours,
        key=lambda one: (one.tag == shared, not natural.same_key(kind, one, desired), one.tag in former, one.id),
    )


def differing(adapter: Adapter, observed: Observed, desired: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the managed properties in which the object is not as desired; hidden ones cannot be told."""
    live = observed.every
    fields = (name for name in KINDS[adapter.kind].managed(desired) if name not in adapter.hidden)
    return tuple(name for name in fields if live[name] != desired[name])


def adopt_or_create(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], notes: Iterable[str] = ()) -> Outcome:
    """Take what is ours and bring it up to date, or create it, with notes behind its tag; never a second one.

    Raises Refusal for a foreign object with the same natural key, and the vendor's errors. After an unknown outcome it
    looks again, and raises rather than write a second time.
    """
    with homes.one_by_one(runtime, kind.name, desired):
        return _adopt_or_create(runtime, kind, desired, notes)


def _adopt_or_create(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], notes: Iterable[str]) -> Outcome:
    adapter = runtime.adapter(kind.name)
    found = find_ours(runtime, kind, desired).observed or _adoptable(runtime, kind, desired)
    if found is None:
        try:
            homes.make_way(runtime, kind.name, desired)
            noted = {"tag": with_notes(desired["tag"], notes)} if notes else {}
            return Outcome(adapter.create({**desired, **noted}), created=True)
        except UnknownOutcome as error:
            found = _look_again(runtime, kind, desired, error)
        except Rejected as error:
            if error.reason is not Reason.CONFLICT:
                raise
            found = find_ours(runtime, kind, desired, fresh=True).observed or _adoptable(runtime, kind, desired)
            if found is None:
                raise
    return _take(runtime, kind, found, as_tagged(desired, found.tag))


def _take(runtime: Runtime, kind: Kind, found: Observed, desired: Mapping[str, Any]) -> Outcome:
    """Update in place what differs; writes nothing where nothing does.

    A listing may be older than the object: before a write it is read again, and left where it is not as it was listed.
    """
    adapter = runtime.adapter(kind.name)
    if adapter.hidden:
        known = witness.confirms(runtime, kind.name, desired)
        return Outcome(found if known else adapter.update(found, desired), created=False)
    if not differing(adapter, found, unmanaged.settled(desired, found.props, {})):
        return Outcome(found, created=False)
    fresh = _read_again(adapter, kind, found, desired)
    former = fresh if desired.get("tag") and fresh.tag not in tags_of(desired) else None
    managed = homes.keeping(runtime, kind.name, fresh, unmanaged.settled(desired, fresh.props, {}))
    fresh = homes.gather(runtime, kind.name, fresh, managed)
    wanted = keeping_notes(fresh, managed)
    noted = with_notes(desired["tag"], (ADOPTED,)) if former is not None and kind.noted else ""
    if noted and len(noted) <= LONGEST:
        # A run that is killed now records nothing: the next one must know that the object was there before.
        wanted = {**wanted, "tag": noted}
    return Outcome(adapter.update(fresh, wanted), created=False, former=former)


def _read_again(adapter: Adapter, kind: Kind, found: Observed, desired: Mapping[str, Any]) -> Observed:
    """Raises Refusal where the object went away, is somebody's meanwhile, or serves what this line does not name."""
    fresh = adapter.get(found.id, scope_of(adapter, desired))
    if fresh is None:
        raise Refusal(f"{kind.name} {found.id} went away during this run. Nothing was changed. Run `pulumi up` again.")
    refuse_taken_over(kind, fresh, desired)
    if fresh.tag in tags_of(desired):
        return fresh
    others = tuple(
        element
        for name in kind.natural
        if isinstance(desired[name], list)
        for element in unmanaged.strangers(desired[name], fresh.props[name])
    )
    as_listed = natural.same_key(kind, fresh, found.props if kind.parent else desired)
    if others or not as_listed:
        serves = ", ".join(others) or "another one"
        raise Refusal(
            f"{kind.name} {found.id} serves {serves} by now, beside {natural.key_text(kind, desired)} or in its place."
            " Nothing was changed. Run `pulumi preview` again."
        )
    return fresh


def keeping_notes(observed: Observed, desired: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what is desired of an object with the notes behind its tag: of adoption, and about the numbers it keeps."""
    numbers = claimed(desired)
    kept = [note for note in observed.notes if note == ADOPTED or note.partition("=")[2] in numbers]
    return {**desired, "tag": with_notes(desired["tag"], kept)} if kept else desired


def refuse_taken_over(kind: Kind, observed: Observed, desired: Mapping[str, Any]) -> None:
    """Refuse to write on an object that another line or fleet has tagged since; a tag edited away is put back."""
    owner = Tag.parse(observed.tag)
    if owner is not None and observed.tag not in tags_of(desired):
        raise Refusal(
            f"{kind.name} {observed.id} now belongs to {owner.describe()}. It was left as it is."
            " Mark the line here with `removal: keep`, apply, and remove it; or take the tag off there."
            f"{edited_state(owner, desired)}"
        )


def edited_state(owner: Tag, desired: Mapping[str, Any]) -> str:
    """Give the way out where the state has the id of another line of this stack, as after an edit by hand."""
    ours = Tag.parse(desired["tag"])
    if ours is None or ours.fleet != owner.fleet:
        return ""
    return (
        " Where nobody gave it to that line, the state was edited and has its id here: take this entry out"
        " (`pulumi state delete`; the object stays), and the next `pulumi up` finds the line's own by its tag."
    )


def _adoptable(runtime: Runtime, kind: Kind, desired: Mapping[str, Any]) -> Observed | None:
    """Give the foreign object with the same natural key where the line says `adopt: true`; refuse it otherwise."""
    if not kind.natural or kind.parent:
        return None
    adapter = runtime.adapter(kind.name)
    listing = runtime.listing(kind.name, scope_of(adapter, desired))
    alike = (one for one in listing if natural.same_key(kind, one, desired))
    same = sorted((one for one in alike if not _is_beside(runtime, kind, one, desired)), key=lambda one: one.id)
    if not same or not (kind.exclusive or desired.get("adopt")):
        return None
    names = ", ".join(f"{one.id} ({_owner(one)})" for one in same)
    if any(Tag.parse(one.tag) for one in same):
        raise Refusal(
            f"{kind.name}: {natural.key_text(kind, desired)} is in use by {names}. Nothing was changed. {MOVE}."
        )
    if not desired.get("adopt"):
        raise Refusal(
            f"{kind.name}: {natural.key_text(kind, desired)} is already in use by {names}. Nothing was changed."
            " Set `adopt: true` on the line to take it over in place, or remove it at the vendor."
        )
    if len(same) > 1:
        raise Refusal(
            f"{kind.name}: several objects have {natural.key_text(kind, desired)}: {names}. Nothing was changed."
            " Remove all but the one to adopt at the vendor."
        )
    shown = runtime.standing.get((kind.name, desired["tag"]))
    if runtime.wanted is not None and (shown is None or shown.id != same[0].id):
        raise Refusal(
            f"{kind.name}: {names} was not there when this update was planned, and is not adopted unseen. Nothing was"
            " changed. Run `pulumi preview` again."
        )
    return same[0]


def _is_beside(runtime: Runtime, kind: Kind, one: Observed, desired: Mapping[str, Any]) -> bool:
    """Whether an object of this stack is no obstacle: it gives its numbers, or several of its kind may hold them."""
    tag, ours = Tag.parse(one.tag), {known.fleet for text in tags_of(desired) if (known := Tag.parse(text))}
    alike = tag is not None and tag.fleet in ours and (not kind.exclusive or natural.answers_some(kind, one))
    adopted = natural.answers_some(kind, one, runtime.standing)
    return alike or adopted or homes.makes_way(runtime, kind.name, one, desired)


def _owner(observed: Observed) -> str:
    owner = Tag.parse(observed.tag)
    return f"of {owner.describe()}" if owner else "not made by Trunkline"


def _look_again(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], error: UnknownOutcome) -> Observed:
    """Find what a write without an answer made; vendors' lists may lag, so look more than once."""
    for look in range(_LOOKS):
        found = find_ours(runtime, kind, desired, fresh=True).observed
        if found is not None:
            return found
        if look + 1 < _LOOKS:
            runtime.policy.sleep(_PAUSE * 2**look)
    raise error
