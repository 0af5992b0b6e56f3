"""Which accounts, hosts and base URLs a stack is recorded with: other ones are a mistake until the operator says not.

With another account every object would look gone; with another SIP host every carrier's number would be sent there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.verdict import Objection

SIP_HOST = "sipHost"
# What a carrier is told, as `trunkline.plan.carriers` makes it: sip:<user>@<host:port>;transport=<transport>.
_ROUTE = re.compile(r"sip:(?:[^@;]*@)?([^@;]+)")
_ROUTES = ("sipUrl", "sipUri")
_VARIABLES: Mapping[tuple[str, str], str] = {
    ("accounts", "twilio"): "TWILIO_ACCOUNT_SID",
    ("accounts", "vonage"): "VONAGE_API_KEY",
    ("accounts", "livekit"): "LIVEKIT_URL",
    ("baseUrls", "twilio"): "TWILIO_BASE_URL",
    ("baseUrls", "vonage"): "VONAGE_BASE_URL",
}
_MOVED = (
    "if it really moved, run `pulumi config set trunkline:allowAccountChange true` for one update, and"
    " `pulumi config rm trunkline:allowAccountChange` after it"
)


def reasons(olds: Mapping[str, Any], news: Mapping[str, Any], routes: Iterable[str]) -> list[Objection]:
    """Refuse what differs from the record, unless the stack allows the change.

    `news`: the Fleet's inputs, `sipHost` among them. `routes`: where the state has carriers send calls, which tells the
    SIP host of a stack that has none recorded yet.
    """
    if news.get("allowAccountChange"):
        return []
    both = sorted(set(olds.get("accounts", {})) & set(news["accounts"]))
    found = [
        Objection(
            f"{vendor} is recorded as {before or 'the vendor itself'},"
            f" but {_VARIABLES.get((name, vendor), 'the settings')} says {now or 'the vendor itself'}. Nothing was"
            f" changed. Use the recorded account's settings; {_MOVED}",
        )
        for name in ("accounts", "baseUrls")
        for vendor in both
        if (before := olds.get(name, {}).get(vendor, "")) != (now := news.get(name, {}).get(vendor, ""))
    ]
    # Another project has another SIP host: that is the same mistake, and told.
    return found or _sip_host_reasons(olds, news, routes)


def with_sip_host(olds: Mapping[str, Any], inputs: dict[str, Any], host: str) -> dict[str, Any]:
    """Record the SIP host where there is a record of it already, or a change to record anyway.

    Alone it is no change, so that an upgrade of what stands shows no difference.
    """
    return {**inputs, SIP_HOST: host} if host and (SIP_HOST in olds or inputs != olds) else inputs


def without_sip_host(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record as it was before it had a SIP host."""
    return {name: value for name, value in recorded.items() if name != SIP_HOST}


def routes_of(recorded: Mapping[str, Any]) -> frozenset[str]:
    """Give where a recorded resource has a carrier send calls: hosts, with their port where there is one."""
    told = (_ROUTE.match(str(recorded.get(name, ""))) for name in _ROUTES)
    return frozenset(match[1].lower() for match in told if match)


def _sip_host_reasons(olds: Mapping[str, Any], news: Mapping[str, Any], routes: Iterable[str]) -> list[Objection]:
    now, known = str(news.get(SIP_HOST, "")), str(olds.get(SIP_HOST, ""))
    before = {known.lower()} if known else set(routes)
    if not now or not before or now.lower() in before:
        return []
    return [
        Objection(
            f"LiveKit's SIP host is recorded as {known or ', '.join(sorted(before))}, but LIVEKIT_SIP_URI says {now}:"
            " every carrier's number would be sent there. Nothing was changed. Correct LIVEKIT_SIP_URI (the SIP URI on"
            f" the project's settings page); {_MOVED}",
        )
    ]
