"""What the connected vendors hold, for a dump and an audit: one listing of each kind, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from providers.port import Observed, OwnedNumber
from providers.registry import Vendors
from trunkline.carriers import CARRIERS
from trunkline.dump import CarrierTrunk, HeldNumber, Holdings, LiveObject
from trunkline.errors import VendorError
from trunkline.model import livekit_numbers

T = TypeVar("T")
_TRUNK, _ROUTE, _LISTS, _LIVEKIT = "SipTrunk", "OriginationUrl", "TrunkAddressList", "livekit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """Where listings come from: `objects` by kind and scope, `numbers` by carrier. Both raise the vendors' errors."""

    objects: Callable[[str, str], Sequence[Observed]]
    numbers: Callable[[str], Sequence[OwnedNumber]]

    @classmethod
    def of(cls, vendors: Vendors) -> Listings:
        """Ask the vendors themselves."""
        return cls(
            objects=lambda kind, scope: vendors.adapters[kind].list(scope),
            numbers=lambda name: vendors.carriers[name].owned(),
        )


def read(vendors: Vendors, sip_host: str, tell: Callable[[str], None]) -> Holdings:
    """Read all of it. `tell` is told what is read next. Raises the vendors' errors rather than give a part."""
    held, unread = read_each(vendors, sip_host, tell, Listings.of(vendors), lists=True)
    for error in unread.values():
        raise error
    return held


def read_each(
    vendors: Vendors, sip_host: str, tell: Callable[[str], None], listings: Listings, *, lists: bool = False
) -> tuple[Holdings, Mapping[str, VendorError]]:
    """Read what each vendor holds, and give the errors of those that do not say it: nothing of theirs is given then.

    `lists`: the lists of addresses on each carrier's trunk too, which take a request a trunk.
    """
    unread: dict[str, VendorError] = {}

    def each(vendor: str, what: str, ask: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        if vendor in unread:
            return ()
        tell(what)
        try:
            return ask()
        except VendorError as error:
            unread[vendor] = error
            return ()

    def listed(kind: str, scope: str = "") -> tuple[LiveObject, ...]:
        return tuple(map(_live, listings.objects(kind, scope))) if kind in vendors.adapters else ()

    def carried() -> tuple[CarrierTrunk, ...]:
        trunks = listed(_TRUNK)
        found: list[CarrierTrunk] = []
        for index, trunk in enumerate(trunks, start=1):
            tell(f"trunk {index} of {len(trunks)} of {vendors.vendor_of[_TRUNK]}")
            routes = listed(_ROUTE, trunk.id)
            on_it = tuple(one.id for one in listed(_LISTS, trunk.id)) if lists else ()
            found.append(
                CarrierTrunk(provider=vendors.vendor_of[_TRUNK], trunk=trunk, routes=routes, address_lists=on_it)
            )
        return tuple(found)

    def numbers_of(name: str) -> tuple[HeldNumber, ...]:
        return _held(name, listings.numbers(name))

    def at_livekit() -> tuple[tuple[LiveObject, ...], ...]:
        return listed("InboundTrunk"), listed("OutboundTrunk"), listed("DispatchRule")

    kinds = each(_LIVEKIT, "LiveKit's trunks and rules", at_livekit) or ((), (), ())
    # A server of one's own has no numbers, and no service that would say so.
    sells = any(livekit_numbers.is_number(one) for rule in kinds[2] for one in rule.props["trunkIds"])
    sellers = [name for name in sorted(vendors.carriers) if sells or not CARRIERS[name].within]
    numbers = [each(name, f"the numbers of {name}", partial(numbers_of, name)) for name in sellers]
    has_trunks = vendors.vendor_of.get(_TRUNK)
    trunks = each(has_trunks, f"the trunks of {has_trunks}", carried) if has_trunks else ()
    held = Holdings(
        inbound=kinds[0],
        outbound=kinds[1],
        rules=kinds[2],
        trunks=trunks,
        numbers=tuple(one for found in numbers for one in found if one.provider not in unread),
        accounts=vendors.accounts,
        sip_host=sip_host,
    )
    return held, unread


def closed_doors(vendors: Vendors) -> list[VendorError]:
    """Ask every connected vendor for one listing. Gives the error of each whose key does not get one."""
    carriers = (one for name, one in sorted(vendors.carriers.items()) if not CARRIERS[name].within)
    asked: list[Callable[[], object]] = [carrier.owned for carrier in carriers]
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
    return LiveObject(id=one.id, tag=one.tag, props=one.props, also=one.also, optional=one.optional)


def _held(provider: str, numbers: Sequence[OwnedNumber]) -> tuple[HeldNumber, ...]:
    return tuple(
        HeldNumber(
            provider=provider,
            number=one.number,
            tag=one.tag,
            props=one.props,
            calls_go=one.calls_go,
            optional=one.optional,
        )
        for one in numbers
    )
