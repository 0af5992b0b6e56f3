"""How a number comes from its carrier to LiveKit, in the words of a trunk of the file.

A trunk of the file stands for what is live only where it would route the number as it is routed already. The carriers'
declarations say how they would; nothing here knows one by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import sip_uri
from trunkline.dump import optional
from trunkline.dump.holdings import CarrierTrunk, HeldNumber, Holdings, LiveObject
from trunkline.dump.text import is_accepted
from trunkline.e164 import E164
from trunkline.inventory import Line, Trunk
from trunkline.model import options
from trunkline.model.spec import FromFleet, Joined, Site
from trunkline.model.tag import Tag
from trunkline.plan.adoption import secure_route

# What a trunk of the file may say of the way; the first that leads where the calls go already is taken.
_WAYS: tuple[Mapping[str, Any], ...] = (
    {},
    {"transport": "tls"},
    {"transport": "udp"},
    {"transport": "tls", "media_encryption": "require"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """The carrier's side of a number: the `keys` of its trunk in the file, and what tells it from others (`id`).

    `own` is whether the carrier has one trunk for it, which a trunk of the file is; `called` what people call that.
    """

    provider: str
    id: str
    own: bool
    keys: Mapping[str, Any]
    called: str = ""


@dataclass(frozen=True, slots=True)
class Carriers:
    """The carriers' numbers and trunks, of one dump."""

    holdings: Holdings

    def of(self, number: HeldNumber) -> Carriage | None:
        """Give a number's carriage; None where no trunk of the file stands for it."""
        if CARRIERS[number.provider].domain is None:
            return self._forwarded(number)
        sid = number.props.get("trunkSid", "")
        found = (one for one in self.holdings.trunks if one.provider == number.provider and one.trunk.id == sid)
        trunk = next(found, None)
        return self._on_trunk(trunk) if trunk else None

    def _on_trunk(self, carrier: CarrierTrunk) -> Carriage | None:
        trunk = carrier.trunk
        domain = trunk.props["domainName"]
        named = {"provider": carrier.provider, "domain_name": domain}
        if Tag.parse(trunk.tag) or not domain or not is_accepted("trunks", **named):
            return None
        for way in _WAYS[:-1]:
            route = sip_uri(self._site, Trunk(name="a", provider=carrier.provider, **way))
            if not way and trunk.props["secure"]:
                # What the file says nothing of follows a secure trunk.
                route = secure_route(route)
            if [one.props["sipUrl"] for one in carrier.routes].count(route) == 1:
                transfers = {"transfer_mode": trunk.props["transferMode"]}
                more = transfers if is_accepted("trunks", **named, **transfers) else {}
                keys = {**named, **way, **more, **_options(trunk, named), **_lists(carrier, named), "adopt": True}
                return Carriage(provider=carrier.provider, id=trunk.id, own=True, keys=keys, called=trunk.called)
        return None

    def _forwarded(self, number: HeldNumber) -> Carriage | None:
        for way in _WAYS:
            trunk = Trunk(name="a", provider=number.provider, **way)
            line = Line(name="a", provider=number.provider, country="", phone_number=E164.shaped(number.number))
            wanted = CARRIERS[number.provider].routing(line, trunk, self._site)
            if all(_leads(number.props.get(name), _text(value, number.number)) for name, value in wanted.items()):
                id_ = " ".join((number.provider, *map(str, way.values())))
                keys = {"provider": number.provider, **way}
                return Carriage(provider=number.provider, id=id_, own=False, keys=keys, called=number.provider)
        return None

    @property
    def _site(self) -> Site:
        return Site(fleet="dump", stack="dump", accounts=self.holdings.accounts, sip_host=self.holdings.sip_host)


def _options(trunk: LiveObject, named: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the trunk has of the fields that are written only where the file names them."""
    found: dict[str, Any] = {}
    for path, value in optional.keys(options.OF_TRUNK, {"SipTrunk": trunk}).items():
        wish = optional.with_key(found, path, value)
        if is_accepted("trunks", **named, **wish):
            found = wish
    return found


def _lists(carrier: CarrierTrunk, named: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the lists of addresses that may call out over a trunk."""
    found = {"ip_access_control_lists": sorted(carrier.address_lists)} if carrier.address_lists else {}
    return found if is_accepted("trunks", **named, **found) else {}


def _leads(live: Any, wanted: Any) -> bool:
    """Whether a number goes where it is wanted, first of all: adoption keeps the further ways of a forward."""
    return bool(live == wanted or str(live).startswith(f"{wanted},"))


def _text(value: Any, number: str) -> Any:
    """Give a routing property as it is at the vendor."""
    if not isinstance(value, Joined):
        return value
    return "".join(number[1:] if isinstance(part, FromFleet) else part for part in value.parts)
