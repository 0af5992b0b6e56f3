"""Which number each line has: what was chosen stays chosen, and only what is on offer is bought."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from providers.dynamic import homes, not_taken, offers, searching
from providers.dynamic.searching import Impossible
from providers.dynamic.survey import Survey
from providers.port import Candidate, Carrier, NumberSearch, OwnedNumber
from trunkline.e164 import E164
from trunkline.model.tag import Tag
from trunkline.money import Money

OURS, ADOPT, PURCHASE, CUSTOM = "ours", "adopt", "purchase", "custom"
REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A line's number: how it comes to be ours and what it costs a month (None: unknown, or custom).

    `held`: it is, or was at some earlier run, in the account. `vanished`: held, but in the account no longer.
    `renews`: vanished and to be bought again. `ordered`: it may have been bought and is not in the account's answers
    yet; `since` is when its claim was made ("" where LiveKit does not say). `offer` is what is bought, where it is on
    offer. `candidate`: one of a sample, which the next search will not find again. `pending`: what a held number waits
    for, "" for one that is active.
    """

    number: str
    acquisition: str
    cost: Money | None
    held: bool = False
    vanished: bool = False
    renews: bool = False
    ordered: bool = False
    since: str = ""
    offer: Candidate | None = None
    candidate: bool = False
    pending: str = ""

    @property
    def buys(self) -> bool:
        return self.renews or (self.acquisition == PURCHASE and not self.held)


