"""The file that kills and single faults are tried on: a line of each provider, an object of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

DESK, OWN = "+16505551234", "+442071234567"
SECRETS = {"twilioSipPassword": "Canary-Second-1"}

_LINES: Mapping[str, Mapping[str, Any]] = {
    "desk": {"provider": "twilio", "phone_number": DESK, "trunk": "main", "agent": "support"},
    "far": {
        "provider": "vonage",
        "search": {"country": "GB", "type": "mobile"},
        "country": "GB",
        "trunk": "vonage",
        "agent": "support",
    },
    "own": {"provider": "custom", "phone_number": OWN, "sip_address": "sip.example.com", "agent": "support"},
}


def inventory(*, changed: bool = False, removal: str = "protect", lines: Iterable[str] = _LINES) -> str:
    """Give the file, in which `changed` differs in a field of every kind."""
    transport, media = ("tls", "require") if changed else ("tcp", "disable")
    made = {name: {**_LINES[name], "removal": removal} for name in lines}
    if changed:
        made = {name: {**line, "agent": "sales", "label": "Changed"} for name, line in made.items()}
    twilio = {"provider": "twilio", "domain_name": "acme.pstn.twilio.com", "auth_username": "livekit"}
    twilio |= {"transport": transport, "media_encryption": media}
    password = {"secret": "twilioSipPassword" if changed else "twilioTermination"}
    trunks = {
        "main": {**twilio, "auth_password": password},
        "vonage": {"provider": "vonage", "transport": transport},
    }
    return json.dumps(
        {
            "version": 1,
            "guard": {"max_releases": 5},
            "agents": {"support": {"agent_name": "support"}, "sales": {"agent_name": "sales"}},
            "trunks": trunks if made else {},
            "numbers": made,
        }
    )


def own(*, changed: bool = False, removal: str = "protect") -> str:
    """Give the file of one line whose number LiveKit itself sells: its rule alone stands beside it."""
    line = {"provider": "livekit", "search": {"country": "US", "area_code": "415"}, "removal": removal}
    document = {**json.loads(NOTHING), "numbers": {"own": {**line, "agent": "sales" if changed else "support"}}}
    return json.dumps(document)


NOTHING = inventory(lines=())
