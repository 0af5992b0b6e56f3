"""Whose a number is by now, read again just before it is written, let go or bought.

Where numbers carry tags, its own says so. Where they carry none, the tagged LiveKit trunk that has it speaks for it:
one for calls in before one for calls out, which may have the number of another line as what callers see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.dynamic.objects import tags_of
from providers.dynamic.ownership import MOVE
from providers.dynamic.runtime import Runtime
from providers.kinds import CLAIM_KINDS, claimed
from providers.port import Carrier, Observed, OwnedNumber
from trunkline.calls import has_number
from trunkline.errors import Refusal
from trunkline.model.tag import Tag


def owner_of(run: Runtime, carrier: Carrier, owned: OwnedNumber, props: Mapping[str, Any]) -> Tag | None:
    """Give the tag of somebody else whose the number is; None where it is the line's of `props`, or nobody's."""
    if carrier.keeps_tags:
        tag = Tag.parse(owned.tag)
        return tag if tag is not None and owned.tag not in tags_of(props) else None
    return claimant(run, owned, props)


def claimant(run: Runtime, owned: OwnedNumber, props: Mapping[str, Any]) -> Tag | None:
    """Give the tag of somebody else whose LiveKit trunk has the number, which a carrier that lags cannot hide."""
    for kind in CLAIM_KINDS:
        holders = [one for one in run.listing(kind, fresh=True) if has_number(claimed(one.props), owned.number)]
        tags = _tags(holders)
        if tags:
            return next((tag for tag in tags if not _is_line_s(tag, props)), None)
    return None


def refuse(run: Runtime, carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> None:
    """Refuse to take what somebody else has, also for a line that adopts."""
    owner = owner_of(run, carrier, owned, desired)
    if owner is not None:
        raise Refusal(
            f"{owned.number} is in the {carrier.name} account already and belongs to {owner.describe()}. Nothing was"
            f" changed. {MOVE}."
        )


def _tags(holders: Sequence[Observed]) -> list[Tag]:
    return [tag for one in holders if (tag := Tag.parse(one.tag)) is not None]


def _is_line_s(tag: Tag, props: Mapping[str, Any]) -> bool:
    """Whether a tag is the line's, or that of a shared trunk of its stack: a line there has none of its own."""
    ours = [known for text in tags_of(props) if (known := Tag.parse(text)) is not None]
    return tag in ours or (bool(tag.trunk) and tag.fleet in {known.fleet for known in ours})
