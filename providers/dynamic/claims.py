"""A line that searches for its number claims one: its tagged LiveKit trunk holds the number before it is bought.

The claim is what tells an interrupted purchase from a foreign number, and what keeps two runs from buying two numbers
for one line: each looks again after it has claimed, and just before it buys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.dynamic.objects import Kind, find_ours, tags_of
from providers.dynamic.runtime import Runtime
from providers.port import Observed
from trunkline.calls import canonical, has_number
from trunkline.e164 import E164
from trunkline.errors import Refusal

_AGAIN = "Nothing was bought by this run. Wait until the other run has ended, then run `pulumi up` again."


def refuse_other_claim(runtime: Runtime, kind: Kind, desired: Mapping[str, Any]) -> None:
    """Refuse to move a claim to another number while the number that it holds is bought, or may still be.

    The Fleet chose another number because the claimed one was not on offer; if it is on offer or in the account by now,
    another run has been here in between.
    """
    for claim in _claims(runtime, kind, desired):
        for number in map(canonical, claim.props["numbers"]):
            if number in desired["numbers"]:
                continue
            carrier = runtime.carrier(desired["claims"])
            if carrier.find(E164(number)) is not None:
                raise Refusal(f"{number} was bought for this line meanwhile ({claim.id} holds it). {_AGAIN}")
            if carrier.offered(E164(number)) is not None:
                raise Refusal(f"another run is buying {number} for this line ({claim.id} holds it). {_AGAIN}")


def withdraw_if_not_alone(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], made: Observed) -> None:
    """After a claim was made, look again; where another run made one for the same line, take ours back and refuse."""
    others = [claim for claim in _claims(runtime, kind, desired) if claim.id != made.id]
    if others:
        runtime.adapter(kind.name).delete(made.id)
        names = ", ".join(claim.id for claim in others)
        raise Refusal(f"another run claims a number for this line at the same time ({names}). {_AGAIN}")


def confirm(runtime: Runtime, kind: Kind, claim_id: str, number: str, tags: Sequence[str], *, searched: bool) -> None:
    """Just before a purchase: the claim is ours, holds this number, and is the only one of its line.

    Raises Refusal otherwise; nothing is bought then.
    """
    claim = runtime.adapter(kind.name).get(claim_id)
    if claim is None or not has_number(claim.props["numbers"], number):
        holds = "is gone" if claim is None else f"holds {', '.join(claim.props['numbers'])}"
        raise Refusal(f"{kind.name} {claim_id}, which claims {number} for this line, {holds} now. {_AGAIN}")
    if not searched:
        return
    rivals = [
        one.id for one in runtime.listing(kind.name, fresh=True) if one.tag and one.tag in tags and one.id != claim_id
    ]
    if rivals:
        raise Refusal(f"several trunks claim a number for this line ({claim_id}, {', '.join(rivals)}). {_AGAIN}")


def may_be_ordered(runtime: Runtime, recorded: Mapping[str, Any]) -> bool:
    """Whether a claim that is to be deleted is all that could tell whose a number is that arrives a moment later.

    So it is where the carrier's numbers carry no tags and this run did not let the number go: a killed run may have
    sent the order. The Fleet has noted such a claim, and removes it in the next update. Where no program runs
    (`destroy`) there is none.
    """
    provider = recorded.get("claims")
    if not provider or runtime.wanted is None or runtime.carrier(provider).keeps_tags:
        return False
    return any(canonical(number) not in runtime.let_go for number in recorded["numbers"])


def _claims(runtime: Runtime, kind: Kind, desired: Mapping[str, Any]) -> Sequence[Observed]:
    found = find_ours(runtime, kind, desired, fresh=True)
    return [one for one in (found.observed, *found.duplicates) if one is not None and one.tag in tags_of(desired)]
