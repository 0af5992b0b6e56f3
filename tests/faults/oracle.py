"""The judge of the simulation. It reads the sandbox's ledger and tables, and of ours only the ids in the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.credentials import LIVEKIT_SIP_URI
from sandbox.ledger import Charge
from sandbox.world import Sandbox
from tests.faults.draft import CARRIERS, Draft
from tests.support.model_engine import State

# Where objects stand in the sandbox, by our kind, and the field that holds the tag.
TABLES: Mapping[str, tuple[str, str, str]] = {
    "InboundTrunk": ("livekit", "inbound_trunk", "metadata"),
    "OutboundTrunk": ("livekit", "outbound_trunk", "metadata"),
    "DispatchRule": ("livekit", "dispatch_rule", "name"),
    "SipTrunk": ("twilio", "trunks", "friendly_name"),
    "OriginationUrl": ("twilio", "origination_urls", "friendly_name"),
    "CredentialList": ("twilio", "credential_lists", "friendly_name"),
    "PhoneNumber": ("twilio", "numbers", "friendly_name"),
}
CHILDREN = {"Credential": "credentials", "TrunkCredentialList": "trunk_lists", "OriginationUrl": "origination_urls"}
OBJECTS = (*TABLES.values(), ("twilio", "credentials", ""), ("twilio", "trunk_lists", ""), ("vonage", "numbers", ""))


def tagged(sandbox: Sandbox, prefix: str) -> dict[tuple[str, str], str]:
    """Give (kind, id) -> owner of everything at the vendors whose tag begins with `prefix`."""
    return {
        (kind, key): tag.removeprefix(prefix)
        for kind, (vendor, table, tag_field) in TABLES.items()
        for key, record in getattr(sandbox, vendor).store.table(table).items()
        if (tag := record.get(tag_field) or "").startswith(prefix)
    }


class Violation(BaseException):
    """Something happened that must never happen.

    No Exception: adapters turn those, whatever their SDK raises, into errors of their own.
    """


@dataclass
class Oracle:
    """Watches one sandbox. `prefix` is what all tags of the fleet begin with."""

    sandbox: Sandbox
    prefix: str
    foreign: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    """line -> the name under which it was first declared."""
    lines: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Every line that a draft ever had, as it was last."""
    held: dict[str, list[str]] = field(default_factory=dict)
    """root -> the numbers bought for it and neither released nor gone."""
    bought_for: dict[str, str] = field(default_factory=dict)
    """number -> the root for which it was bought, for ever."""
    marked: set[str] = field(default_factory=set)
    """Roots that an earlier run was told to release."""
    keeping: set[str] = field(default_factory=set)
    """Roots whose number was to be kept, as the last complete run was told."""
    present: set[str] = field(default_factory=set)
    """Roots in the drafts of the runs under way."""
    belated: set[str] = field(default_factory=set)
    """Numbers that a killed run's request bought when the file had their line no longer: nobody answers them yet."""
    tampered: bool = False
    """Somebody changed things by hand since the last run that settled: routes may be broken for a while."""
    purchases: int = 0
    releases: int = 0
    seen: int = 0
    """How many entries of the ledger are judged."""

    def protect_present(self) -> None:
        """Everything that is there now is somebody else's."""
        self.foreign = {
            (vendor, table, key): record
            for vendor, table, _ in OBJECTS
            for key, record in self._table(vendor, table).items()
        }

    def declare(self, draft: Draft, renames: Mapping[str, str]) -> None:
        for new, old in renames.items():
            self.roots[new] = self.root(old)
        self.lines.update(draft.lines)

    def note_marks(self, draft: Draft) -> None:
        """A run has applied this file to its end."""
        for name, line in draft.lines.items():
            change = self.keeping.add if line.get("removal") == "keep" else self.keeping.discard
            change(self.root(name))

    def root(self, line: str) -> str:
        return self.roots.get(line, line)

    def after_request(self) -> None:
        """Judge what one request changed."""
        entries = self.sandbox.ledger.entries
        for entry in entries[self.seen :]:
            if isinstance(entry, Charge):
                self._judge_purchase(entry.number)
            else:
                self._judge_release(entry.number)
        self.seen = len(entries)
        if not self.tampered:
            self._judge_routes()

    def by_hand(self, root: str, number: str) -> None:
        """Somebody released a number in the console."""
        self.seen = len(self.sandbox.ledger.entries)
        self.held[root] = [each for each in self.held.get(root, []) if each != number]

    def number_of(self, name: str) -> str | None:
        """Give the number in the account that is the line's."""
        line = self.lines[name]
        if line["provider"] not in CARRIERS:
            return None
        wanted = line.get("phone_number")
        if wanted:
            return wanted if self._owned(wanted) else None
        held = [number for number in self.held.get(self.root(name), []) if self._owned(number)]
        return held[0] if held else None

    def judge_foreign(self) -> None:
        """Records are replaced and never changed in place: who is not the same was written."""
        for (vendor, table, key), record in self.foreign.items():
            if self._table(vendor, table).get(key) is not record:
                raise Violation(f"a foreign object was touched: {vendor} {table} {key}")

    def judge_settled(self, draft: Draft, state: State, notices: Iterable[str], vanished: frozenset[str]) -> None:
        """Judge a world that has had its runs: as declared, nothing twice, nothing lost."""
        self.judge_foreign()
        words = "\n".join(notices)
        ids = {(key[0], str(record.outputs.get("vendorId", record.id))) for key, record in state.resources.items()}
        for (kind, key), owner in tagged(self.sandbox, self.prefix).items():
            if (kind, key) not in ids and not self._is_named(owner, draft, words):
                raise Violation(f"orphan: {kind} {key} of {owner} is in no state")
        for kind, (vendor, table, _) in TABLES.items():
            recorded = {id_ for kind_, id_ in ids if kind_ == kind}
            lost = recorded - set(self._table(vendor, table))
            if lost and kind != "PhoneNumber":
                raise Violation(f"the state names {kind} {', '.join(sorted(lost))}, which is not there")
        self._judge_parents(state)
        self._judge_numbers(draft, state, words, vanished)

    def _judge_parents(self, state: State) -> None:
        """Children without a tag: exactly one for each that is declared."""
        for kind, table in CHILDREN.items():
            there = [key for key in self._table("twilio", table) if ("twilio", table, key) not in self.foreign]
            declared = [key for key in state.resources if key[0] == kind]
            if len(there) != len(declared):
                raise Violation(f"{len(there)} of {kind} where {len(declared)} are declared")

    def _judge_numbers(self, draft: Draft, state: State, words: str, vanished: frozenset[str]) -> None:
        for name in draft.carried():
            if name not in vanished and self.number_of(name) is None:
                raise Violation(f"line {name} has no number")
            if ("PhoneNumber", name) not in state.resources:
                raise Violation(f"line {name} has no PhoneNumber in the state")
        wanted = {self.root(name) for name in draft.lines}
        for root, numbers in self.held.items():
            for number in numbers:
                if not self._owned(number):
                    raise Violation(f"{number} of {root} was lost")
                if root not in wanted and not self._is_kept(root) and number not in words:
                    raise Violation(f"{number}, bought for {root}, is paid for and named nowhere")

    def _is_kept(self, root: str) -> bool:
        """Whether the number was to stay in the account, detached."""
        return root in self.keeping

    def _is_named(self, owner: str, draft: Draft, words: str) -> bool:
        """Whether a leftover stands for a number that is still paid for and that the preview names."""
        if owner in draft.lines or owner.startswith("trunk.") or self._is_kept(self.root(owner)):
            return False
        return any(number in words for number in self.held.get(self.root(owner), []))

    def _judge_purchase(self, number: str) -> None:
        self.purchases += 1
        owner = self._claimant(number)
        if owner is None:
            raise Violation(f"{number} was bought without a claim of this fleet on it")
        self.bought_for[number] = owner
        if owner not in self.present:
            self.belated.add(number)
        held = self.held.setdefault(owner, [])
        held.append(number)
        if len(held) > 1:
            raise Violation(f"bought twice for {owner}: {', '.join(held)}")

    def _judge_release(self, number: str) -> None:
        self.releases += 1
        owners = [root for root, numbers in self.held.items() if number in numbers]
        owners += [
            self.root(name) for name, line in self.lines.items() if line.get("phone_number") == number and not owners
        ]
        if not owners or owners[0] not in self.marked:
            raise Violation(f"{number} was released without a mark")
        if owners[0] in self.present:
            raise Violation(f"{number} was released although the file has its line")
        self.held[owners[0]] = [each for each in self.held.get(owners[0], []) if each != number]

    def _claimant(self, number: str) -> str | None:
        """Whose a number is: the line that names it, or the owner of the tagged trunk in which it stands."""
        for name, line in self.lines.items():
            if line.get("phone_number") == number and self.root(name) in self.present:
                return self.root(name)
        for kind in ("InboundTrunk", "OutboundTrunk"):
            vendor, table, tag_field = TABLES[kind]
            for record in self._table(vendor, table).values():
                tag = record.get(tag_field, "")
                if number in record.get("numbers", ()) and tag.startswith(self.prefix):
                    return self.root(tag.removeprefix(self.prefix))
        return None

    def _judge_routes(self) -> None:
        """A number whose calls go to LiveKit stands in a trunk there, and that trunk in a rule."""
        ruled = {id_ for rule in self._table("livekit", "dispatch_rule").values() for id_ in rule.get("trunk_ids", ())}
        answered = {
            number
            for key, trunk in self._table("livekit", "inbound_trunk").items()
            if key in ruled
            for number in trunk.get("numbers", ())
        }
        for number in self._routed():
            if number not in answered and not self._is_excused(number):
                raise Violation(f"calls to {number} go to LiveKit, where nobody answers them")

    def _routed(self) -> Iterable[str]:
        twilio_trunks = self._table("twilio", "trunks").items()
        trunks = {key for key, each in twilio_trunks if each["friendly_name"].startswith(self.prefix)}
        for record in self._table("twilio", "numbers").values():
            if record["trunk_sid"] in trunks:
                yield record["phone_number"]
        for digits, record in self._table("vonage", "numbers").items():
            foreign = ("vonage", "numbers", digits) in self.foreign
            if LIVEKIT_SIP_URI.removeprefix("sip:") in record.get("voiceCallbackValue", "") and not foreign:
                yield f"+{digits}"

    def _is_excused(self, number: str) -> bool:
        """Whether nobody answers for a known reason.

        The line takes no calls; or it leaves a shared trunk, which is updated before anything is deleted; or its number
        was bought after it had left the file.
        """
        owner = self.bought_for.get(number)
        if number in self.belated and owner not in self.present:
            return True
        return any(
            line.get("inbound") is False or (line.get("trunk") == "pool" and self.root(name) not in self.present)
            for name, line in self.lines.items()
            if line.get("phone_number") == number or self.root(name) == owner
        )

    def _owned(self, number: str) -> bool:
        return number in self._table("twilio", "by_number") or number[1:] in self._table("vonage", "numbers")

    def _table(self, vendor: str, table: str) -> Mapping[str, Mapping[str, Any]]:
        return getattr(self.sandbox, vendor).store.table(table)  # type: ignore[no-any-return]
