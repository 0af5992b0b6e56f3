"""The judge of one stack of the simulation.

It reads the sandbox's ledger and tables, and of ours only the ids in the state.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.world import Sandbox
from tests.faults.draft import Draft, is_pool
from tests.faults.holdings import (
    TABLES,
    is_owned,
    is_shown,
    owner_of,
    records,
)
from tests.faults.market import CARRIERS
from tests.faults.shared_name import scoped


class Violation(BaseException):
    """Something happened that must never happen.

    No Exception: adapters turn those, whatever their SDK raises, into errors of their own.
    """


@dataclass
class Oracle:
    """Knows what one stack may do. `prefix` is what all its tags begin with."""

    sandbox: Sandbox
    prefix: str
    roots: dict[str, str] = field(default_factory=dict)
    """line -> the name under which it was first declared."""
    lines: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Every line that a draft ever had, as it was last."""
    held: dict[str, list[str]] = field(default_factory=dict)
    """root -> the numbers bought for it and neither released nor gone."""
    bought_for: dict[str, str] = field(default_factory=dict)
    """number -> the root for which it was bought, for ever."""
    under_way: dict[str, str] = field(default_factory=dict)
    """number -> the root that claimed it as a killed run sent its purchase, which the carrier has not carried out."""
    marked: set[str] = field(default_factory=set)
    """Roots that an earlier run was told to release."""
    keeping: set[str] = field(default_factory=set)
    """Roots whose number was to be kept, as the last complete run was told."""
    given_up: set[str] = field(default_factory=set)
    """Numbers of which the file has said that they never came."""
    strays: set[str] = field(default_factory=set)
    """Those that came after all, when their line had another: paid for, so they must be named."""
    kept: set[str] = field(default_factory=set)
    """Numbers that stayed in the account when their line left the file."""
    present: set[str] = field(default_factory=set)
    """Roots in the drafts of the runs under way."""
    released: set[str] = field(default_factory=set)
    """Roots whose number a run gave back, and no run has bought since."""
    belated: set[str] = field(default_factory=set)
    """Numbers that came late: bought by a killed run's request when the file had their line no longer, or ordered and
    shown later. Where the line has left the file meanwhile nobody answers them."""
    returning: set[str] = field(default_factory=set)
    """Those of them that nobody answered as their line was put back: they wait for the run that makes it again."""
    moved: set[str] = field(default_factory=set)
    """Numbers that another stack has by now."""
    tampered: bool = False
    """Somebody changed things by hand since the last run that settled: routes may be broken for a while."""
    purchases: int = 0
    releases: int = 0

    def declare(self, draft: Draft, renames: Mapping[str, str]) -> None:
        for new, old in renames.items():
            self.roots[new] = self.root(old)
        self.lines.update(draft.lines)
        self.given_up |= {line["give_up"] for line in draft.lines.values() if "give_up" in line}

    def begin(self, present: set[str], unanswered: Container[str]) -> None:
        """A run begins with these roots in its file, while nobody answers these numbers."""
        back = present - self.present
        self.returning |= {each for each in self.belated if self.bought_for.get(each) in back and each in unanswered}
        self.present = present

    def note_marks(self, draft: Draft) -> None:
        """A run has applied this file to its end."""
        roots = {self.root(name): line.get("removal", "protect") for name, line in draft.lines.items()}
        self.marked -= {root for root, removal in roots.items() if removal != "release"}
        for root in self.keeping - roots.keys():
            self.kept.update(self.held.pop(root, ()))
        self.keeping = {root for root, removal in roots.items() if removal == "keep"}

    def root(self, line: str) -> str:
        return self.roots.get(line, line)

    def by_hand(self, root: str, number: str) -> None:
        """Somebody released a number in the console."""
        self.held[root] = [each for each in self.held.get(root, []) if each != number]

    @property
    def numbers(self) -> set[str]:
        """The numbers for which this stack answers, and those that any of its lines ever named."""
        named = {line["phone_number"] for line in self.lines.values() if "phone_number" in line}
        return (named | self.kept | {each for numbers in self.held.values() for each in numbers}) - self.moved

    def hand_over(self, number: str) -> None:
        """Another stack has the number now, and all that happens to it is that one's."""
        self.moved.add(number)
        self.kept.discard(number)
        for root, numbers in self.held.items():
            self.held[root] = [each for each in numbers if each != number]

    def take_over(self, root: str, number: str) -> None:
        """A number that was another stack's is the line's now, as if it had been bought for it."""
        self.moved.discard(number)
        self.released.discard(root)
        if number not in self.held.setdefault(root, []):
            self.held[root].append(number)

    def number_of(self, name: str) -> str | None:
        """Give the number in the account that is the line's."""
        line = self.lines[name]
        if line["provider"] not in CARRIERS:
            return None
        wanted = line.get("phone_number")
        if wanted:
            return wanted if is_owned(self.sandbox, wanted) else None
        held = [number for number in self.held.get(self.root(name), []) if is_owned(self.sandbox, number)]
        return held[0] if held else None

    def note_order(self, number: str) -> None:
        """A run is killed while its purchase is under way: what claims the number now may be gone when it arrives."""
        owner = self._claimant(number)
        if owner is None:
            raise Violation(f"the purchase of {number} was sent without a claim of this fleet on it")
        self.under_way[number] = owner

    def judge_purchase(self, number: str) -> None:
        self.purchases += 1
        owner = self._claimant(number) or self._orderer(number)
        self.under_way.pop(number, None)
        if owner is None:
            raise Violation(f"{number} was bought without a claim of this fleet on it")
        self.bought_for[number] = owner
        self.released.discard(owner)
        if owner not in self.present or not is_shown(self.sandbox, number):
            self.belated.add(number)
        held = self.held.setdefault(owner, [])
        if number in self.given_up and held:
            self.strays.add(number)
            return
        self.strays |= self.given_up & set(held)
        held[:] = [*(each for each in held if each not in self.given_up), number]
        if len(held) > 1:
            raise Violation(f"bought twice for {owner}: {', '.join(held)}")

    def judge_release(self, number: str) -> None:
        self.releases += 1
        owners = [root for root, numbers in self.held.items() if number in numbers]
        owners += [
            self.root(name) for name, line in self.lines.items() if line.get("phone_number") == number and not owners
        ]
        if not owners or owners[0] not in self.marked:
            raise Violation(f"{number} was released without a mark")
        if owners[0] in self.present:
            raise Violation(f"{number} was released although the file has its line")
        self.released.add(owners[0])
        self.held[owners[0]] = [each for each in self.held.get(owners[0], []) if each != number]

    def _claimant(self, number: str) -> str | None:
        """Whose a number is: the line that names it, or the owner of the tagged trunk or rule that names it."""
        for name, line in self.lines.items():
            if line.get("phone_number") == number and self.root(name) in self.present:
                return self.root(name)
        for kind in ("InboundTrunk", "OutboundTrunk", "DispatchRule"):
            vendor, table, tag_field = TABLES[kind]
            for record in records(self.sandbox, vendor, table).values():
                tag = scoped(record.get(tag_field, ""))
                if number in _named_by(record) and tag.startswith(self.prefix):
                    return self.root(owner_of(tag, self.prefix))
        return None

    def _orderer(self, number: str) -> str | None:
        """Whose a number is that comes when its line has left the file, and the claim went with it: by its own tag.

        The request that a killed run had sent, when the claim stood, brings that tag to Twilio. At Vonage there is
        none, so that the claim must outlast the line (ADR 16).
        """
        tag = scoped((self.sandbox.twilio.number(number) or {}).get("friendly_name", ""))
        tagged = self.root(owner_of(tag, self.prefix)) if tag.startswith(self.prefix) else None
        return tagged if tagged == self.under_way.get(number) else None

    def leaves(self, number: str) -> bool:
        """Whether a number was to stay in the account when its line left the file, detached."""
        return number in self.kept or any(number in self.held.get(root, ()) for root in self.keeping)

    def excuses(self, number: str) -> bool:
        """Whether nobody answers for a known reason.

        Somebody changed things by hand; or the number was given up, or was to stay and could not be detached at Vonage,
        which did not show it; or the line takes no calls; or it leaves a shared trunk, which is updated before anything
        is deleted; or its number was bought after it had left the file, and nobody answers it again yet.
        """
        if number in self.moved:
            return False
        owner = self.bought_for.get(number)
        if self.tampered and (owner or any(line.get("phone_number") == number for line in self.lines.values())):
            return True
        if number in self.given_up or (not number.startswith("+1") and (number in self.kept or owner in self.keeping)):
            return True
        if number in self.belated and (owner not in self.present or number in self.returning):
            return True
        return any(
            line.get("inbound") is False or (is_pool(line.get("trunk")) and self.root(name) not in self.present)
            for name, line in self.lines.items()
            if line.get("phone_number") == number or self.root(name) == owner
        )


def _named_by(record: Mapping[str, Any]) -> set[str]:
    """Give the numbers that a trunk holds, or a rule claims that no trunk carries."""
    return {*record.get("numbers", ()), *(each.partition(":")[2] for each in record.get("trunk_ids", ()))} - {""}
