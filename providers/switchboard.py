"""What a call meets at LiveKit now: every inbound trunk and dispatch rule of the project, ours or not."""

from __future__ import annotations

from collections.abc import Mapping

from providers.calls import Policy
from providers.port import Adapter
from providers.registry import connect
from trunkline.calls import Rule, Trunk
from trunkline.calls.live import rule_of, trunk_of
from trunkline.errors import NoCredentials
from trunkline.explain.board import Extension, Switchboard
from trunkline.model import livekit_numbers
from trunkline.model.tag import Tag
from trunkline.settings import Settings

# A person waits for the answer.
_DEADLINE, _TIMEOUT, _ATTEMPTS = 20.0, 10.0, 3
_CLOUD = ".livekit.cloud"


def live(environ: Mapping[str, str]) -> Switchboard:
    """Ask LiveKit for both lists. Raises SettingsError, NoCredentials, and the VendorErrors of the listing."""
    settings = Settings.load(environ, lambda name: None)
    if settings.livekit is None:
        raise NoCredentials(
            "livekit",
            "LiveKit is not configured here, so nothing live can be asked. Export LIVEKIT_URL, LIVEKIT_API_KEY,"
            " LIVEKIT_API_SECRET and LIVEKIT_SIP_URI.",
        )
    vendors = connect(settings, Policy.of(environ, timeout=_TIMEOUT, deadline=_DEADLINE, attempts=_ATTEMPTS))
    host = settings.livekit.host.partition(":")[0]
    return of_listings(vendors.adapters, trunkless=not host.endswith(_CLOUD))


def of_listings(adapters: Mapping[str, Adapter], *, trunkless: bool) -> Switchboard:
    """Give what the adapters list. A line is known where the rule at its number's trunk carries its tag."""
    trunks = tuple(trunk_of(one) for one in adapters["InboundTrunk"].list())
    rules = tuple(rule_of(one) for one in adapters["DispatchRule"].list())
    # A number that no trunk carries is met as the trunk would be.
    claims = {id: number for rule in rules for id in rule.trunk_ids for number in livekit_numbers.claimed((id,))}
    trunks += tuple(Trunk(id=id, numbers=(number,)) for id, number in sorted(claims.items()))
    owners = {id: owner for rule in rules if (owner := _owner(rule)) for id in rule.trunk_ids}
    return Switchboard(
        trunks=trunks,
        rules=rules,
        lines=tuple(
            Extension(line=owners[trunk.id], number=number)
            for trunk in trunks
            if trunk.id in owners
            for number in trunk.numbers
        ),
        trunkless=trunkless,
    )


def _owner(rule: Rule) -> str:
    tag = Tag.parse(rule.name)
    return tag.owner if tag else ""
