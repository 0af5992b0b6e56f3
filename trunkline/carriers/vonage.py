"""Vonage as the core knows it. Its numbers carry no tag, and are forwarded one by one.

Sources, read 2026-11-26: "SIP overview" for the host, the login and the forward's form
(`sip:…[;transport=tcp|tls][;media=srtp]`, with SRTP shown over TLS alone; of a list, parted by commas, the next one is
tried where one is silent or answers with 5xx). Its pages say that its networks change and advise against lists of
those, so there are none here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.carriers.declaration import Access, Carrier, Finding, Login, Speech, Termination, configured, sip_uri
from trunkline.model.entries import Line, Search, Trunk
from trunkline.model.fallback import is_url
from trunkline.model.spec import FromFleet, FromSecret, Joined, Site

_SIP_HOST = "sip.nexmo.com"
_PARAMETERS = ("transport", "media", "timeout")
_ACCESS = Access(
    account="VONAGE_API_KEY",
    account_form="[0-9a-z]{8}",
    logins=(Login("VONAGE_API_KEY", "VONAGE_API_SECRET"),),
    base_url="VONAGE_BASE_URL",
)


def _search_findings(search: Search) -> Iterator[Finding]:
    if search.contains and not search.contains.replace("*", "").isdecimal():
        message = f'Vonage finds digits alone, and its search contains "{search.contains}"'
        yield "search", "contains", message, "write the digits that the letters stand for on a telephone"


def _termination(trunk: Trunk, site: Site) -> Termination:
    """Calls out authenticate with a user of the trunk's, or with the account's own key and secret."""
    address = trunk.sip_address or _SIP_HOST
    username, password = VONAGE.login(trunk, site)
    if username:
        return Termination(address=address, username=username, password=password)
    return Termination(
        address=address, username=site.accounts[VONAGE.name], password=FromSecret(configured("VONAGE_API_SECRET"))
    )


def _routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    """Forward to LiveKit; the user part is the called number, by which LiveKit finds the trunk."""
    head, tail = sip_uri(site, trunk, user="\0@").split("\0")
    media = ";media=srtp" if trunk.media_encryption == "require" else ""
    further = f",{trunk.fallback}" if trunk.fallback else ""
    return {"sipUri": Joined((head, FromFleet(line.name, "digits"), tail + media + further))}


def _fallback_findings(trunk: Trunk) -> Iterator[Finding]:
    if is_url(trunk.fallback):
        message = "its fallback is a URL, and Vonage forwards to SIP URIs alone"
        yield "fallback", "fallback", message, "write a SIP URI: sip:desk@pbx.example.com; or `fallback: none`"
    elif "@" not in trunk.fallback:
        message = f"its fallback {trunk.fallback} names no user, and Vonage forwards to sip:user@host"
        yield "fallback", "fallback", message, "write whom the host is to call: sip:desk@pbx.example.com"
    elif strange := [one for one in trunk.fallback.split(";")[1:] if one.partition("=")[0] not in _PARAMETERS]:
        message = f"its fallback has `;{strange[0]}`, and a forward of Vonage's takes {', '.join(_PARAMETERS)} alone"
        yield "fallback", "fallback", message, f"delete `;{strange[0]}`"


VONAGE = Carrier(
    name="vonage",
    label="Vonage",
    access=_ACCESS,
    own_line_keys={
        "status_callback": "only a carrier tells a URL of a number's calls; LiveKit's webhooks tell of them too"
    },
    speech=Speech(
        needs_tls="Vonage forwards SRTP over TLS alone (media=srtp beside transport=tls)",
        encrypted="Vonage forwards its calls with SRTP (media=srtp)",
        plain="Vonage forwards its calls without SRTP",
    ),
    # It tries the next URI of a list where one is silent, or answers with 5xx.
    fails_over=lambda status: 500 <= status < 600,
    fallback_findings=_fallback_findings,
    search_findings=_search_findings,
    lacking_search_keys=dict.fromkeys(("region", "locality", "postal_code"), "Vonage searches by country and digits"),
    # "SIP overview": callers and called numbers are E.164 without the plus.
    caller_prefix="",
    termination=_termination,
    routing=_routing,
)
