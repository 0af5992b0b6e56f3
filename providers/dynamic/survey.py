"""What the vendors hold, read once for the Fleet: the ledger that all its judgements rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from providers.dynamic import reach
from providers.dynamic.ahead import Ahead
from providers.dynamic.ownership import Ownership
from providers.dynamic.runtime import Runtime
from providers.kinds import CLAIM_KINDS, SWEPT_KINDS, claimed, is_claim
from providers.port import Observed, OwnedNumber
from trunkline.calls import canonical
from trunkline.model.tag import Tag

# The notes behind a claim's tag, each with the number that it is about: a purchase was, or may have been, sent by
# another process than the one that made the claim; the sole purchase ever sent was seen to be refused; the number is
# asked for where numbers carry no tags, so that the claim alone tells whose it is; and it was picked by a search, so
# that until it comes the claim alone tells which one was asked for.
AGAIN, UNAVAILABLE, UNTAGGED, PICKED = "again", "unavailable", "untagged", "picked"
ALONE = frozenset({UNTAGGED, PICKED})
"""The notes which say that the claim alone tells something: there from its creation on, for as long as it stands."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A number in a tagged LiveKit trunk. It may be on order, unless it is known to be unavailable."""

    number: str
    trunk: Observed

    @property
    def is_unavailable(self) -> bool:
        """Whether the sole purchase that was ever sent for it was seen to be answered so."""
        return is_noted(self.trunk, UNAVAILABLE, self.number)


