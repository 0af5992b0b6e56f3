"""What of a trunk's fallback shows only with the site, and what the check and the reviewers are told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.inventory.inventory import asks_pin
from trunkline.model.fallback import RINGS, host_of, is_url
from trunkline.model.spec import Site
from trunkline.model.tag import Tag


def problems(inventory: Inventory, trunks: Mapping[str, Trunk], site: Site) -> Iterator[Problem]:
    """Refuse a fallback that is where calls go first. `trunks`: line -> the trunk that carries it."""
    every = {**{trunk.name: trunk for trunk in trunks.values()}, **inventory.trunks}
    for name, trunk in sorted(every.items()):
        if trunk.fallback and host_of(trunk.fallback).lower() == site.sip_host.lower():
            own = inventory.has("trunks", name, "fallback")
            path = ("trunks", name, "fallback") if own else ("defaults", "fallback")
            message = f'trunk "{name}": its fallback is {site.sip_host}, where its calls go first'
            fix = "write another host: a desk, a voicemail, or LiveKit in another region"
            yield inventory.problem(path, "fallback", message, fix)


def longest_tag(trunk: Trunk, site: Site) -> str:
    """Give the longest tag of a carrier trunk's objects."""
    tag = str(Tag.of_trunk(site.fleet, trunk.name))
    return tag if not trunk.fallback or is_url(trunk.fallback) else f"{tag}+"


def of_trunks(trunks: Mapping[str, Trunk], site: Site) -> dict[str, str]:
    """Give trunk -> fallback of those that this stack makes at their carrier."""
    every = sorted(trunks.items())
    return {
        name: one.fallback for name, one in every if one.fallback and CARRIERS[one.provider].trunk_resources(one, site)
    }


def of_line(inventory: Inventory, line: Line, trunk: Trunk) -> dict[str, Any]:
    """Give where the calls of a line go that no agent answers, and after how many seconds; {} where nowhere."""
    if not trunk.fallback or not line.inbound or asks_pin(inventory, line.agent):
        return {}
    return {"to": trunk.fallback, "after": line.ringing_timeout or RINGS}
