"""For every registered kind the states through which its contract walks it, and what must stand before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TAG = "trunkline:acme/test/line"
NUMBER = "+16505551234"
LIVEKIT_TRUNK = {
    "tag": TAG,
    "formerTags": [],
    "adopt": False,
    "keep": False,
    "claims": "",
    "name": "Line",
    "numbers": [NUMBER],
    "authUsername": "",
    "authPassword": "",
    "headers": {},
    "mediaEncryption": "disable",
}
PHONE = {
    "line": "line",
    "tag": TAG,
    "formerTags": [],
    "acquisition": "purchase",
    "addressSid": "",
    "bundleSid": "",
    "adopt": False,
    "removal": "release",
    "repurchase": False,
    "searched": False,
    "claimKind": "InboundTrunk",
}
# Kind -> the first state, and what each further state changes. "$Kind" stands for the id of an object made before.
WALKS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "InboundTrunk": (
        LIVEKIT_TRUNK
        | {
            "allowedAddresses": [],
            "allowedNumbers": [],
            "krispEnabled": True,
            "maxCallDuration": 0,
            "ringingTimeout": 0,
        },
        {"krispEnabled": False},
        {"name": "Renamed", "allowedNumbers": ["+442071234567"], "allowedAddresses": ["203.0.113.0/28"]},
        {"authUsername": "user", "authPassword": "canary-walk-1", "headers": {"X-Team": "growth"}},
        {"maxCallDuration": 3600, "ringingTimeout": 20, "mediaEncryption": "require"},
        {"allowedNumbers": [], "headers": {}, "authUsername": "", "authPassword": "", "maxCallDuration": 0},
        {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG]},
    ),
    "OutboundTrunk": (
        LIVEKIT_TRUNK | {"address": "sip.example.com", "transport": "auto", "removal": "release"},
        {"address": "sip.example.com:5061", "transport": "tls"},
        {"authUsername": "user", "authPassword": "canary-walk-2"},
        {"authPassword": "canary-walk-3"},
        {"numbers": ["+16505551235"], "name": "Renamed"},
    ),
    "DispatchRule": (
        {
            "tag": TAG,
            "formerTags": [],
            "adopt": False,
            "keep": False,
            "removal": "release",
            "trunkIds": ["$InboundTrunk"],
            "roomPrefix": "call-",
            "agents": [{"agentName": "support-agent", "metadata": ""}],
            "attributes": {},
        },
        {"agents": [{"agentName": "sales-agent", "metadata": '{"tier":"gold"}'}]},
        {"roomPrefix": "sales-", "attributes": {"team": "growth"}},
        {"attributes": {}},
    ),
    "CallerRule": (
        {
            "tag": f"{TAG}+vip",
            "formerTags": [],
            "adopt": False,
            "keep": False,
            "trunkIds": ["$InboundTrunk"],
            "onlyCallers": ["+13035550100"],
            "roomPrefix": "call-",
            "agents": [{"agentName": "gold-agent", "metadata": ""}],
            "attributes": {},
        },
        {"onlyCallers": ["+13035550100", "+13035550101"]},
        {"onlyCallers": ["+13035550101"], "agents": [{"agentName": "sales-agent", "metadata": "{}"}]},
        {"tag": "trunkline:acme/test/renamed+vip", "formerTags": [f"{TAG}+vip"]},
    ),
    "SipTrunk": (
        {
            "tag": TAG,
            "adopt": False,
            "domainName": "walk.pstn.twilio.com",
            "secure": False,
            "transferMode": "enable-all",
        },
        {"secure": True},
        {"domainName": "walked.pstn.twilio.com", "transferMode": "disable-all"},
    ),
    "OriginationUrl": (
        {
            "tag": TAG,
            "adopt": False,
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:sandbox.sip.livekit.cloud;transport=tcp",
            "weight": 1,
            "priority": 1,
            "enabled": True,
        },
        {"sipUrl": "sip:sandbox.sip.livekit.cloud;transport=tls"},
        {"weight": 10, "priority": 2, "enabled": False},
    ),
    "FallbackUrl": (
        {
            "tag": f"{TAG}+",
            "adopt": False,
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:desk@pbx.example.com",
            "weight": 1,
            "priority": 2,
            "enabled": True,
        },
        {"sipUrl": "sip:night@pbx.example.com"},
        {"weight": 10, "priority": 3, "enabled": False},
    ),
    "CredentialList": ({"tag": TAG, "adopt": False}, {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG]}),
    "Credential": (
        {
            "credentialListSid": "$CredentialList",
            "trunkSid": "$SipTrunk",
            "username": "livekit",
            "password": "Canary-Walk-0001",
            "witness": "walk.pstn.twilio.com",
        },
    ),
    "TrunkCredentialList": ({"trunkSid": "$SipTrunk", "credentialListSid": "$CredentialList"},),
    "TrunkAddressList": ({"trunkSid": "$SipTrunk", "addressListSid": "$AddressList"},),
    "PhoneNumber/twilio": (
        PHONE
        | {
            "provider": "twilio",
            "phoneNumber": NUMBER,
            "country": "US",
            "trunkSid": "$SipTrunk",
            "claimId": "$InboundTrunk",
        },
        {"removal": "protect"},
        {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG], "removal": "release"},
    ),
    "PhoneNumber/vonage": (
        PHONE
        | {
            "provider": "vonage",
            "phoneNumber": "+447400551233",
            "country": "GB",
            "sipUri": "sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp",
            "claimId": "$VonageTrunk",
        },
        {"sipUri": "sip:447400551233@sandbox.sip.livekit.cloud;transport=tls"},
    ),
}
# What must stand before an object of a kind can be made.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "DispatchRule": ("InboundTrunk",),
    "CallerRule": ("InboundTrunk",),
    "OriginationUrl": ("SipTrunk",),
    "FallbackUrl": ("SipTrunk",),
    "Credential": ("SipTrunk", "CredentialList"),
    "TrunkCredentialList": ("SipTrunk", "CredentialList"),
    "TrunkAddressList": ("SipTrunk", "AddressList"),
    "PhoneNumber/twilio": ("SipTrunk", "InboundTrunk"),
    "PhoneNumber/vonage": ("VonageTrunk",),
}
