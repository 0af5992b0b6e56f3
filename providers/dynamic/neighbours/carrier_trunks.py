"""What others have put on a carrier's trunk of ours: places where its calls go, and who may call out over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlsplit

from providers.dynamic.neighbours.neighbour import Neighbour, named, numbers_of
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import Observed
from trunkline.carriers import calls_over
from trunkline.carriers.declaration import ROUTE as AS_MADE
from trunkline.model.tag import Tag, is_further

TRUNK, ROUTE, USERS, HOSTS = "SipTrunk", "OriginationUrl", "TrunkCredentialList", "TrunkAddressList"
_USER = "Credential"


def find(
    run: Runtime,
    survey: Survey,
    trunks: AbstractSet[str],
    ours: AbstractSet[str],
    lines: Sequence[tuple[str, str]],
    facts: Mapping[str, Mapping[str, Any]],
    going: Mapping[str, str],
) -> Iterator[Neighbour]:
    """Look at the children of each of our trunks, one listing of each kind a process.

    `trunks`: the owners, as in tags, whose trunks this stack answers for; a trunk that another stack owns is looked at
    there. `lines`: names and numbers. `facts`: what the file says of each owner; `going`: owner -> the fallback that
    this update takes off its trunk. Raises the vendors' errors.
    """
    for trunk in survey.objects.get(TRUNK, ()):
        owner = survey.owner_of(trunk.tag)
        if owner in trunks or trunk.id in ours:
            carried = [(name, number) for name, number in lines if _carries(survey, trunk.id, number)]
            fact = facts.get(owner, {})
            yield from _routes(run, survey, trunk, ours, carried, fact)
            yield from _recovery(trunk, carried, str(fact.get("recoveryUrl") or going.get(owner, "")))
            users = {str(fact.get("user", "")), *_calling_out(survey, trunk)}
            lists = _our_lists(run, survey, trunk, ours, users)
            yield from _admissions(run, survey, trunk, ours | lists, carried)
            yield from _guests(run, trunk, ours, carried, users, lists)


def _carries(survey: Survey, trunk_id: str, number: str) -> bool:
    owned = survey.in_any_account(number)
    return owned is not None and owned.props.get("trunkSid") == trunk_id


def _routes(
    run: Runtime,
    survey: Survey,
    trunk: Observed,
    ours: AbstractSet[str],
    carried: Sequence[tuple[str, str]],
    fact: Mapping[str, Any],
) -> Iterator[Neighbour]:
    """Ours are judged as this update leaves them, for one may be made only now, or have been moved by hand.

    `fact` says where the file sends calls, first and then. A route to there is ours where no other has our tag: it was
    renamed.
    """
    routes = [one for one in run.listing(ROUTE, trunk.id) if one.props["enabled"]]
    tagged = [one for one in routes if survey.owner_of(one.tag) or one.id in ours]
    own = _own_route(run, trunk)
    fallback = fact.get("fallback", "")
    then = [one for one in tagged if is_further(one.tag) or one.props["sipUrl"] == fallback]
    mine = [one for one in tagged if one not in then]
    mine = mine or [one for one in routes if one not in then and one.props["sipUrl"] in fact.get("routes", ())][:1]
    then = then or [one for one in routes if one not in mine and one.props["sipUrl"] == fallback][:1]
    foreign = [one for one in routes if one not in (*mine, *then)]
    # Two routes to one place are a matter of ours, and no other place.
    places = {one.props["sipUrl"] for one in mine}
    calls = f"calls to {_numbers(carried)}" if carried else "calls"
    for route in (one for one in foreign if one.props["sipUrl"] not in places):
        goes_before, does = _doing(route, foreign, own, calls)
        yield Neighbour(
            code="foreign-origination" if goes_before else "foreign-failover",
            id=route.id,
            lines=tuple(name for name, _ in carried),
            message=f"{named(ROUTE, route.id, route.tag)} on our trunk {trunk.id} {does}: they go to {_host(route)}.",
        )


def _own_route(run: Runtime, trunk: Observed) -> Mapping[str, Any]:
    """Give weight, priority and `enabled` of our route: an adopted one keeps its own."""
    adopted = (one for (kind, _), one in sorted(run.standing.items()) if kind == ROUTE)
    return next((one.props for one in adopted if one.props["trunkSid"] == trunk.id), AS_MADE)


def _doing(route: Observed, foreign: Sequence[Observed], own: Mapping[str, Any], calls: str) -> tuple[bool, str]:
    """Say what a foreign route does to our calls, and whether it takes them before, or beside, LiveKit.

    Calls go to the routes of the smallest priority, by weight. The next priority is asked where those are silent for
    some four seconds or fail with another error than 400, 404, 405, 410, 416, 482, 484, 486 and 6xx (the
    carrier's "Origination", read 2026-11): not where the called number is unknown or busy.
    """
    priority, weight = route.props["priority"], route.props["weight"]
    first = own["priority"] if own["enabled"] else None
    peers = sum(one.props["weight"] for one in foreign if one.props["priority"] == priority)
    peers += own["weight"] if priority == first else 0
    share = "all" if weight == peers else f"{weight} of {peers}"
    if first is not None and priority > first:
        return (
            False,
            f"is asked about {calls} only where LiveKit is silent or fails (priority {priority}, ours {first})",
        )
    if any(one.props["priority"] < priority for one in foreign):
        beside = "beside" if priority == first else "before"
        return False, f"is asked about {calls}, {beside} LiveKit, where those of a better priority are silent or fail"
    if first is None:
        return True, f"takes {share} {calls}, and LiveKit none, for our own URL is disabled"
    return True, f"takes {share} {calls}" + (" before LiveKit is asked" if priority < first else "")


def _recovery(trunk: Observed, carried: Sequence[tuple[str, str]], declared: str) -> Iterator[Neighbour]:
    """A setting of our own trunk that the file does not name; of its URL the host alone is shown: it holds no token."""
    url = str(trunk.also.get("recoveryUrl", ""))
    if url and not declared:
        calls = f"calls to {_numbers(carried)}" if carried else "calls"
        where = urlsplit(url).hostname or "an address that cannot be read"
        yield Neighbour(
            code="foreign-failover",
            id=trunk.id,
            lines=tuple(name for name, _ in carried),
            message=f"{TRUNK} {trunk.id} has a disaster recovery URL, which takes the {calls} that no origination URL"
            f" answers: {where} says where they go.",
        )


def _host(route: Observed) -> str:
    """Give where a SIP URI leads, without a user's password that somebody may have written into it."""
    scheme, _, rest = str(route.props["sipUrl"]).partition(":")
    return f"{scheme}:{rest.rpartition('@')[2]}"


def _our_lists(
    run: Runtime, survey: Survey, trunk: Observed, ours: AbstractSet[str], users: AbstractSet[str]
) -> frozenset[str]:
    """Give the credential lists on a trunk that are ours.

    Those are what we know by id or tag. Where none of them holds a user as whom we call out, the list that does was
    renamed by hand: without it our own calls out would be refused.
    """
    links = {link.props["credentialListSid"]: link for link in run.listing(USERS, trunk.id)}
    known = {sid for sid, one in links.items() if ours & {sid, one.id} or survey.owner_of(_name_of_list(survey, one))}
    if not survey.owner_of(trunk.tag):
        return frozenset(known)
    calling = {sid for sid in links if any(one.props["username"] in users for one in run.listing(_USER, sid))}
    return frozenset(known if known & calling else known | calling)


def _admissions(
    run: Runtime, survey: Survey, trunk: Observed, ours: AbstractSet[str], carried: Sequence[tuple[str, str]]
) -> Iterator[Neighbour]:
    for link in run.listing(USERS, trunk.id):
        id = link.props["credentialListSid"]
        if id not in ours:
            what = named("CredentialList", id, _name_of_list(survey, link))
            yield _admission("foreign-credentials", what, id, trunk, carried)
    for link in run.listing(HOSTS, trunk.id):
        id = link.props["addressListSid"]
        if id not in ours:
            yield _admission("foreign-addresses", f"IP access control list {id}", id, trunk, carried)


def _guests(
    run: Runtime,
    trunk: Observed,
    ours: AbstractSet[str],
    carried: Sequence[tuple[str, str]],
    users: AbstractSet[str],
    lists: AbstractSet[str],
) -> Iterator[Neighbour]:
    """Name whom somebody has put into one of our `lists`: a user carries no tag, so ours are those with these names.

    One that is alone in its list is ours, whatever the name: it may be about to change.
    """
    for sid in sorted(lists):
        there = run.listing(_USER, sid)
        for one in there if len(there) > 1 else ():
            if one.id not in ours and one.props["username"] not in users:
                what = f"{named(_USER, one.id, str(one.props['username']))} is in our CredentialList {sid}"
                yield Neighbour(
                    code="foreign-user",
                    id=one.id,
                    lines=tuple(name for name, _ in carried),
                    message=f"{what}, and no LiveKit trunk of ours calls out as that user: who has its password may"
                    f" call out over our trunk {trunk.id}{_as_caller(carried)}.",
                )


def _calling_out(survey: Survey, trunk: Observed) -> Iterator[str]:
    """Give the users with whom tagged LiveKit trunks, those of other stacks too, call out over a carrier's trunk."""
    for one in survey.objects.get("OutboundTrunk", ()):
        if Tag.parse(one.tag) and calls_over(one.props["address"], trunk.props["domainName"], trunk.id):
            yield str(one.props["authUsername"])


def _name_of_list(survey: Survey, link: Observed) -> str:
    there = survey.objects.get("CredentialList", ())
    return next((one.tag for one in there if one.id == link.props["credentialListSid"]), "")


def _admission(code: str, what: str, id: str, trunk: Observed, carried: Sequence[tuple[str, str]]) -> Neighbour:
    return Neighbour(
        code=code,
        id=id,
        lines=tuple(name for name, _ in carried),
        message=f"{what} is on our trunk {trunk.id}: whoever is in it may call out over the trunk"
        f"{_as_caller(carried)}.",
    )


def _as_caller(carried: Sequence[tuple[str, str]]) -> str:
    return f" as {_numbers(carried)}" if carried else ""


def _numbers(carried: Sequence[tuple[str, str]]) -> str:
    return numbers_of([name for name, _ in carried], [number for _, number in carried])
