"""The steps that the cases on trunks are made of."""

from __future__ import annotations

from tests.livekit.client import Document, Refusal
from tests.livekit.script import Step, invalid, missing

ABSENT = missing("requested sip trunk does not exist")
OPEN = "for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers"
OUTBOUND: Document = {"address": "acme.pstn.twilio.com", "numbers": ["+16505551234"]}
FULL_INBOUND: Document = {
    "name": "sales",
    "metadata": '{"tag":"fleet/sales"}',
    "numbers": ["+16505551234", "+16505551235"],
    "allowed_addresses": ["203.0.113.0/28"],
    "allowed_numbers": ["+442071234567"],
    "auth_username": "user",
    "auth_password": "password",
    "auth_realm": "acme",
    "headers": {"X-Line": "sales"},
    "headers_to_attributes": {"X-Caller": "caller"},
    "attributes_to_headers": {"result": "X-Result"},
    "include_headers": "SIP_X_HEADERS",
    "ringing_timeout": "30s",
    "max_call_duration": "1.500s",
    "krisp_enabled": True,
    "media_encryption": "SIP_MEDIA_ENCRYPT_ALLOW",
    "media": {
        "only_listed_codecs": True,
        "codecs": [{"name": "PCMU", "rate": 8000}],
        "encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
        "media_timeout": "600s",
    },
}
FULL_OUTBOUND: Document = {
    "name": "sales",
    "metadata": "m",
    "address": "acme.pstn.twilio.com:5061",
    "destination_country": "US",
    "transport": "SIP_TRANSPORT_TLS",
    "numbers": ["+16505551234"],
    "auth_username": "user",
    "auth_password": "password",
    "headers": {"X-Line": "sales", "To": "<sip:a@b>"},
    "headers_to_attributes": {"From": "caller"},
    "attributes_to_headers": {"result": "X-Result"},
    "include_headers": "SIP_ALL_HEADERS",
    "media_encryption": "SIP_MEDIA_ENCRYPT_ALLOW",
    "from_host": "acme.example",
}


def inbound(name: str, *numbers: str, callers: tuple[str, ...] = ()) -> Step:
    """Create an inbound trunk, which succeeds; its id goes by `name`."""
    trunk = {"numbers": list(numbers), "auth_username": "user"} | (
        {"allowed_numbers": list(callers)} if callers else {}
    )
    stored = {key: value for key, value in trunk.items() if value}
    return Step("CreateSIPInboundTrunk", {"trunk": trunk}, {**stored, "sip_trunk_id": name})


def outbound(name: str, **fields: object) -> Step:
    """Create an outbound trunk, which succeeds."""
    trunk = {**OUTBOUND, **fields}
    return Step("CreateSIPOutboundTrunk", {"trunk": trunk}, {**trunk, "sip_trunk_id": name})


def refuse_inbound(message: str, **fields: object) -> Step:
    return Step("CreateSIPInboundTrunk", {"trunk": {"numbers": ["+1"], **fields}}, invalid(message))


def refuse_outbound(message: str, **fields: object) -> Step:
    return Step("CreateSIPOutboundTrunk", {"trunk": {**OUTBOUND, **fields}}, invalid(message))


def change_inbound(answer: Document | Refusal, **update: object) -> Step:
    return Step("UpdateSIPInboundTrunk", {"sip_trunk_id": "$a", "update": update}, answer)


def conflict(numbers: str, rest: str, pair: str = '"<new>" and "$a"') -> str:
    return f"Conflicting inbound SIP Trunks: {pair}, using the same number(s) {numbers} {rest}"


ALONE = "without AllowedNumbers set"
