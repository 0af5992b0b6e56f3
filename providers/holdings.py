"""What the connected vendors hold, read for a dump: one listing of each kind, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from providers.port import Observed, OwnedNumber
from providers.registry import Vendors
from trunkline.dump import CarrierTrunk, HeldNumber, Holdings, LiveObject
from trunkline.errors import VendorError

_TRUNK, _ROUTE = "SipTrunk", "OriginationUrl"


def read(vendors: Vendors, sip_host: str, tell: Callable[[str], None]) -> Holdings:
    """Read all of it. `tell` is told what is read next. Raises the vendors' errors rather than give a part."""

    def listed(kind: str, scope: str = "") -> tuple[LiveObject, ...]:
        return tuple(map(_live, vendors.adapters[kind].list(scope))) if kind in vendors.adapters else ()

    tell("LiveKit's trunks and rules")
    inbound, outbound, rules = listed("InboundTrunk"), listed("OutboundTrunk"), listed("DispatchRule")
    numbers: list[HeldNumber] = []
    for name, carrier in sorted(vendors.carriers.items()):
        tell(f"the numbers of {name}")
        numbers += _held(name, carrier.owned())
    trunks = listed(_TRUNK)
    carried: list[CarrierTrunk] = []
    for index, trunk in enumerate(trunks, start=1):
        tell(f"trunk {index} of {len(trunks)} of {vendors.vendor_of[_TRUNK]}")
        carried.append(CarrierTrunk(provider=vendors.vendor_of[_TRUNK], trunk=trunk, routes=listed(_ROUTE, trunk.id)))
    return Holdings(
        inbound=inbound,
        outbound=outbound,
        rules=rules,
        trunks=tuple(carried),
        numbers=tuple(numbers),
        accounts=vendors.accounts,
        sip_host=sip_host,
    )


def closed_doors(vendors: Vendors) -> list[VendorError]:
    """Ask every connected vendor for one listing. Gives the error of each whose key does not get one."""
    asked: list[Callable[[], object]] = [carrier.owned for _, carrier in sorted(vendors.carriers.items())]
    if (trunks := vendors.adapters.get("InboundTrunk")) is not None:
        asked.insert(0, trunks.list)
    found = []
    for listing in asked:
        try:
            listing()
        except VendorError as error:
            found.append(error)
    return found


def _live(one: Observed) -> LiveObject:
    return LiveObject(id=one.id, tag=one.tag, props=one.props, also=one.also)


def _held(provider: str, numbers: Sequence[OwnedNumber]) -> list[HeldNumber]:
    return [
        HeldNumber(provider=provider, number=one.number, tag=one.tag, props=one.props, calls_go=one.calls_go)
        for one in numbers
    ]
