"""What others have put on a carrier's trunk of ours: places where its calls go, and who may call out over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from providers.dynamic.neighbours.neighbour import Neighbour, named, numbers_of
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import Observed

TRUNK, ROUTE, USERS, HOSTS = "SipTrunk", "OriginationUrl", "TrunkCredentialList", "TrunkAddressList"


def find(
    run: Runtime, survey: Survey, trunks: AbstractSet[str], ours: AbstractSet[str], lines: Sequence[tuple[str, str]]
) -> Iterator[Neighbour]:
    """Look at the children of each of our trunks, one listing of each kind a process.

    `trunks`: the owners, as in tags, whose trunks this stack answers for; a trunk that another stack owns is looked at
    there. `lines`: names and numbers. Raises the vendors' errors.
    """
    for trunk in survey.objects.get(TRUNK, ()):
        if survey.owner_of(trunk.tag) in trunks or trunk.id in ours:
            carried = [(name, number) for name, number in lines if _carries(survey, trunk.id, number)]
            yield from _routes(run, survey, trunk, ours, carried)
            yield from _recovery(trunk, carried)
            yield from _admissions(run, survey, trunk, ours, carried)


def _carries(survey: Survey, trunk_id: str, number: str) -> bool:
    owned = survey.in_any_account(number)
    return owned is not None and owned.props.get("trunkSid") == trunk_id


def _routes(
    run: Runtime, survey: Survey, trunk: Observed, ours: AbstractSet[str], carried: Sequence[tuple[str, str]]
) -> Iterator[Neighbour]:
    """Calls go to the routes of the smallest priority, by weight; the others get what those do not answer."""
    routes = [one for one in run.listing(ROUTE, trunk.id) if one.props["enabled"]]
    mine = [one for one in routes if survey.owner_of(one.tag) or one.id in ours]
    places = {one.props["sipUrl"] for one in mine}
    first = min((one.props["priority"] for one in mine), default=None)
    calls = f"calls to {_numbers(carried)}" if carried else "calls"
    for route in routes:
        # Two routes to one place are a matter of ours, and no other place.
        if route in mine or route.props["sipUrl"] in places:
            continue
        priority, weight = route.props["priority"], route.props["weight"]
        peers = sum(one.props["weight"] for one in routes if one.props["priority"] == priority)
        share = "all" if weight == peers else f"{weight} of {peers}"
        if first is None or priority < first:
            does = f"takes {share} {calls} before LiveKit is asked"
        elif priority == first:
            does = f"takes {share} {calls}"
        else:
            does = f"takes the {calls} that LiveKit does not answer"
        yield Neighbour(
            code="foreign-origination" if first is None or priority <= first else "foreign-failover",
            id=route.id,
            lines=tuple(name for name, _ in carried),
            message=f"{named(ROUTE, route.id, route.tag)} on our trunk {trunk.id} {does}: they go to {_host(route)}.",
        )


def _recovery(trunk: Observed, carried: Sequence[tuple[str, str]]) -> Iterator[Neighbour]:
    """A setting of our own trunk that no line manages; of its URL the host alone is shown, which holds no token."""
    if url := str(trunk.also.get("recoveryUrl", "")):
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


def _admissions(
    run: Runtime, survey: Survey, trunk: Observed, ours: AbstractSet[str], carried: Sequence[tuple[str, str]]
) -> Iterator[Neighbour]:
    lists = {one.id: one.tag for one in survey.objects.get("CredentialList", ())}
    for link in run.listing(USERS, trunk.id):
        id = link.props["credentialListSid"]
        if not (survey.owner_of(lists.get(id, "")) or {id, link.id} & ours):
            yield _admission("foreign-credentials", named("CredentialList", id, lists.get(id, "")), id, trunk, carried)
    for link in run.listing(HOSTS, trunk.id):
        id = link.props["addressListSid"]
        if id not in ours:
            yield _admission("foreign-addresses", f"IP access control list {id}", id, trunk, carried)


def _admission(code: str, what: str, id: str, trunk: Observed, carried: Sequence[tuple[str, str]]) -> Neighbour:
    caller = f" as {_numbers(carried)}" if carried else ""
    return Neighbour(
        code=code,
        id=id,
        lines=tuple(name for name, _ in carried),
        message=f"{what} is on our trunk {trunk.id}: whoever is in it may call out over the trunk{caller}.",
    )


def _numbers(carried: Sequence[tuple[str, str]]) -> str:
    return numbers_of([name for name, _ in carried], [number for _, number in carried])
