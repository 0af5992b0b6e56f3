"""What the program would declare for one line on a Twilio trunk; "$Kind" stands for the vendor's id of that kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.walks import WALKS

PASSWORD = "Canary-Wire-41"
NUMBER = "+16505551234"
_TRUNK = {"tag": "trunkline:acme/test/trunk.us", "adopt": False}
_LINE = {"tag": "trunkline:acme/test/sales", "formerTags": [], "adopt": False, "keep": False}

# In the order in which they are made; each with an edit that the vendor takes in place ({} where there is none).
LINE: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    (
        "SipTrunk",
        {**_TRUNK, "domainName": "acme.pstn.twilio.com", "secure": False, "transferMode": "enable-all"},
        {"secure": True},
    ),
    (
        "OriginationUrl",
        {
            **_TRUNK,
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:sandbox.sip.livekit.cloud;transport=tcp",
            "weight": 1,
            "priority": 1,
            "enabled": True,
        },
        {"weight": 2},
    ),
    (
        "FallbackUrl",
        {
            **_TRUNK,
            "tag": "trunkline:acme/test/trunk.us+",
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:desk@pbx.example.com",
            "weight": 1,
            "priority": 2,
            "enabled": True,
        },
        {"sipUrl": "sip:night@pbx.example.com"},
    ),
    ("CredentialList", _TRUNK, {}),
    (
        "Credential",
        {
            "credentialListSid": "$CredentialList",
            "trunkSid": "$SipTrunk",
            "username": "livekit",
            "password": PASSWORD,
            "witness": "acme.pstn.twilio.com",
        },
        {},
    ),
    ("TrunkCredentialList", {"trunkSid": "$SipTrunk", "credentialListSid": "$CredentialList"}, {}),
    (
        "OutboundTrunk",
        {
            **_LINE,
            "claims": "",
            "name": "Sales",
            "numbers": [NUMBER],
            "address": "acme.pstn.twilio.com",
            "transport": "tls",
            "authUsername": "livekit",
            "authPassword": PASSWORD,
            "headers": {"X-Team": "sales"},
            "mediaEncryption": "disable",
        },
        {"authPassword": "Canary-Wire-42"},
    ),
    (
        "InboundTrunk",
        {
            **_LINE,
            "claims": "",
            "name": "Sales",
            "numbers": [NUMBER],
            "allowedAddresses": [],
            "allowedNumbers": [],
            "authUsername": "",
            "authPassword": "",
            "headers": {},
            "krispEnabled": False,
            "mediaEncryption": "disable",
            "maxCallDuration": 3600,
            "ringingTimeout": 30,
        },
        {"krispEnabled": True, "maxCallDuration": 1800},
    ),
    (
        "DispatchRule",
        {
            **_LINE,
            "trunkIds": ["$InboundTrunk"],
            "roomPrefix": "call-",
            "agents": [{"agentName": "sales-agent", "metadata": '{"tier":"gold"}'}],
            "attributes": {},
        },
        {"agents": [{"agentName": "support-agent", "metadata": ""}], "roomPrefix": "support-"},
    ),
    (
        "CallerRule",
        {**WALKS["CallerRule"][0], "tag": "trunkline:acme/test/sales+vip"},
        WALKS["CallerRule"][1],
    ),
    (
        "PhoneNumber",
        {
            "line": "sales",
            "tag": "trunkline:acme/test/sales",
            "formerTags": [],
            "provider": "twilio",
            "phoneNumber": NUMBER,
            "acquisition": "purchase",
            "monthlyCost": {"amount": "1.15", "currency": "USD"},
            "country": "US",
            "trunkSid": "$SipTrunk",
            "addressSid": "",
            "bundleSid": "",
            "adopt": False,
            "removal": "protect",
            "repurchase": False,
            "searched": False,
            "claimKind": "InboundTrunk",
            "claimId": "$InboundTrunk",
        },
        {"removal": "release"},
    ),
)


def desired(kind: str) -> dict[str, Any]:
    """The properties of one kind, with the references as they stand."""
    return dict(next(props for each, props, _ in LINE if each == kind))


def resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """Put ids in the place of references, at any depth."""
    if isinstance(value, Mapping):
        return {name: resolved(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, ids) for item in value]
    return ids[value[1:]] if isinstance(value, str) and value.startswith("$") else value
