"""What the vendors are known to demand, held against the update before its first write.

What a purchase lacks and what keeps a release from being carried out is asked of the carriers by `gather`; the
judgements are pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.dynamic.choice import Choice
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import LINES, Objection
from providers.port import Lack, Observed

Facts = Mapping[str, Mapping[str, Any]]
# The kinds that are counted over the whole account.
_COUNTED = ("SipTrunk", "CredentialList")
_CLEARING = "`clear_emergency_address: true`"


def reasons(
    run: Runtime,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    choices: Mapping[str, Choice],
    survey: Survey,
    facts: Facts,
) -> list[Objection]:
    """Give every demand that this update would not meet. Raises the vendors' errors."""
    for name, number, blocked in applied_marks(olds, news, choices, survey):
        run.notice(
            f'{number} of line "{name}", which is marked for release, cannot be released: {blocked}.'
            f" Add {_CLEARING} to it."
        )
    lacking = gather(run, news["lines"], choices, facts)
    return [
        *purchase_reasons(lacking, choices),
        *release_reasons(olds, news, choices, survey),
        *limit_reasons(survey, facts, {kind: adapter.most for kind, adapter in run.vendors.adapters.items()}),
        *route_reasons(survey, facts, run),
    ]


def gather(
    run: Runtime, lines: Mapping[str, Any], choices: Mapping[str, Choice], facts: Facts
) -> Mapping[str, Sequence[Lack]]:
    """Ask what each purchase of this update lacks; nothing is asked for lines that buy nothing.

    `lines`: those of the Fleet's inputs. `facts` hold the papers that a line names. Raises the vendors' errors.
    """
    return {
        name: run.carrier(lines[name]["provider"]).lacks(choice.offer, facts.get(name, {}))
        for name, choice in sorted(choices.items())
        if choice.buys and choice.offer is not None
    }


def purchase_reasons(lacking: Mapping[str, Sequence[Lack]], choices: Mapping[str, Choice]) -> list[Objection]:
    """Refuse purchases that the carrier would refuse."""
    return [
        Objection(f"{choices[name].number} cannot be bought as it stands: {lack.reason}. {lack.fix}", line=name)
        for name, lacks in lacking.items()
        for lack in lacks
    ]


def release_reasons(
    olds: Mapping[str, Any], news: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey
) -> list[Objection]:
    """Refuse a mark, and a removal that was marked, whose release the carrier would refuse."""
    before, now = olds.get("lines", {}), news["lines"]
    renamed = {wish.get("renamedFrom") for wish in now.values()}
    found = []
    for name, old in sorted(before.items()):
        gone = name not in now and name not in renamed and old["removal"] == "release"
        blocked = _blocked(survey, old["provider"], old.get("phoneNumber", "")) if gone else ""
        if blocked and not old.get("clearEmergencyAddress"):
            found.append(
                Objection(
                    f'line "{name}" ({old["phoneNumber"]}) cannot be released: {blocked}. Put the line back with'
                    f" {_CLEARING}, run `pulumi up`, then remove it; or take it off at {old['provider']}",
                    about=LINES,
                )
            )
    for name, number, blocked in _marked(now, choices, survey):
        if _old(before, name, now[name]).get("removal") != "release":
            found.append(
                Objection(
                    f"it is marked for release, and {number} cannot be released: {blocked}. Add {_CLEARING}, which"
                    f" takes it off before the release; or take it off at {now[name]['provider']}",
                    line=name,
                )
            )
    return found


def limit_reasons(survey: Survey, facts: Facts, most: Mapping[str, int]) -> list[Objection]:
    """Refuse to make more of a carrier's objects than an account may have. `most`: kind -> how many, 0 for unknown.

    An account that has more already has had its limit raised.
    """
    found = []
    for kind in _COUNTED:
        objects = survey.objects.get(kind, ())
        there = {survey.owner_of(one.tag) for one in objects}
        missing = [
            owner
            for owner, fact in sorted(facts.items())
            if kind in fact.get("makes", ()) and not {owner, fact.get("former")} & there
        ]
        limit = most.get(kind, 0)
        if limit and missing and len(objects) <= limit < len(objects) + len(missing):
            found.append(
                Objection(
                    f"the account has {len(objects)} objects of kind {kind}, and {len(missing)} more are to be made for"
                    f" {', '.join(map(_trunk_name, missing))}; by its vendor's documents it may have {limit}. Nothing"
                    " was changed. Delete one that nobody uses, or take one over with `adopt: true`; where the vendor"
                    " has raised the limit, make one more by hand: an account that has more shows that",
                    about=missing[0],
                )
            )
    return found


def _trunk_name(owner: str) -> str:
    return f'trunk "{owner.partition(".")[2]}"'


def route_reasons(survey: Survey, facts: Facts, run: Runtime) -> list[Objection]:
    """Refuse to add the way to LiveKit to a trunk that has all the ways that it may have.

    Asks for the ways of the trunks that are to be taken over alone, which adoption reads too.
    """
    adapter = run.vendors.adapters.get("OriginationUrl")
    found = []
    for owner, fact in sorted(facts.items()):
        if adapter is None or fact.get("makes", True) or "domain" not in fact:
            continue
        for trunk in survey.objects.get("SipTrunk", ()):
            if trunk.props["domainName"] != fact["domain"] or survey.owner_of(trunk.tag) in (owner, fact.get("former")):
                continue
            urls = run.listing("OriginationUrl", trunk.id)
            there = {url.props["sipUrl"] for url in urls}
            missing = [] if there & set(fact["routes"]) else ["LiveKit"]
            missing += [str(fact["fallback"])] if fact.get("fallback", "") not in (*there, "") else []
            if missing and len(urls) + len(missing) > adapter.most:
                found.append(
                    Objection(
                        f"SipTrunk {trunk.id} has {len(urls)} of the {adapter.most} origination URLs that it may have,"
                        f" and none goes to {' or to '.join(missing)}. Nothing was changed. Delete one of them at the"
                        f" vendor: {_shown(urls)}",
                        about=owner,
                    )
                )
    return found


def _shown(urls: Sequence[Observed]) -> str:
    return ", ".join(f"{url.id} ({url.props['sipUrl']})" for url in urls)


def applied_marks(
    olds: Mapping[str, Any], news: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey
) -> Iterator[tuple[str, str, str]]:
    """Give the marks that an earlier update applied, and what has come to keep their release since."""
    before, now = olds.get("lines", {}), news["lines"]
    for name, number, blocked in _marked(now, choices, survey):
        if _old(before, name, now[name]).get("removal") == "release":
            yield name, number, blocked


def _marked(lines: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Give name, number and block of the lines that are marked for release and do not say that it is taken off."""
    for name, wish in sorted(lines.items()):
        if name in choices and wish["removal"] == "release" and not wish.get("clearEmergencyAddress"):
            number = choices[name].number
            if blocked := _blocked(survey, wish["provider"], number):
                yield name, number, blocked


def _blocked(survey: Survey, provider: str, number: str) -> str:
    owned = survey.owned.get(provider, {}).get(number)
    return owned.blocks_release if owned else ""


def _old(before: Mapping[str, Any], name: str, wish: Mapping[str, Any]) -> Mapping[str, Any]:
    old: Mapping[str, Any] = before.get(name) or before.get(wish.get("renamedFrom", ""), {})
    return old
