"""What a carrier's trunk carries: neither its route, nor its credentials, nor itself go from under a number.

The engine deletes a trunk's parts before the trunk. So each part refuses by itself, or calls to the numbers of another
stack would end at a carrier's trunk without a route before the trunk's own refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.objects import ADOPTED
from providers.dynamic.runtime import Runtime
from providers.port import Observed, OwnedNumber
from trunkline.carriers import calls_over
from trunkline.errors import Refusal
from trunkline.model.tag import Tag

_TRUNK, _LIST = "SipTrunk", "CredentialList"
_ROUTING = (_TRUNK, "OriginationUrl")
_CALLING_OUT = ("TrunkCredentialList", _LIST, "Credential")
# What a trunk can do without, and what goes with it.
_BESIDE = ("FallbackUrl", "TrunkAddressList")


def demand_none(run: Runtime, kind: str, id_: str, recorded: Mapping[str, Any]) -> None:
    """Refuse to delete what a number on the trunk needs that this stack does not release.

    Of a trunk that was there before it was adopted that is what lines of other stacks have: the rest stands as it did.
    Where a program runs it may take the credentials off a trunk that it keeps, as long as nobody calls out with them.
    Where neither program nor record is there, another entry of the state may have all that a number here needs.
    """
    unread = run.recorded_lines is None and not run.declared
    if kind not in (*_ROUTING, *_CALLING_OUT, *(_BESIDE if unread else ())):
        return
    trunk = _trunk_of(run, kind, id_, recorded)
    if trunk is None:
        return
    if run.wanted is not None and kind in _CALLING_OUT:
        needing = callers(run.listing("OutboundTrunk", fresh=True), trunk) if kind != "Credential" else ()
    else:
        needing = tuple(sorted(one.number for one in _numbers_on(run, trunk.id) if _is_needed(run, trunk, one)))
    if needing:
        raise Refusal(
            f"SipTrunk {trunk.id} still carries {', '.join(needing)}, which this stack does not release. {kind} {id_}"
            " was left as it is. Move the numbers to another trunk, or take them off it at the carrier."
            f"{' Where the state has their lines, run it again without `--refresh=false`.' if unread else ''}"
        )


def callers(trunks: Iterable[Observed], carrier_s: Observed) -> tuple[str, ...]:
    """Give the numbers of the tagged LiveKit trunks, of any stack, that call out over a carrier's trunk."""
    domain, id_ = str(carrier_s.props["domainName"]), carrier_s.id
    over = (one for one in trunks if Tag.parse(one.tag) and calls_over(one.props["address"], domain, id_))
    return tuple(sorted({number for one in over for number in one.props["numbers"]}))


def _trunk_of(run: Runtime, kind: str, id_: str, recorded: Mapping[str, Any]) -> Observed | None:
    """Give the trunk that an object is or belongs to; None where it is gone, or nothing says which.

    Older versions recorded none of a credential: its list carries the trunk's tag.
    """
    trunks = run.listing(_TRUNK)
    if sid := id_ if kind == _TRUNK else recorded.get("trunkSid"):
        return next((one for one in trunks if one.id == sid), None)
    own = id_ if kind == _LIST else recorded.get("credentialListSid")
    tag = next((Tag.parse(one.tag) for one in run.listing(_LIST) if one.id == own), None)
    return next((one for one in trunks if tag is not None and Tag.parse(one.tag) == tag), None)


def _numbers_on(run: Runtime, trunk: str) -> tuple[OwnedNumber, ...]:
    owned = run.owned(run.vendors.vendor_of[_TRUNK], fresh=True).values()
    return tuple(one for one in owned if one.props.get("trunkSid") == trunk)


def _is_needed(run: Runtime, trunk: Observed, owned: OwnedNumber) -> bool:
    if ADOPTED not in trunk.notes:
        return True
    recorded = {line.get("phoneNumber") for line in (run.recorded_lines or {}).values()}
    return Tag.parse(owned.tag) is not None and owned.number not in recorded