def is_noted(trunk: Observed, word: str, number: str) -> bool:
    """Whether a note about a number stands behind a trunk's tag."""
    return f"{word}={number}" in trunk.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`owned`: provider -> number -> what the account holds. `objects`: kind -> all objects of that kind.

    `whose` tells this stack's from others.
    """

    whose: Ownership
    owned: Mapping[str, Mapping[str, OwnedNumber]]
    objects: Mapping[str, Sequence[Observed]]
    tagless: frozenset[str] = frozenset()
    """The owned numbers that cannot carry a tag, whose claim speaks for them."""
    before: Survey | None = None
    """What an earlier listing of this run showed: a claim that either shows is one."""
    by_number: dict[str, Mapping[str, tuple[Observed, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Kind -> number -> the objects in which it stands, for the kinds that were asked for."""
    by_tag: dict[str, Mapping[str, tuple[Observed, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was asked for -> tag -> the objects that carry it."""
    bought: dict[str, Mapping[str, Sequence[OwnedNumber]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Provider -> tag -> the numbers that carry it, by number, for the providers that were asked for."""

    @classmethod
    def take(
        cls, runtime: Runtime, whose: Ownership, needed: frozenset[str], *, before: Survey | None = None
    ) -> Survey:
        """Read one listing of each kind and of each carrier's numbers, fresh ones after the survey `before`.

        They are asked for side by side. Raises the vendors' errors, but for a vendor that is not `needed`: what it
        holds is left out then.
        """
        fresh, ahead = before is not None, Ahead(runtime.at_once)
        carriers = [(name, name) for name in sorted(runtime.vendors.carriers)]
        kinds = [(runtime.vendors.vendor_of[kind], kind) for kind in SWEPT_KINDS if kind in runtime.vendors.adapters]
        listings = {kind: ahead.later(partial(runtime.listing, kind, fresh=fresh)) for _, kind in kinds}
        objects = reach.listed(runtime, kinds, needed, lambda kind: listings[kind]())
        if any(Tag.parse(rule.tag) and claimed(rule.props) for rule in objects.get("DispatchRule", ())):
            # The record of a line may be lost, and its number is paid for.
            runtime.sellers.update(runtime.vendors.carriers)
        accounts = {name: ahead.later(partial(runtime.owned, name, fresh=fresh)) for name, _ in carriers}
        owned = reach.listed(runtime, carriers, needed, lambda name: accounts[name]())
        tagless = (numbers for name, numbers in owned.items() if not runtime.carrier(name).keeps_tags)
        return cls(
            whose=whose,
            owned=owned,
            tagless=frozenset(number for numbers in tagless for number in numbers),
            objects=objects,
            before=before,
        )

    def owner_of(self, tag: str) -> str:
        """Give the owner in this stack that a tag names, "" for any other text."""
        return self.whose.owner_of(tag)

    def tagged_numbers(self, provider: str, owners: Iterable[str]) -> list[OwnedNumber]:
        """Give the numbers in the account that carry the tag of one of the owners; the present tag counts first."""
        if provider not in self.bought:
            by_tag: dict[str, list[OwnedNumber]] = {}
            for _, one in sorted(self.owned.get(provider, {}).items()):
                by_tag.setdefault(one.tag, []).append(one)
            self.bought[provider] = by_tag
        held = self.bought[provider]
        return [one for tag in dict.fromkeys(self._tags_of(owners)) for one in held.get(tag, ())]

    def claimed_numbers(self, owners: Iterable[str]) -> tuple[str, ...]:
        """Give the numbers in the tagged LiveKit trunks of the owners; the smallest trunk id counts first."""
        tags = self._tags_of(owners)
        trunks = _by_id(tags, self._tagged("claims", self.claims))
        return tuple(dict.fromkeys(canonical(number) for trunk in trunks for number in claimed(trunk.props)))

    def asked_for(self, owners: Iterable[str]) -> tuple[Claim, ...]:
        """Give what the owners may have ordered; the smallest trunk id counts first.

        A number is ordered when the trunk for calls in holds it; where there is none, the one for calls out.
        """
        tags = self._tags_of(owners)
        for kind in CLAIM_KINDS:
            shown = self._tagged(f"shown {kind}", partial(self._shown, kind))
            trunks = [one for one in _by_id(tags, shown) if is_claim(one.props)]
            if trunks:
                claims = (Claim(canonical(number), trunk) for trunk in trunks for number in claimed(trunk.props))
                return tuple({claim.number: claim for claim in reversed(tuple(claims))}.values())[::-1]
        return ()

    def _shown(self, kind: str) -> list[Observed]:
        """Give the objects that this listing shows, or only the one before, sorted by id."""
        before = {one.id: one for one in self.before.objects.get(kind, ())} if self.before else {}
        shown = before | {one.id: one for one in self.objects.get(kind, ())}
        return [shown[id_] for id_ in sorted(shown)]

    def _tagged(self, what: str, objects: Callable[[], Iterable[Observed]]) -> Mapping[str, tuple[Observed, ...]]:
        """Give objects by tag. Each line asks for its own: they are walked once and not once a line."""
        if what not in self.by_tag:
            found: dict[str, list[Observed]] = {}
            for one in objects():
                found.setdefault(one.tag, []).append(one)
            self.by_tag[what] = {tag: tuple(each) for tag, each in found.items()}
        return self.by_tag[what]

    def _tags_of(self, owners: Iterable[str]) -> list[str]:
        return sorted(
            (tag for owner in owners for tag in self.whose.tags_of(owner)),
            key=lambda tag: not self.whose.scoped_owner_of(tag),
        )

    def spoken_for(self) -> frozenset[str]:
        """Give the numbers that stand in the tagged LiveKit trunks of other stacks: bought, or on order."""
        theirs = (trunk for trunk in self.claims() if self.whose.stranger(trunk.tag))
        return frozenset(canonical(number) for trunk in theirs for number in claimed(trunk.props))

    def claims(self) -> tuple[Observed, ...]:
        """Give all LiveKit trunks, and the rules that claim numbers which no trunk carries."""
        return tuple(one for kind in CLAIM_KINDS for one in self.objects.get(kind, ()) if is_claim(one.props))

    def holders(self, number: str) -> tuple[Observed, ...]:
        """Give the LiveKit inbound trunks, or the rules that do without, of anybody, in which a number stands."""
        return (*self._standing("InboundTrunk", number), *self._standing("DispatchRule", number))

    def holders_out(self, number: str) -> tuple[Observed, ...]:
        """Give the LiveKit outbound trunks, of anybody, in which a number stands."""
        return self._standing("OutboundTrunk", number)

    def _standing(self, kind: str, number: str) -> tuple[Observed, ...]:
        """Look a number up among those of a kind's objects, however it is written there.

        Each line asks for its own: the objects are walked once and not once a line.
        """
        if kind not in self.by_number:
            found: dict[str, list[Observed]] = {}
            for one in self.objects.get(kind, ()):
                for each in dict.fromkeys(map(canonical, claimed(one.props))):
                    found.setdefault(each, []).append(one)
            self.by_number[kind] = {each: tuple(objects) for each, objects in found.items()}
        return self.by_number[kind].get(canonical(number), ())

    def claimant(self, number: str) -> Tag | None:
        """Give the tag of the LiveKit trunk that speaks for a number: one for calls in first, ours before others'."""
        for trunks in (self.holders(number), self.holders_out(number)):
            tags = [tag for trunk in trunks if (tag := Tag.parse(trunk.tag)) is not None]
            if tags:
                return next((tag for tag in tags if self.owner_of(str(tag))), tags[0])
        return None

    def has_heard_of(self, provider: str, number: str, owners: Iterable[str]) -> bool:
        """Whether an account may have a number: it lists it, a trunk speaks for it, or the owners have ordered any."""
        return number in self.owned[provider] or self.claimant(number) is not None or bool(self.asked_for(owners))

    def is_of(self, owned: OwnedNumber, line: Mapping[str, Any]) -> bool:
        """Whether a number in the account, which a line of the record names, is this stack's.

        Its tag says so, or the trunk or rule that speaks for it. Where neither says anything, the record does: of a
        line that adopts it or has ordered it. What an update chose alone anybody may have got since.
        """
        holder = Tag.parse(owned.tag) or self.claimant(owned.number)
        if holder is not None:
            return bool(self.owner_of(str(holder)))
        return bool(line.get("adopt") or line.get("ordered"))

    def may_have(self, line: Mapping[str, Any]) -> bool:
        """Whether the account has a recorded line's number, or may have.

        One that the line adopts was there before the line: where it is not shown the answers may lag.
        """
        owned, held = self.owned.get(line["provider"], {}).get(line.get("phoneNumber", "")), bool(line.get("held"))
        if line.get("adopt"):
            return owned is not None or held
        return owned is not None and (held or self.is_of(owned, line))

    def is_lost(self, number: str, owned: OwnedNumber | None, *, inbound: bool) -> bool:
        """Whether another stack has got a number, by the tag of the `owned` one, or by its sole trunk for calls in."""
        if owned is not None and Tag.parse(owned.tag) is not None:
            return self.whose.stranger(owned.tag) is not None
        holders = self.holders(number) if inbound else ()
        return any(self.whose.stranger(one.tag) for one in holders) and not any(
            self.owner_of(one.tag) for one in holders
        )

    def is_complete(self, owner: str, last: str = "DispatchRule") -> bool:
        """Whether an owner has its last object: the dispatch rule, or the outbound trunk where no calls come in."""
        there = self._tagged(last, lambda: self.objects.get(last, ()))
        return any(tag in there for tag in self.whose.tags_of(owner))

    def is_wired(self, name: str, line: Mapping[str, Any]) -> bool:
        """Whether a custom line of the Fleet's inputs is complete at LiveKit."""
        shared = line.get("sharedTrunk")
        owner = Tag.of_trunk(self.whose.scope, shared).owner if shared else name
        return self.is_complete(owner, "OutboundTrunk" if line.get("outboundOnly") else "DispatchRule")

    def is_established(self, name: str, line: Mapping[str, Any], settled: Mapping[str, str]) -> bool:
        """Whether a recorded line has its last object: one that was never finished is withdrawn without a mark.

        `settled`: line -> number of the lines that a complete update has exported. A number that is to be adopted is in
        the account from the start: without such an update it counts once one of our trunks has it, since it is written
        after those, and the write of a killed run may be under way. Its calls would go to LiveKit, and our trunks from
        under them.
        """
        if line["provider"] == "custom":
            return bool(line.get("held")) or self.is_wired(name, line)
        number = line.get("phoneNumber", "")
        owned = self.owned.get(line["provider"], {}).get(number)
        if line.get("adopt") and settled.get(name) != number:
            tags = [one.tag for one in (*self.holders(number), *self.holders_out(number))]
            return self.may_have(line) and any(map(self.owner_of, [owned.tag, *tags] if owned else tags))
        return bool(line.get("held")) or self.may_have(line)

    def in_any_account(self, number: str) -> OwnedNumber | None:
        """Give an owned number wherever it is held."""
        return next((numbers[number] for _, numbers in sorted(self.owned.items()) if number in numbers), None)


def _by_id(tags: Iterable[str], objects: Mapping[str, Sequence[Observed]]) -> list[Observed]:
    """Give the objects with one of the tags, the smallest id first."""
    return sorted((one for tag in dict.fromkeys(tags) for one in objects.get(tag, ())), key=lambda one: one.id)
