"""What becomes of what a plan adopts: whether it may, what each property "was => becomes", where calls went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic import adoption, encryption, forwards, homes, matching, was_becomes
from providers.dynamic.matching import Listing, Match, Matches, Wanted, rules_for_all
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Observed, OwnedNumber
from trunkline.model.tag import Tag
from trunkline.quoting import one_line

_WAYS = ("OriginationUrl", "FallbackUrl")


def judge(
    run: Runtime,
    survey: Survey,
    told: Iterable[Mapping[str, Any]],
    olds: Mapping[str, Any],
    settled: Mapping[str, str],
    secure: Mapping[str, Observed],
) -> tuple[dict[str, Any], list[Objection]]:
    """Say what each object to be adopted was and becomes, and why it may not be; leaves what it matched in the runtime.

    `told`: what the plan tells of each object. `settled`: the lines of the last complete update. `secure`: the trunks
    that must be spoken with in SRTP and TLS.
    """
    numbers = run.wanted or {}
    objects = matching.concerned(encryption.following(told, secure), olds)
    matches = matching.find(
        survey,
        objects,
        numbers,
        run.listing,
        ended=lambda one: one.is_settled(olds, settled),
        gives=lambda one, there: homes.gives_up(run, survey, one.kind, there),
    )
    run.standing = matches.standing
    shown, said = describe(survey, matches, objects, numbers, olds, run.listing)
    for text in said:
        run.notice(text)
    encryption.tell(run, matches, secure)
    return shown, adoption.reasons(survey, matches, numbers, olds)


def describe(
    survey: Survey,
    matches: Matches,
    objects: Iterable[Wanted],
    numbers: Mapping[str, str],
    olds: Mapping[str, Any],
    listing: Listing,
) -> tuple[dict[str, Any], list[str]]:
    """Give what the Fleet's inputs show of what is to be adopted, and the notices that say it in a plain preview.

    The former is line or trunk -> object -> property -> what was and becomes.
    """
    shown: dict[str, dict[str, dict[str, str]]] = {}
    notices: list[str] = []

    def say(owner: str, what: str, properties: Mapping[str, str], beside: Iterable[str] = ()) -> None:
        shown.setdefault(owner, {})[what] = dict(properties)
        lines = [*was_becomes.changes(properties), *beside, *was_becomes.staying(properties)]
        # What others named may be of several lines itself.
        notices.append("\n    ".join([f'"{owner}" adopts {what}:', *map(one_line, lines)]))

    for match in matches.all:
        if match.new and match.target is not None:
            what = f"{match.wanted.kind} {match.target.id}"
            say(match.wanted.owner, what, _properties(match, match.target), _beside(matches, match, listing))
    adopted = {match.wanted.owner for match in matches.all if match.new}
    for match in matches.all:
        wanted = match.wanted
        if match.target is None and wanted.kind not in _WAYS and wanted.owner in adopted:
            say(wanted.owner, f"{wanted.what} (new)", {"made": _why_made(wanted)}, _answered(survey, wanted, numbers))
    for wanted in (one for one in objects if one.kind == "PhoneNumber"):
        owned = survey.in_any_account(numbers.get(wanted.owner, ""))
        known = owned is not None and owned.number in survey.tagless and wanted.adopted_before(olds)
        if owned is None or known or survey.owner_of(owned.tag) in wanted.owners:
            continue
        properties = was_becomes.number(owned, _routing(matches, wanted, owned))
        if was_becomes.changes(properties):
            say(wanted.owner, f"PhoneNumber {owned.number}", properties, _went_to(survey, owned, listing))
    return {owner: dict(sorted(taken.items())) for owner, taken in sorted(shown.items())}, notices


def _properties(match: Match, target: Observed) -> dict[str, str]:
    wanted = match.wanted
    becomes = was_becomes.becoming(wanted.kind, wanted.values, wanted.unmanaged, match.elements, target.props)
    return was_becomes.properties(wanted.kind, target, becomes)


def _beside(matches: Matches, match: Match, listing: Listing) -> list[str]:
    """Say who answered before; and of a carrier's trunk, what goes on taking its calls."""
    if match.target is None:
        return []
    if match.wanted.kind in ("DispatchRule", "CallerRule"):
        return [was_becomes.answers(match.target)]
    if match.wanted.kind == "SipTrunk":
        urls = listing("OriginationUrl", match.target.id)
        ours, fallback = (matches.of(kind, match.wanted.owner) for kind in _WAYS)
        own = ours.wanted.values["sipUrl"] if ours else ""
        # A fallback that is there already is told as what is adopted.
        then = fallback.target.id if fallback and fallback.target else ""
        return [f"beside ours {way}" for way in was_becomes.ways([url for url in urls if url.id != then], own)]
    return []


def _answered(survey: Survey, wanted: Wanted, numbers: Mapping[str, str]) -> list[str]:
    if wanted.kind != "DispatchRule":
        return []
    return [f"{was_becomes.answers(rule)}, for every trunk" for rule in rules_for_all(survey, wanted, numbers)]


def _why_made(wanted: Wanted) -> str:
    what = {
        "DispatchRule": "its trunk has no rule of its own",
        "CallerRule": "no rule is for just these callers",
        "OutboundTrunk": "no trunk calls out for it there",
    }
    return f"(none) => {what.get(wanted.kind, 'no trunk has it')}, so one is made"


def _routing(matches: Matches, wanted: Wanted, owned: OwnedNumber) -> dict[str, Any]:
    """Give tag and route of a number as they will be; what is made in this very update has no id yet."""
    match = matches.of("SipTrunk", Tag.of_trunk("", wanted.trunk).owner)
    later = {"later": f"(trunk {wanted.trunk})"}
    values = {"tag": wanted.values["tag"], "trunkSid": match.target.id if match and match.target else later}
    if "sipUri" in wanted.values:
        uri = str(wanted.values["sipUri"]).replace("{digits}", owned.number[1:])
        values["sipUri"] = forwards.keeping({"adopt": True, "sipUri": uri}, owned.props)["sipUri"]
    return values


def _went_to(survey: Survey, owned: OwnedNumber, listing: Listing) -> list[str]:
    """Say where the trunk that carried a number sends its calls."""
    sid = owned.props.get("trunkSid", "")
    trunk = next((one for one in survey.objects.get("SipTrunk", ()) if one.id == sid), None)
    if trunk is None:
        return [f"its calls went to {owned.calls_go}"] if owned.calls_go else []
    urls = was_becomes.ways(listing("OriginationUrl", sid)) or ["nowhere: it has no origination URL"]
    return [f'its calls went through trunk {sid} "{trunk.tag}" to {way}' for way in urls]
