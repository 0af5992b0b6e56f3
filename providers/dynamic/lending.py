"""Trunks of other stacks that lines of this one call out over: with what, says the stack that owns the trunk.

No carrier shows a password. LiveKit does: what the owner's own lines call out with is valid, since its run makes the
new credential before it changes them over, and deletes the old one when nothing uses it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult

from providers.dynamic import objects, runtime, siblings
from providers.dynamic.codec import is_unknown
from providers.dynamic.provider import AdapterProvider
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from trunkline.model.tag import Tag

_LOGIN = ("authUsername", "authPassword")


def find(
    run: Runtime, survey: Survey, names: Iterable[str], facts: siblings.Facts
) -> tuple[dict[str, str], list[Objection]]:
    """Find the trunks that this stack borrows, and leave in the runtime whose they are."""
    found, reasons = siblings.borrowed(survey, names, facts)
    lent = [one for one in survey.objects.get("SipTrunk", ()) if one.id in found.values()]
    run.lenders = {one.props["domainName"]: tag.fleet for one in lent if (tag := Tag.parse(one.tag))}
    return found, reasons


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
        lender = run.lenders.get(str(inputs.get("address", "")))
        login = tuple(inputs.get(name) for name in _LOGIN)
        if not lender or tag is None or not all(login) or any(map(is_unknown, login)):
            return []
        ours = objects.tags_of(inputs)
        beside = [one for one in run.listing(self.kind) if one.props["address"] == inputs["address"]]
        logins = {
            one.tag: tuple(one.props[name] for name in _LOGIN)
            for one in beside
            if _is_owner_s(run, lender, tag, one.tag)
        }
        stands = any(one.tag in ours and tuple(one.props[name] for name in _LOGIN) == login for one in beside)
        if stands or not logins or login in logins.values():
            return []
        return [
            CheckFailure(
                "authPassword",
                f"{tag.describe()} would call out over {inputs['address']} with a user or password with which no line"
                f" of the trunk's owner, {lender}, calls out: its calls would be refused. Nothing was changed. Where"
                " they are new, run `pulumi up` there first; otherwise take the newest commit of numbers.yaml, and that"
                " stack's secret.",
            )
        ]


def _is_owner_s(run: Runtime, lender: str, own: Tag, text: str) -> bool:
    """Whether a tag is a line's of the stack that lends; under a name that both have, one that is none of ours."""
    tag = Tag.parse(text)
    if tag is None or tag.fleet != lender:
        return False
    return lender != own.fleet or not (tag.trunk or tag.owner in (run.wanted or {}))
