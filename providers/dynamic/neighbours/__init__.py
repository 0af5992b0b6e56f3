"""What stands beside ours and makes a call to one of our numbers go elsewhere, or lets in whom our line keeps out.

Nothing of it is touched. It is named in every preview and recorded for the audit. Ours is what the state holds, and
what carries a tag of ours; everything else is foreign, and may be intended: `accepted` in the file says so by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from providers.dynamic import fallback_urls
from providers.dynamic.neighbours import calls_in, carrier_trunks, narrowed, own_numbers
from providers.dynamic.neighbours.neighbour import Neighbour
from providers.dynamic.ownership import own_trunks
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from trunkline.quoting import one_line

NOT_THERE = "accepted-not-there"
# A self-hosted server hands a call that no trunk takes on to the rules for every trunk; LiveKit Cloud answers it 404.
CLOUD = ".livekit.cloud"


def find(
    run: Runtime,
    survey: Survey,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    numbers: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]],
) -> tuple[Neighbour, ...]:
    """Give the foreign objects that concern our lines, the accepted ones with their reason.

    `numbers`: line -> its number. Of an accepted id that stands beside no line any more that is said too. Raises the
    vendors' errors.
    """
    host = str(news["accounts"].get("livekit", "")).partition(":")[0]
    # What this update adopts is ours too, though it does not say so yet.
    ours = run.held | {one.id for one in run.standing.values()}
    # A list's place has the list's id; what the last update put on a trunk this one takes off, or leaves.
    ours |= {sid for each in (news, olds) for lists in each.get("addressLists", {}).values() for sid in lists}
    project = calls_in.Project(survey, ours, trunkless=not host.endswith(CLOUD))
    plus = {name: carrier.dials_plus for name, carrier in run.vendors.carriers.items()}
    lines = calls_in.lines_of(news, olds, numbers, facts, plus, survey)
    met = [
        *calls_in.find(project, lines),
        *narrowed.find(project, lines),
        *own_numbers.find(project, survey, news, numbers),
        *carrier_trunks.find(
            run, survey, own_trunks(news), ours, sorted(numbers.items()), facts, fallback_urls.going(news, olds)
        ),
    ]
    every = (*_known(met, news.get("accepted", ())), *_not_there(met, news.get("accepted", ())))
    # What others named may be of several lines, of which each would look like a row of ours.
    return tuple(replace(one, message=one_line(one.message)) for one in every)


def tell(run: Runtime, neighbours: Iterable[Neighbour]) -> None:
    """Say in every preview what the file does not accept, and what it accepts in vain."""
    for one in neighbours:
        if one.code == NOT_THERE:
            run.notice(f"{one.message} Take it out of `accepted`.")
        elif not one.accepted:
            run.notice(f"{one.message} {_way_out(one)}")


def _way_out(one: Neighbour) -> str:
    """Say what to do; what may be a line's own is no object to remove before somebody has looked."""
    accept = f"or accept it in numbers.yaml: `accepted: [{{id: {one.id}, reason: …}}]`."
    if one.code == narrowed.CODE:
        return f"Empty these lists of it at LiveKit, {accept}"
    if one.put_right:
        return f"Look at it there before, {accept}"
    if not one.perhaps_ours:
        return f"Remove it there, {accept}"
    return (
        "It may be the line's own, without its tag: `pulumi up` puts that on again where this preview says that"
        f" {one.perhaps_ours} {one.id} changes. Otherwise remove it there, {accept}"
    )


def _known(met: Sequence[Neighbour], accepted: Iterable[Mapping[str, Any]]) -> list[Neighbour]:
    reasons = {one["id"]: one["reason"] for one in accepted}
    return [replace(one, accepted=reasons.get(one.id, "")) for one in met]


def _not_there(met: Sequence[Neighbour], accepted: Iterable[Mapping[str, Any]]) -> list[Neighbour]:
    """What another stack of the same file may have beside its lines is not judged here."""
    there = {one.id for one in met}
    return [
        Neighbour(
            code=NOT_THERE,
            id=one["id"],
            lines=(),
            message=f"{one['id']} is accepted in numbers.yaml ({one['reason']}), but stands beside no line any more.",
        )
        for one in accepted
        if one["id"] not in there and not one.get("elsewhere")
    ]
