"""The Fleet: the gate of every update, and the only check that reads vendors.

Its check adds to the inputs what it found out for each line, so that a plain preview shows number, acquisition and
price, and the line's resources get them as known values. It refuses there, before the first write, with or without a
preview.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import (
    accounts,
    agents,
    applied,
    choosing,
    crossing,
    departures,
    encryption,
    entries,
    fallback_urls,
    homes,
    leaving,
    leftovers,
    lending,
    neighbours,
    notices,
    outer_wall,
    reach,
    record_form,
    requirements,
    runtime,
    siblings,
    takeover,
    unchanging,
    verdict,
)
from providers.dynamic.approved import Approved
from providers.dynamic.choice import Choice, Chooser
from providers.dynamic.codec import decode
from providers.dynamic.offers import Offers
from providers.dynamic.ownership import Ownership
from providers.dynamic.provider import TrunklineProvider
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.kinds import CLAIM_KINDS
from trunkline.errors import Refusal, VendorError


class FleetProvider(TrunklineProvider):
    """One per stack; its id is the fleet's name."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        inputs, run = decode(news), runtime.current()
        if unknown := record_form.reasons(decode(_olds) or run.record):
            return CheckResult(inputs, [CheckFailure("", reason.text) for reason in unknown])
        settled, facts, sharing = inputs.pop("settled", {}), inputs.pop("facts", {}), inputs.pop("sharing", {})
        bound = Approved.of(inputs.pop("approved", ""))
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
                inputs, found = examine(run, olds, inputs, settled, reviewed, told, whose)
                reasons += found
                accounts.tell_moves(run, olds, inputs, known)
            except VendorError as error:
                runtime.trace(traceback.format_exc())
                reasons, bound = [Objection(str(error))], None
        if whose.shared and (whose.retags or "scope" in olds or inputs != accounts.without_sip_host(olds)):
            # Alone it is no change: an upgrade of what stands shows no difference.
            inputs["scope"] = whose.scope
        inputs = record_form.stamped(accounts.with_sip_host(olds, inputs, sip_host))
        refusals = [runtime.worded(reason.said(facts)) for reason in reasons]
        if bound:
            refusals = bound.refusals(run, decode(_olds) or run.record, inputs, refusals)
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
        # What was adopted is ours from now on.
        recorded.pop("adopting", None)
        seen = {
            **recorded,
            "leftovers": leftovers.remaining(run, recorded["leftovers"]),
            # What outlived its sweep must differ from what the check finds, or no update would try again.
            "swept": [],
            "lines": {name: _seen(run, whose, name, line) for name, line in recorded["lines"].items()},
        }
        for key in leaving.ended(run, whose, seen):
            del seen[key]
        return ReadResult(id_, dict(seen), dict(seen))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        inputs = decode(_news)
        leftovers.sweep(runtime.current(), inputs, decode(_olds))
        return UpdateResult(inputs)