@dataclass(frozen=True, slots=True)
class Asked:
    """A number that may be on order: `where` is its claim, `since` when that was made ("" where nobody says)."""

    number: str
    where: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Chooses for the lines of one fleet from one survey; `carrier` gives a provider's numbers.

    `facts`: what the file, or an approved plan, says of each line and no record keeps; its `country` is asked first.
    """

    survey: Survey
    olds: Mapping[str, Any]
    carrier: Callable[[str], Carrier]
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    wishes: Mapping[NumberSearch, int] = field(default_factory=dict)
    """search -> how many lines of the fleet have it, and share what it finds."""

    def choose(self, name: str, wish: Mapping[str, Any], taken: set[str]) -> Choice:
        """Give the line's number. `taken`: numbers of other lines, which a search passes over.

        Raises Impossible, and the vendors' errors.
        """
        if wish["provider"] == "custom":
            return self._custom(name, wish)
        owners = owners_of(name, wish)
        old = self._old(owners)
        self._refuse_to_give_up(name, wish, old)
        if "number" in wish:
            return self._exact(name, wish, old, owners)
        return self._searched(name, wish, old, owners, taken)

    def given_up(self, name: str) -> str:
        """Give the number that the file says the line gives up, "" for none."""
        return str(self.facts.get(name, {}).get("giveUp", ""))

    def ported_from(self, name: str) -> str:
        """Give the carrier from which the file says that the line's number was ported, "" for none."""
        return str(self.facts.get(name, {}).get("portedFrom", ""))

    def awaited(self, leaving: Iterable[str]) -> frozenset[str]:
        """Give those recorded lines, which leave the file, whose number may be on order. Raises vendors' errors."""
        return frozenset(name for name in leaving if self._is_awaited(name, self.olds["lines"][name]))

    def _is_awaited(self, name: str, old: Mapping[str, Any]) -> bool:
        if old["provider"] == "custom" or old.get("held"):
            return False
        shared = (Tag.of_trunk(self.survey.whose.scope, old["sharedTrunk"]).owner,) if "sharedTrunk" in old else ()
        asked = {one.number for one in self._on_order(name, old, (name, *shared))}
        if old.get("phoneNumber") not in asked:
            return False
        number, carrier = E164.shaped(old["phoneNumber"]), self.carrier(old["provider"])
        return carrier.find(number) is None and carrier.offered(number) is None

    def _custom(self, name: str, wish: Mapping[str, Any]) -> Choice:
        held = bool(self._old(owners_of(name, wish)).get("held")) or self.survey.is_wired(name, wish)
        return Choice(number=wish["number"], acquisition=CUSTOM, cost=None, held=held)

    def _exact(self, name: str, wish: Mapping[str, Any], old: Mapping[str, Any], owners: tuple[str, ...]) -> Choice:
        number, provider = wish["number"], wish["provider"]
        unknown = not (old or wish["adopt"] or self.survey.has_heard_of(provider, number, owners))
        # What is on offer is in no account. The purchase asks for the number exactly once more.
        if unknown and (offer := self._offered(name, wish, number)) is not None:
            return self._purchase(offer)
        if (owned := self.owned(provider, number)) is not None:
            return self._held(name, wish, old, owned)
        if old.get("held") and number in (old.get("number"), old.get("phoneNumber")):
            return self._vanished(name, wish, old, number)
        if wish["adopt"]:
            raise Impossible(
                f"`adopt: true`, but {number} is not in the {wish['provider']} account; adoption never buys."
                " Check the account, or remove `adopt` to buy the number"
            )
        # Where an earlier number is recorded the verdict says that it never changes.
        for asked in () if old.get("number") else self._on_order(name, old, owners):
            if asked.number != number:
                raise Impossible(
                    f"{asked.number} may be on order for it ({asked.where}), the file says {number}. Write"
                    f' `phone_number: "{asked.number}"` until the {wish["provider"]} account shows it; if'
                    f' {wish["provider"]} says that it never came, write `give_up: "{asked.number}"` beside {number}'
                )
        trunks = (wish["sharedTrunk"], self.facts.get(name, {}).get("formerTrunk")) if "sharedTrunk" in wish else ()
        shared = tuple(Tag.of_trunk("", trunk).owner for trunk in trunks if trunk)
        if (offer := self._offered(name, wish, number)) is not None:
            return self._purchase(offer)
        for asked in self._on_order(name, old, (*owners, *shared)):
            if asked.number == number:
                return self._ordered(wish, old, asked)
        raise Impossible(
            f"{number} is not on offer at {wish['provider']} and not in the account."
            " Choose another number, or `search:` for one"
        )

    def _searched(
        self, name: str, wish: Mapping[str, Any], old: Mapping[str, Any], owners: tuple[str, ...], taken: set[str]
    ) -> Choice:
        provider = wish["provider"]
        tagged = [one for one in self.survey.tagged_numbers(provider, owners) if one.number != self.given_up(name)]
        if tagged:
            # A number that was given up and came after all carries the line's tag too.
            recorded = (one for one in tagged if old.get("held") and one.number == old.get("phoneNumber"))
            return self._held(name, wish, old, next(recorded, tagged[0]))
        claimed = self.survey.claimed_numbers(owners)
        chosen = old.get("phoneNumber")
        lost = set() if old.get("held") else self._lost(name, provider, (*claimed, *((chosen,) if chosen else ())))
        claimed, chosen = tuple(number for number in claimed if number not in lost), None if chosen in lost else chosen
        for number in dict.fromkeys((*claimed, *((chosen,) if chosen else ()))):
            owned = self.owned(provider, number)
            if owned is not None and (number in claimed or old.get("held")):
                return self._held(name, wish, old, owned)
        if chosen and old.get("held"):
            return self._vanished(name, wish, old, chosen)
        if chosen and chosen != self.given_up(name) and (owned := self.owned(provider, chosen)) is not None:
            return self._held(name, wish, old, owned)
        carrier = self.carrier(provider)
        asked = next((one for one in self._on_order(name, old, owners) if one.number not in lost), None)
        if asked is not None:
            # Repeating the very same number cannot buy a second, and another one would be a second.
            offer = self._offered(name, wish, asked.number)
            return self._purchase(offer) if offer else self._ordered(wish, old, asked)
        gone = {claim.number for claim in self.survey.asked_for(owners)} | {self.given_up(name)} | lost
        reviewed = self.facts.get(name, {}).get(REVIEWED, ())
        for number in dict.fromkeys((*((chosen,) if chosen else ()), *claimed, *reviewed)):
            if number not in taken | gone and (offer := self._offered(name, wish, number)) is not None:
                return self._purchase(offer)
        query = searching.query_of(wish["search"])
        passed_over = taken | gone | set(self.survey.owned[provider])
        picked = searching.pick(carrier, query, passed_over, self.wishes.get(query, 1))
        return replace(self._purchase(picked), candidate=carrier.samples)

    def _lost(self, name: str, provider: str, numbers: Iterable[str]) -> set[str]:
        """Give those of the numbers, wanted and never seen here, that another stack has got.

        That is proven by its tag on the number, or by its trunk for calls in where ours, without which no purchase is
        sent, does not have it.
        """
        inbound = self.facts.get(name, {}).get("inbound", True)
        return {one for one in numbers if self.survey.is_lost(one, self.owned(provider, one), inbound=inbound)}

    def _on_order(self, name: str, old: Mapping[str, Any], owners: Iterable[str]) -> tuple[Asked, ...]:
        """Give the numbers that a purchase may have been sent for, as far as nothing proves the contrary.

        That is what the owners claim, or what an earlier run recorded as ordered and whose claim is gone.
        """
        claims = self.survey.asked_for(owners)
        asked = [
            Asked(one.number, one.trunk.id, one.trunk.also.get("created", ""))
            for one in claims
            if not one.is_unavailable
        ]
        if not claims and old.get("ordered"):
            asked = [Asked(old["phoneNumber"], "its claim is gone", "")]
        return tuple(one for one in asked if one.number != self.given_up(name))

    def _refuse_to_give_up(self, name: str, wish: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        """Refuse to give up a number that has come; one that was chosen alone others may have got."""
        number, claimed = self.given_up(name), self.survey.claimed_numbers(owners_of(name, wish))
        if number not in (old.get("phoneNumber"), *claimed):
            return
        owned = self.owned(wish["provider"], number) if number else None
        if owned is not None and (number in claimed or old.get("held") or self.survey.is_of(owned, old)):
            raise Impossible(
                f"`give_up: {number}`, but {number} is in the {wish['provider']} account: it is the line's, and paid"
                " for. Take `give_up` out, and write the line's `phone_number`, if it had one, as it was"
            )

    def _offered(self, name: str, wish: Mapping[str, Any], number: str) -> Candidate | None:
        """Ask for this very number, first in the country that the line says."""
        return self.carrier(wish["provider"]).offered(E164.shaped(number), self.facts.get(name, {}).get("country", ""))

    def owned(self, provider: str, number: str) -> OwnedNumber | None:
        """Look in the listing, then exactly: a list may lag behind a purchase."""
        return self.survey.owned[provider].get(number) or self.carrier(provider).find(E164.shaped(number))

    def _held(self, name: str, wish: Mapping[str, Any], old: Mapping[str, Any], owned: OwnedNumber) -> Choice:
        """A number in the account: ours by tag, by claim or by the state, or to be adopted, or foreign."""
        holder = Tag.parse(owned.tag) or self.survey.claimant(owned.number)
        by_state = holder is None and bool(old.get("held")) and old.get("phoneNumber") == owned.number
        routed = any(value for key, value in owned.props.items() if key != "tag")
        detached = by_state and old.get("removal") == "keep" and not routed
        ours = by_state and not detached if holder is None else self._is_line(holder, name, wish, owned.number)
        lets_go = wish["removal"] != "protect" and old.get("phoneNumber") == owned.number
        is_our_stack_s = holder is not None and bool(self.survey.owner_of(str(holder)))
        leaves = lets_go and holder is not None and not is_our_stack_s
        if not (ours or leaves) and (holder is not None or not wish["adopt"]):
            raise not_taken.refusal(owned, wish, old, holder, is_ours=is_our_stack_s)
        # What another carrier was paid, and how, says nothing about a number that was ported.
        known = old if old.get("provider", wish["provider"]) == wish["provider"] else {}
        acquisition = known.get("acquisition") or (OURS if ours and not wish["adopt"] else ADOPT)
        cost = Money.from_json(known.get("monthlyCost")) or self.carrier(wish["provider"]).price(owned)
        return Choice(number=owned.number, acquisition=acquisition, cost=cost, held=True, pending=owned.pending)

    def _is_line(self, holder: Tag, name: str, wish: Mapping[str, Any], number: str) -> bool:
        own = homes.owners(name, wish, self.olds, self.facts, number, self.survey)
        return self.survey.owner_of(str(holder)) in own

    def _vanished(self, name: str, wish: Mapping[str, Any], old: Mapping[str, Any], number: str) -> Choice:
        """The number was ours and is not in the account any more; bought again only where the file says so."""
        renews = bool(wish.get("repurchase")) and not old.get("repurchased")
        offer = self._offered(name, wish, number) if renews else None
        # An update that had been told to buy it again may have ordered it.
        ordered = renews and offer is None and bool(old.get("repurchase"))
        if renews and offer is None and not ordered:
            raise Impossible(f"`repurchase: true`, but {number} is not on offer at {wish['provider']} any more")
        return Choice(
            number=number,
            acquisition=old.get("acquisition", PURCHASE),
            cost=Money.from_json(old.get("monthlyCost")),
            held=True,
            vanished=True,
            renews=renews,
            offer=offer,
            ordered=ordered,
        )

    def _ordered(self, wish: Mapping[str, Any], old: Mapping[str, Any], asked: Asked) -> Choice:
        """A number that may have been bought, at the price at which it was chosen, or that of its like."""
        recorded = old.get("monthlyCost") if old.get("phoneNumber") == asked.number else None
        cost = Money.from_json(recorded) or self.carrier(wish["provider"]).price(
            offers.unseen(wish, E164.shaped(asked.number))
        )
        return Choice(number=asked.number, acquisition=PURCHASE, cost=cost, ordered=True, since=asked.since)

    def _purchase(self, offer: Candidate) -> Choice:
        return Choice(number=offer.number, acquisition=PURCHASE, cost=offer.monthly, offer=offer)

    def _old(self, owners: tuple[str, ...]) -> Mapping[str, Any]:
        lines = self.olds.get("lines", {})
        return next((lines[owner] for owner in owners if owner in lines), {})


def owners_of(name: str, wish: Mapping[str, Any]) -> tuple[str, ...]:
    """The names under which a line's objects may be tagged: its own, and the one it was renamed from."""
    return (name, wish["renamedFrom"]) if wish.get("renamedFrom") else (name,)
