"""The Fleet: the gate of every update, and the only check that reads vendors.

Its check adds to the inputs what it found out for each line, so that a plain preview shows number, acquisition and
price, and the line's resources get them as known values. It refuses there, before the first write, with or without a
preview.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import (
    accounts,
    applied,
    entries,
    going,
    leaving,
    leftovers,
    reach,
    record_form,
    runtime,
    verdict,
    written_in,
)
from providers.dynamic.codec import decode
from providers.dynamic.examination import Update, examine
from providers.dynamic.ownership import Ownership
from providers.dynamic.provider import TrunklineProvider
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.kinds import CLAIM_KINDS
from trunkline.errors import Refusal, VendorError

if TYPE_CHECKING:
    from providers.dynamic.approved import Approved


class FleetProvider(TrunklineProvider):
    """One per stack; its id is the fleet's name."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        inputs, run = decode(news), runtime.current()
        if unknown := record_form.reasons(decode(_olds) or run.record):
            return CheckResult(inputs, [CheckFailure("", reason.text) for reason in unknown])
        settled, facts, sharing = inputs.pop("settled", {}), inputs.pop("facts", {}), inputs.pop("sharing", {})
        run.files.update(written_in.files(facts))
        bound = _approved(inputs.pop("approved", ""))
        told, sip_host = json.loads(inputs.pop("adoption", "[]")), inputs.pop(accounts.SIP_HOST, "")
        # The program registers the Fleet before the engine reads what else the state has.
        run.held.update(known := inputs.pop("known", "").split())
        applied.note_outputs(run, inputs.pop("marks", {}), inputs.pop("active", ""))
        # The engine withholds what it replaces.
        olds = applied.with_marks(run, applied.with_settled(decode(_olds) or dict(run.record), settled))
        run.recorded_lines = olds.get("lines", {})
        run.sellers.update(each["provider"] for lines in (inputs, olds) for each in lines.get("lines", {}).values())
        whose = Ownership.judged(inputs, olds, sharing)
        entries.note_stack(run, whose, *([Ownership.recorded(olds)] if olds else []))
        reasons = verdict.fleet_reasons(olds, inputs, whose.scope)
        reasons += accounts.reasons(olds, inputs, sip_host)
        if not reasons:
            try:
                reasons = accounts.route_reasons(run, whose, olds, inputs, sip_host)
                reviewed = bound.reviewed(facts) if bound else facts
                inputs, found = examine(run, Update(olds, inputs, settled, reviewed, told, whose))
                reasons += found
                accounts.tell_moves(run, olds, inputs, known)
            except VendorError as error:
                runtime.trace(traceback.format_exc())
                reasons, bound = [Objection(str(error))], None
        if whose.shared and (whose.retags or "scope" in olds or inputs != accounts.without_sip_host(olds)):
            # Alone it is no change: an upgrade of what stands shows no difference.
            inputs["scope"] = whose.scope
        inputs = record_form.stamped(accounts.with_sip_host(olds, inputs, sip_host))
        refusals = [reason.said(facts) for reason in reasons]
        if bound:
            moved = bound.refusals(run, decode(_olds) or run.record, inputs, refusals)
            # What moved is told with what vendors hold, of which the page shows no secret.
            refusals = [runtime.redacted(refusal) for refusal in moved]
        refusals = [runtime.worded(refusal) for refusal in refusals]
        return CheckResult(inputs, [CheckFailure("", refusal) for refusal in refusals])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        # What was allowed for one update is no difference of the fleet's when it is taken back.
        olds, news = ({**decode(each), "allowAccountChange": False} for each in (_olds, _news))
        return DiffResult(changes=None if olds != news else False)

    def create(self, props: dict[str, Any]) -> CreateResult:
        inputs, run = decode(props), runtime.current()
        leftovers.sweep(run, inputs, run.record)
        return CreateResult(inputs["fleet"], inputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Note which numbers the account holds by now and which leftovers are gone; the rest is as it was written.

        A vendor that does not answer, or another account, teaches nothing here: the check, and the reads of its
        objects, say so. One that the fleet has and that does not let us in ends the run here, before the engine
        begins with all the others.
        """
        recorded = decode(props)
        record_form.demand_known(recorded)
        try:
            return self._noted(id_, dict(recorded))
        except (VendorError, Refusal) as error:
            if reach.is_shut(runtime.current(), error, recorded["accounts"]):
                raise
            return ReadResult(id_, dict(recorded), dict(recorded))

    def _noted(self, id_: str, recorded: dict[str, Any]) -> ReadResult:
        run = runtime.current()
        run.recorded_lines, run.record = recorded["lines"], recorded
        run.sellers.update(line["provider"] for line in recorded["lines"].values())
        whose = Ownership.recorded(recorded)
        entries.note_stack(run, whose)
        for vendor, account in recorded["accounts"].items():
            if vendor in run.vendors.accounts:
                run.demand_account(account, run.vendors.accounts[vendor], f"the fleet's {vendor} account")
        # What was adopted is ours from now on, and what went is gone.
        recorded.pop("adopting", None)
        recorded.pop(going.KEY, None)
        seen = {
            **recorded,
            "leftovers": leftovers.remaining(run, recorded["leftovers"]),
            # What outlived its sweep must differ from what the check finds, or no update would try again.
            "swept": [],
            "lines": _seen(run, whose, recorded["lines"]),
        }
        for key in leaving.ended(run, whose, seen):
            del seen[key]
        return ReadResult(id_, dict(seen), dict(seen))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        inputs = decode(_news)
        leftovers.sweep(runtime.current(), inputs, decode(_olds))
        return UpdateResult(inputs)


def _approved(text: str) -> Approved | None:
    """Take the program's word of the plan that was approved; None where the update is bound to none."""
    if not text:
        return None
    from providers.dynamic.approved import Approved  # late: only an update that is bound to a plan needs it

    return Approved.of(text)


def _seen(run: Runtime, whose: Ownership, lines: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A line that was in the account once counts as established from then on.

    What was chosen alone, and is in the account by now, others may have got since: something must say that it is ours.
    """

    @cache
    def surveyed(*kinds: str) -> Survey:
        return Survey(whose=whose, owned={}, objects={kind: run.listing(kind) for kind in kinds})

    def seen(name: str, line: Mapping[str, Any]) -> dict[str, Any]:
        if line["provider"] == "custom":
            held = surveyed("DispatchRule", "OutboundTrunk").is_wired(name, line)
        else:
            owned = run.owned(line["provider"]).get(line["phoneNumber"])
            line = applied.seen(dict(line), owned=owned is not None)
            held = owned is not None and surveyed(*CLAIM_KINDS).is_of(owned, line)
        return {**line, "held": bool(line["held"] or held)}

    return {name: seen(name, line) for name, line in lines.items()}
