"""Which accounts, hosts and base URLs a stack is recorded with: other ones are a mistake until the operator says not.

With another account every object would look gone; with another SIP host every carrier's number would be sent there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from providers.dynamic import lacking
from providers.dynamic.ownership import Ownership
from providers.dynamic.reach import LIVEKIT
from providers.dynamic.runtime import Runtime, redacted
from providers.dynamic.verdict import Objection
from providers.kinds import KINDS
from providers.registry import vendor_of
from trunkline.model.tag import is_further
from trunkline.settings import ACCESS

SIP_HOST = "sipHost"
# What a carrier is told, as `trunkline.carriers` makes it: sip:<user>@<host:port>;transport=<transport>.
_ROUTE = re.compile(r"sip:(?:[^@;]*@)?([^@;]+)")
_ROUTES = ("sipUrl", "sipUri")
_VARIABLES: Mapping[tuple[str, str], str] = {
    ("accounts", "livekit"): "LIVEKIT_URL",
    **{("accounts", carrier): access.account for carrier, access in ACCESS.items()},
    **{("baseUrls", carrier): access.base_url for carrier, access in ACCESS.items()},
}
_MOVED = (
    "if it really moved, run `pulumi config set trunkline:allowAccountChange true` for one update, and"
    " `pulumi config rm trunkline:allowAccountChange` after it"
)


def reasons(olds: Mapping[str, Any], news: Mapping[str, Any], sip_host: str) -> list[Objection]:
    """Refuse what differs from the record, unless the stack allows the change. `sip_host`: what the settings say."""
    if news.get("allowAccountChange"):
        return []
    both = sorted(set(olds.get("accounts", {})) & set(news["accounts"]))
    found = [
        Objection(
            f"{vendor} is recorded as {before or 'the vendor itself'},"
            f" but {_VARIABLES.get((name, vendor), 'the settings')} says {_told(name, vendor, now)}. Nothing was"
            f" changed. Use the recorded account's settings; {_MOVED}",
        )
        for name in ("accounts", "baseUrls")
        for vendor in both
        if (before := olds.get(name, {}).get(vendor, "")) != (now := news.get(name, {}).get(vendor, ""))
    ]
    known = str(olds.get(SIP_HOST, ""))
    # Another project has another SIP host: that is the same mistake, and told.
    return found or (_sip_host_reasons({known}, sip_host) if known else [])


def _told(name: str, vendor: str, value: str) -> str:
    """Give what the settings say, but for what may be a secret in the wrong variable."""
    shown = lacking.account_told(vendor, value, redacted) if name == "accounts" else redacted(value)
    return shown or "the vendor itself"


def route_reasons(
    run: Runtime, whose: Ownership, olds: Mapping[str, Any], news: Mapping[str, Any], sip_host: str
) -> list[Objection]:
    """Refuse another SIP host than that to which carriers send the calls of a stack that has none recorded yet.

    Raises the vendors' errors.
    """
    if SIP_HOST in olds or news.get("allowAccountChange"):
        return []
    return _sip_host_reasons(_routed_to(run, whose, olds), sip_host)


def tell_moves(run: Runtime, olds: Mapping[str, Any], news: Mapping[str, Any], known: Iterable[str]) -> None:
    """Say what an allowed change of an account leaves in the former one, at LiveKit by the ids.

    `known`: the ids of the lines' objects at LiveKit, as the last complete update exported them. A project behind a new
    name leaves nothing. Raises the vendors' errors.
    """
    before, after = olds.get("accounts", {}), news["accounts"]
    for vendor in sorted(name for name, account in before.items() if after.get(name, account) != account):
        if vendor != LIVEKIT:
            run.notice(
                f"{vendor} is another account from now on. What this stack made in the former one stays there as it is,"
                " and calls to a number go on until you move it to the new account; then run `pulumi up` again, and"
                " delete the rest there."
            )
            continue
        there = {one.id for kind in KINDS if vendor_of(kind) == LIVEKIT for one in run.listing(kind)}
        if left := sorted(set(known) - there):
            run.notice(
                f"LiveKit moves from {before[vendor]} to {after[vendor]}. What stays there as it is:"
                f" {', '.join(left)}. Calls reach it until the carriers change over, which they do when"
                " every rule stands in the new project. Delete it there when this update has ended well."
            )


def with_sip_host(olds: Mapping[str, Any], inputs: dict[str, Any], host: str) -> dict[str, Any]:
    """Record the SIP host where there is a record of it already, or a change to record anyway.

    Alone it is no change, so that an upgrade of what stands shows no difference.
    """
    return {**inputs, SIP_HOST: host} if host and (SIP_HOST in olds or inputs != olds) else inputs


def without_sip_host(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record as it was before it had a SIP host."""
    return {name: value for name, value in recorded.items() if name != SIP_HOST}


def routes_of(props: Mapping[str, Any]) -> frozenset[str]:
    """Give where an object has a carrier send calls: hosts, with their port where there is one."""
    told = (_ROUTE.match(str(props.get(name, ""))) for name in _ROUTES)
    return frozenset(match[1] for match in told if match)


def _routed_to(run: Runtime, whose: Ownership, olds: Mapping[str, Any]) -> set[str]:
    """Give the hosts that the recorded numbers, and the routes of our trunks, go to as the carriers have them."""
    found: set[str] = set()
    for line in olds.get("lines", {}).values():
        if line["provider"] in run.vendors.carriers:
            owned = run.owned(line["provider"]).get(line["phoneNumber"])
            found |= routes_of(owned.props) if owned else frozenset()
    if run.vendors.vendor_of.get("OriginationUrl") in olds.get("accounts", {}):
        trunks = [one for one in run.listing("SipTrunk") if whose.owner_of(one.tag)]
        urls = (url for trunk in trunks for url in run.listing("OriginationUrl", trunk.id) if _is_route(whose, url.tag))
        found |= {host for url in urls for host in routes_of(url.props)}
    return found


def _is_route(whose: Ownership, tag: str) -> bool:
    """Whether a way of a carrier's trunk is ours, and the one to LiveKit: its fallback goes elsewhere."""
    return bool(whose.owner_of(tag)) and not is_further(tag)


def _sip_host_reasons(known: AbstractSet[str], now: str) -> list[Objection]:
    if not now or not known or now.lower() in {host.lower() for host in known}:
        return []
    return [
        Objection(
            f"LiveKit's SIP host is recorded as {', '.join(sorted(known))}, but LIVEKIT_SIP_URI says {redacted(now)}:"
            " every carrier's number would be sent there. Nothing was changed. Correct LIVEKIT_SIP_URI (the SIP URI on"
            f" the project's settings page); {_MOVED}",
        )
    ]