def examine(
    run: Runtime,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    settled: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]],
    told: Sequence[Mapping[str, Any]],
    whose: Ownership,
) -> tuple[dict[str, Any], list[Objection]]:
    """Choose every line's number and judge the update. Gives the inputs with what was found out, and the refusals.

    `facts`: line -> what the file says of it that is not recorded; `at` is its place, as "numbers.yaml:12". `told`:
    what the plan tells of objects that may be adopted. Raises the vendors' errors. Leaves in the runtime what the
    lines' own providers must know.
    """
    needed = reach.needed(run, news, olds, facts)
    survey = Survey.take(run, whose, needed)
    theirs = siblings.shared_name_reasons(survey, news)
    if theirs:
        # What its objects are cannot be told from a sibling's, so nothing is chosen by them.
        return dict(news), theirs
    known = applied.with_interrupted(applied.with_repurchases(run, dict(olds), survey), settled, survey)
    run.returning = frozenset(known.get("lines", {}).keys() - olds.get("lines", {}).keys())
    offers = Offers(run.carrier)
    chooser = Chooser(survey=survey, olds=known, carrier=offers.carrier, facts=facts)
    changed, refused = unchanging.reasons(olds, news, settled, survey, chooser)
    choices, reasons = choosing.choose(chooser, news, refused, run.at_once)
    if any(choice.buys and "search" in news["lines"][name] for name, choice in choices.items()):
        # What another run bought or claimed since the listing is ours now, not sold.
        survey = Survey.take(run, whose, needed, before=survey)
        offers.forget_accounts()
        chooser = replace(chooser, survey=survey)
        choices, reasons = choosing.choose(chooser, news, refused, run.at_once)
    removed = leaving.begun(survey, leftovers.declared(news), olds)
    left = leftovers.find(survey, news, olds, facts, removed, run.held)
    left = replace(left, objects=(*left.objects, *fallback_urls.find(run, survey, news, olds)))
    waits = leftovers.waiting(left, survey, olds, removed, run.now())
    run.let_go.update(removed.values())
    reasons += [*changed, *departures.reasons(olds, news, settled, survey, chooser)]
    reasons += verdict.holder_reasons(olds, news, choices, survey, facts)
    reasons += outer_wall.reasons(olds, news, facts, survey)
    reasons += [*siblings.trunk_reasons(survey, news, facts), *siblings.length_reasons(survey, news)]
    reasons += siblings.credential_reasons(survey, news, facts)
    # Without a record a complete line that no file names may be one that was deleted from the file by mistake.
    reasons += verdict.guard_reasons(olds, news, choices, survey, chooser, () if olds else left.complete)
    reasons += requirements.reasons(run, olds, news, choices, survey, facts)
    run.wanted = {name: choice.number for name, choice in choices.items()}
    run.approved = frozenset(choice.number for choice in choices.values() if choice.buys)
    run.vanished = frozenset(one.number for one in choices.values() if one.vanished and not one.renews)
    # What a refused line has is told already.
    numbers = {*removed.values(), *refused.values()}
    reasons += siblings.leaving_trunk_reasons(survey, olds, news, run.wanted, numbers)
    run.homes = homes.settle(olds, news, facts, run.wanted, survey)
    run.exchanging = homes.tell(run, survey, news, facts)
    reasons += crossing.reasons(survey, run.wanted, run.homes)
    borrowed, missing = lending.find(run, survey, news["borrowed"], facts)
    secure = encryption.secure_trunks(survey, facts, borrowed)
    reasons += encryption.reasons(secure, facts)
    adopting, not_adopted = takeover.judge(run, survey, told, olds, settled, secure)
    beside = neighbours.find(run, survey, olds, news, run.wanted, facts)
    notices.tell_used(run, applied.used(known, news["lines"]), choices)
    going_on, belated = leaving.standing(survey), leftovers.belated(survey, choices, news["lines"], olds)
    notices.tell(run, left, removed, going_on, choices, news["lines"], facts, belated)
    notices.tell_waiting(run, survey, waits)
    notices.tell_idle_searches(run, olds, news["lines"], choices)
    neighbours.tell(run, beside)
    agents.tell(run, facts)
    notices.tell_unclear(run, siblings.unclear(survey, olds.get("leaving", ())), whose.named)
    inputs = {
        **news,
        "lines": {
            name: wish
            | _found_out(choices.get(name))
            | _called(departures.formerly(name, wish, olds))
            | ({applied.USED: True} if name in applied.used(known, news["lines"]) else {})
            for name, wish in news["lines"].items()
        },
        "leftovers": list(left.objects),
        "swept": leftovers.due(left, survey, olds, waits, run.now()),
        **({"waiting": waits} if waits else {}),
        # For the run after this one, should this one be interrupted.
        **({"leaving": removed} if removed else {}),
        **({"neighbours": [one.to_json() for one in beside]} if beside else {}),
        "borrowedSids": borrowed,
        **({"secureTrunks": sorted(secure)} if "secureTrunks" in news else {}),
        **({"adopting": adopting} if adopting else {}),
    }
    return inputs, list(dict.fromkeys(reasons + not_adopted + missing))


def _found_out(choice: Choice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    return {
        "phoneNumber": choice.number,
        "acquisition": choice.acquisition,
        "held": choice.held,
        **({"monthlyCost": choice.cost.to_json()} if choice.cost else {}),
        **({"ordered": True} if choice.ordered else {}),
        **({applied.RENEWS: True} if choice.renews else {}),
    }


def _called(formerly: Sequence[str]) -> dict[str, Any]:
    return {"formerly": list(formerly)} if formerly else {}


def _seen(run: Runtime, whose: Ownership, name: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """A line that was in the account once counts as established from then on."""
    if line["provider"] == "custom":
        objects = {kind: run.listing(kind) for kind in ("DispatchRule", "OutboundTrunk")}
        held = Survey(whose=whose, owned={}, objects=objects).is_wired(name, line)
    else:
        owned = run.owned(line["provider"]).get(line["phoneNumber"])
        line = applied.seen(dict(line), owned=owned is not None)
        claims = Survey(whose=whose, owned={}, objects={kind: run.listing(kind) for kind in CLAIM_KINDS})
        held = owned is not None and not claims.is_a_stranger_s(owned)
    return {**line, "held": bool(line["held"] or held)}
