"""Watches a sandbox, request by request, for all its stacks: what each does to the others, and who answers calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.credentials import LIVEKIT_SIP_URI
from sandbox.ledger import Charge
from sandbox.world import Sandbox
from tests.faults.calls_out import Caller, callers
from tests.faults.heirlooms import Heirloom
from tests.faults.holdings import Place, estate, everything, records
from tests.faults.oracle import Oracle, Violation
from tests.faults.shared_name import scoped
from trunkline.calls import canonical
from trunkline.model.tag import entry_of


@dataclass
class Watch:
    """`foreign`: what belongs to no stack of the simulation. `estates`: prefix -> what its stack has."""

    sandbox: Sandbox
    oracles: list[Oracle] = field(default_factory=list)
    foreign: dict[Place, Mapping[str, Any]] = field(default_factory=dict)
    estates: dict[str, dict[Place, Mapping[str, Any]]] = field(default_factory=dict)
    seen: int = 0
    """How many entries of the ledger are judged."""
    version: int = 0
    callers: dict[str, Caller] = field(default_factory=dict)
    heirlooms: list[Heirloom] = field(default_factory=list)

    def begin(self) -> None:
        """Everything that is there now is somebody else's."""
        self.foreign = everything(self.sandbox)
        self.settle()

    def settle(self) -> None:
        """Take what is there now as it is: somebody changed it by hand."""
        self.seen = len(self.sandbox.ledger.entries)
        self.version = self._version()
        self.callers = callers(self.sandbox, [each.prefix for each in self.oracles])
        for heirloom in self.heirlooms:
            heirloom.settle(self.sandbox)
        self.estates = {each.prefix: estate(self.sandbox, each.prefix, self.foreign) for each in self.oracles}

    def after_request(self, oracle: Oracle) -> None:
        """Judge what one request of a stack changed. Raises Violation."""
        if self._version() == self.version:
            return
        self.version = self._version()
        entries = self.sandbox.ledger.entries
        for entry in entries[self.seen :]:
            if isinstance(entry, Charge):
                oracle.judge_purchase(entry.number)
            else:
                oracle.judge_release(entry.number)
                self.forget(entry.number)
        self.seen = len(entries)
        if len(self.oracles) > 1:
            self._judge_siblings(oracle)
            self.estates[oracle.prefix] = estate(self.sandbox, oracle.prefix, self.foreign)
        self.judge_routes()
        self._judge_calls_out(oracle)
        for each in self.heirlooms:
            each.judge(self.sandbox, self.oracles)

    def forget(self, number: str) -> None:
        """A number left its account for a good reason: nobody is asked for it any more."""
        for oracle in self.oracles:
            oracle.kept.discard(number)

    def judge_foreign(self) -> None:
        """Records are replaced and never changed in place: who is not the same was written."""
        for (vendor, table, key), record in list(self.foreign.items()):
            now = records(self.sandbox, vendor, table).get(key)
            if now is None and self._went_with_trunk(record):
                del self.foreign[vendor, table, key]
            elif now is not record:
                raise Violation(f"a foreign object was touched: {vendor} {table} {key}")

    def _went_with_trunk(self, record: Mapping[str, Any]) -> bool:
        """What hangs on a Twilio trunk goes with it, whoever put it there."""
        return record.get("trunk_sid", "") not in records(self.sandbox, "twilio", "trunks")

    def _version(self) -> int:
        return sum(vendor.store.version for vendor in self.sandbox.vendors)

    def _judge_siblings(self, oracle: Oracle) -> None:
        for prefix, there in self.estates.items():
            for (vendor, table, key), record in there.items() if prefix != oracle.prefix else ():
                if records(self.sandbox, vendor, table).get(key) is not record:
                    raise Violation(f"a run of {oracle.prefix} touched {vendor} {table} {key} of {prefix}")

    def judge_routes(self) -> None:
        """A number whose calls go to LiveKit stands in a trunk there, and that trunk in a rule."""
        unanswered = self.unanswered()
        for oracle in self.oracles:
            oracle.returning &= unanswered
        for number in sorted(unanswered):
            if not any(each.excuses(number) for each in self.oracles):
                raise Violation(f"calls to {number} go to LiveKit, where nobody answers them")

    def unanswered(self) -> set[str]:
        """Give the numbers whose calls go to LiveKit, where no rule has them or a trunk of theirs."""
        rules = records(self.sandbox, "livekit", "dispatch_rule").values()
        # What answers some callers of a line leaves all others to another rule.
        ruled = {id_ for rule in rules if not entry_of(rule.get("name", "")) for id_ in rule.get("trunk_ids", ())}
        answered = {
            canonical(number)
            for key, trunk in records(self.sandbox, "livekit", "inbound_trunk").items()
            if key in ruled
            for number in trunk.get("numbers", ())
        }
        sold = records(self.sandbox, "livekit", "phone_number").items()
        return set(self._routed()) - answered - {each["e164_format"] for key, each in sold if key in ruled}

    def _judge_calls_out(self, running: Oracle) -> None:
        """No request lets Twilio refuse calls of a line that stays, whoever's trunk it calls over.

        But for one by which a stack changes its own line's password before the owner of the trunk has run, where that
        has no line of its own that would tell the password.
        """
        telling = {each.prefix for each in self.callers.values() if each.prefix == each.host}
        were, self.callers = self.callers, callers(self.sandbox, [each.prefix for each in self.oracles])
        oracles = {each.prefix: each for each in self.oracles}
        for key, caller in self.callers.items():
            oracle = oracles[caller.prefix]
            stays = oracle.root(caller.owner) in oracle.present or caller.owner.startswith("trunk.")
            is_early = caller.prefix == running.prefix != caller.host and caller.host not in telling
            fell = caller.is_refused and key in were and not were[key].is_refused
            if fell and stays and not is_early and not any(each.tampered for each in self.oracles):
                raise Violation(f"calls out over OutboundTrunk {key} of {caller.owner} are refused from now on")

    def _routed(self) -> Iterable[str]:
        prefixes = tuple(each.prefix for each in self.oracles)
        twilio_trunks = records(self.sandbox, "twilio", "trunks").items()
        trunks = {key for key, each in twilio_trunks if scoped(each["friendly_name"]).startswith(prefixes)}
        for record in records(self.sandbox, "twilio", "numbers").values():
            if record["trunk_sid"] in trunks:
                yield record["phone_number"]
        for digits, record in records(self.sandbox, "vonage", "numbers").items():
            foreign = ("vonage", "numbers", digits) in self.foreign
            if LIVEKIT_SIP_URI.removeprefix("sip:") in record.get("voiceCallbackValue", "") and not foreign:
                yield f"+{digits}"
        for key, record in records(self.sandbox, "livekit", "phone_number").items():
            number = record["e164_format"]
            is_left = not record["name"].startswith(prefixes) and any(each.leaves(number) for each in self.oracles)
            if ("livekit", "phone_number", key) not in self.foreign and not is_left:
                yield number
