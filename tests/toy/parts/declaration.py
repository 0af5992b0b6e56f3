"""A carrier that nobody has: its numbers hold a tag, and each is routed to a SIP URI, in the purchase already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trunkline.carriers.declaration import Access, Carrier, Login, Termination, sip_uri
from trunkline.model.entries import Line, Trunk
from trunkline.model.spec import FromFleet, Joined, Site


def _termination(trunk: Trunk, site: Site) -> Termination:
    username, password = TOY.login(trunk, site)
    return Termination(address=trunk.sip_address or "sip.toy.example", username=username, password=password)


def _routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    head, tail = sip_uri(site, trunk, user="\0@").split("\0")
    return {"sipUri": Joined((head, FromFleet(line.name, "digits"), tail))}


TOY = Carrier(
    name="toy",
    label="Toy",
    lacking_search_keys=dict.fromkeys(("region", "locality", "postal_code"), "Toy searches by country and digits"),
    access=Access(account="TOY_ACCOUNT", logins=(Login("TOY_USER", "TOY_PASSWORD"),), base_url="TOY_BASE_URL"),
    termination=_termination,
    routing=_routing,
)
