"""Trunks of other stacks that lines of this one call out over: with what, says the stack that owns the trunk.

No carrier shows a password. LiveKit does: what the owner's own lines call out with is valid, since its run makes the
new credential before it changes them over, and deletes the old one when nothing uses it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult

from providers.dynamic import objects, runtime, siblings
from providers.dynamic.codec import is_unknown
from providers.dynamic.provider import AdapterProvider
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from trunkline.carriers import calls_over
from trunkline.model.tag import Tag

_LOGIN = ("authUsername", "authPassword")


@dataclass(frozen=True, slots=True)
class Lender:
    """The stack that owns a trunk: what the trunk's tag names, and the tags of that stack's lines that call out."""

    name: str
    tags: frozenset[str]


def find(
    run: Runtime, survey: Survey, names: Iterable[str], facts: siblings.Facts
) -> tuple[dict[str, str], list[Objection]]:
    """Find the trunks that this stack borrows, and leave in the runtime whose they are."""
    found, reasons = siblings.borrowed(survey, names, facts)
    trunks = {one.id: one for one in survey.objects.get("SipTrunk", ())}
    run.lenders = {
        (trunks[id_].props["domainName"], id_): Lender(tag.fleet, _tags_of_owner(survey, _fact(survey, facts, name)))
        for name, id_ in found.items()
        if (tag := Tag.parse(trunks[id_].tag))
    }
    return found, reasons


def _fact(survey: Survey, facts: siblings.Facts, trunk: str) -> Mapping[str, Any]:
    return facts.get(Tag.of_trunk(survey.whose.scope, trunk).owner, {})


def _tags_of_owner(survey: Survey, fact: Mapping[str, Any]) -> frozenset[str]:
    """Give the tags under which the lines of a trunk's owner may call out.

    A tag of the fleet's name alone may be any stack's: it is the owner's where the file gives it that line.
    """
    whose, scopes, lines = survey.whose, fact.get("scopes", ()), fact.get("lines", ())
    return frozenset(
        one.tag
        for one in survey.objects.get("OutboundTrunk", ())
        if (tag := whose.stranger(one.tag))
        and tag.fleet in scopes
        and (tag.fleet != whose.shared or tag.owner in lines)
    )


class BorrowingProvider(AdapterProvider):
    """A trunk for calls out, perhaps over a carrier's trunk of another stack."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        result = super().check(_olds, news)
        return CheckResult(result.inputs, [*(result.failures or ()), *self._refused(result.inputs)])

    def _refused(self, inputs: Mapping[str, Any]) -> list[CheckFailure]:
        """Refuse to write user and password with which no line of the trunk's owner calls out.

        Not where they stand already, nor where the owner has no line that could tell.
        """
        run, tag = runtime.current(), Tag.parse(inputs.get("tag", ""))
        address = str(inputs.get("address", ""))
        lent = [(trunk, lender) for trunk, lender in run.lenders.items() if calls_over(address, *trunk)]
        login = tuple(inputs.get(name) for name in _LOGIN)
        if not lent or tag is None or not all(login) or any(map(is_unknown, login)):
            return []
        (trunk, lender), ours = lent[0], objects.tags_of(inputs)
        beside = [one for one in run.listing(self.kind) if calls_over(one.props["address"], *trunk)]
        logins = [tuple(one.props[name] for name in _LOGIN) for one in beside if one.tag in lender.tags]
        stands = any(one.tag in ours and tuple(one.props[name] for name in _LOGIN) == login for one in beside)
        if stands or not logins or login in logins:
            return []
        return [
            CheckFailure(
                "authPassword",
                f"{tag.describe()} would call out over {inputs['address']} with a user or password with which no line"
                f" of the trunk's owner, {lender.name}, calls out: its calls would be refused. Nothing was changed."
                " Where they are new, run `pulumi up` there first; otherwise take the newest commit of numbers.yaml,"
                " and that stack's secret.",
            )
        ]
