"""LiveKit Phone Numbers as the core knows them: numbers that LiveKit Cloud itself sells, which no trunk carries.

Sources, read 2026-11-26: "LiveKit Phone Numbers" (US numbers, local and toll-free; calls in alone; assigned to a
dispatch rule) and "Phone Numbers APIs" (search by country and area code; no price); livekit/protocol#1179 (a rule is
linked, not copied); an importer's guide, which says that they cannot be ported away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.carriers.declaration import Carrier, Finding, Termination
from trunkline.model import options
from trunkline.model.entries import Line, Search, Trunk
from trunkline.model.spec import Ref, Site

_COUNTRIES = ("US",)
_TYPES = ("local", "toll_free")
_NO_TRUNK = "no trunk carries its calls, where LiveKit would keep this"
# What LiveKit keeps at a trunk, and a dispatch rule has no field of ours for.
_OF_TRUNKS = (
    "allowed_callers",
    "allowed_addresses",
    "headers",
    "krisp_enabled",
    "media_encryption",
    "max_call_duration",
    "ringing_timeout",
    *sorted({one.path[0] for one in options.OF_LINE if "DispatchRule" not in one.kinds}),
)


def _search_findings(search: Search) -> Iterator[Finding]:
    if search.type not in _TYPES:
        message = f"LiveKit sells {' and '.join(_TYPES)} numbers, and it searches for a {search.type} one"
        yield "search", "not-sold", message, "correct `type`, or `provider`"


def _termination(trunk: Trunk, site: Site) -> Termination:
    """There is none: such a number takes calls alone."""
    return Termination(address="")


def _routing(line: Line, trunk: Trunk, site: Site) -> Mapping[str, Any]:
    return {"dispatchRuleId": Ref(("DispatchRule", line.name))}


LIVEKIT = Carrier(
    name="livekit",
    label="LiveKit",
    owns_trunks=False,
    within="livekit",
    folder="livekit_numbers",
    has_trunks=False,
    calls_out=False,
    tells_prices=False,
    countries=_COUNTRIES,
    search_findings=_search_findings,
    lacking_search_keys=dict.fromkeys(
        ("region", "locality", "postal_code"), "LiveKit searches by area code and digits"
    ),
    lacking_trunk_keys={
        "fallback": "no trunk carries its calls, and for a number of its own LiveKit takes a dispatch rule alone"
    },
    lacking_line_keys={
        **dict.fromkeys(_OF_TRUNKS, _NO_TRUNK),
        "trunk": "no trunk carries its calls",
        # UpdatePhoneNumberRequest has one `sip_dispatch_rule_id` (livekit/protocol 1.54.0, read 2026-11-27).
        "callers": "a request ties one of LiveKit's own numbers to one dispatch rule",
        "ported_from": "LiveKit takes over no numbers of other carriers",
    },
    termination=_termination,
    routing=_routing,
)
