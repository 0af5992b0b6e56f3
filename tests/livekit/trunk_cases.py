"""What a LiveKit server does with outbound trunks, and with both kinds: the cases of the contract."""

from __future__ import annotations

from tests.livekit.client import Refusal
from tests.livekit.script import Case, Step, case, invalid
from tests.livekit.trunk_steps import (
    ABSENT,
    FULL_OUTBOUND,
    OPEN,
    OUTBOUND,
    change_inbound,
    inbound,
    outbound,
    refuse_inbound,
    refuse_outbound,
)

CASES: tuple[Case, ...] = (
    case(
        "every field of an outbound trunk is kept, the password in clear",
        Step("CreateSIPOutboundTrunk", {"trunk": FULL_OUTBOUND}, {**FULL_OUTBOUND, "sip_trunk_id": "$a"}),
        Step("GetSIPOutboundTrunk", {"sip_trunk_id": "$a"}, {"trunk": {**FULL_OUTBOUND, "sip_trunk_id": "$a"}}),
        Step("ListSIPOutboundTrunk", {}, {"items": [{**FULL_OUTBOUND, "sip_trunk_id": "$a"}]}),
    ),
    case(
        "a trunk outside its wrapper is missing",
        Step("CreateSIPInboundTrunk", {}, invalid("missing trunk")),
        Step("CreateSIPOutboundTrunk", {}, invalid("missing trunk")),
    ),
    case(
        "a new trunk brings no id",
        refuse_inbound("trunk id must not be set", sip_trunk_id="ST_mine"),
        refuse_outbound("trunk id must not be set", sip_trunk_id="ST_mine"),
    ),
    case(
        "an outbound trunk has numbers and a bare host",
        refuse_outbound("no trunk numbers specified", numbers=[], address=""),
        refuse_outbound("no outbound address specified", address=""),
        refuse_outbound("trunk address should not contain transport parameter", address="a;transport=tcp"),
        refuse_outbound("trunk address should be a hostname or IP, not SIP URI", address="sip:a"),
        refuse_outbound("trunk address should be a hostname or IP, not SIP URI", address="user@a"),
        refuse_outbound("from_host should be a hostname or IP, not SIP URI", from_host="a;b"),
        refuse_outbound("from_host should not contain transport parameter", from_host="transport=udp"),
    ),
    case(
        "a header is a token with a printable value, and not one that SIP needs itself",
        refuse_inbound("invalid header name: header name cannot be empty", headers={"": "a"}),
        refuse_inbound("invalid header name: header name too long (max 255 characters)", headers={"X" * 256: "a"}),
        refuse_inbound(
            "invalid header name: header name X:Y contains invalid characters: char 58 not allowed",
            headers={"X:Y": "a"},
        ),
        refuse_outbound(
            "invalid header name: header name Xé contains invalid characters: "
            "char 233 out of range, consider explicilty adding utf8 characters",
            headers={"Xé": "a"},
        ),
        refuse_outbound("invalid header name: header name Call-ID not supported", headers={"Call-ID": "a"}),
        refuse_outbound(
            "invalid header value for X-A: header X-A: value too long (max 1024 characters)", headers={"X-A": "é" * 513}
        ),
        refuse_inbound("invalid header value for X-A: header X-A: value: char 10 not allowed", headers={"X-A": "a\nb"}),
        outbound("$a", headers={"X-A": "é\t~", "Via": "a"}),
    ),
    case(
        "a mapping between headers and attributes takes any header name, reserved ones included",
        refuse_inbound("invalid header name: header name cannot be empty", attributes_to_headers={"a": ""}),
        refuse_outbound(
            "invalid header name: header name a b contains invalid characters: char 32 not allowed",
            headers_to_attributes={"a b": "c"},
        ),
        outbound("$a", headers_to_attributes={"Call-ID": "id"}),
    ),
    case(
        "media is checked before the headers of an inbound trunk and after those of an outbound one",
        refuse_inbound("missing codec name", media={"codecs": [{"rate": 1}]}, headers={"": "a"}),
        refuse_outbound(
            "invalid header name: header name cannot be empty", media={"codecs": [{"rate": 1}]}, headers={"": "a"}
        ),
    ),
    case(
        "a codec is a name without spaces and slashes, a media timeout between nothing and ten minutes",
        refuse_outbound("invalid codec name", media={"codecs": [{"name": "a b/c"}]}),
        refuse_outbound("codec name must not contain '/'", media={"codecs": [{"name": "PCMU/8000"}]}),
        refuse_outbound("media_timeout must not be negative", media={"media_timeout": "-0.001s"}),
        refuse_outbound("media_timeout must not exceed 10m0s", media={"media_timeout": "600.001s"}),
    ),
    case(
        "a replaced trunk keeps its id and loses what the request leaves out",
        inbound("$a", "+1"),
        Step(
            "UpdateSIPInboundTrunk",
            {"sip_trunk_id": "$a", "replace": {"numbers": ["+2"], "krisp_enabled": True}},
            {"sip_trunk_id": "$a", "numbers": ["+2"], "krisp_enabled": True},
        ),
        Step(
            "GetSIPInboundTrunk",
            {"sip_trunk_id": "$a"},
            {"trunk": {"sip_trunk_id": "$a", "numbers": ["+2"], "krisp_enabled": True}},
        ),
        outbound("$b"),
        Step(
            "UpdateSIPOutboundTrunk",
            {"sip_trunk_id": "$b", "replace": {**OUTBOUND, "sip_trunk_id": "$b", "name": "n"}},
            {**OUTBOUND, "sip_trunk_id": "$b", "name": "n"},
        ),
    ),
    case(
        "an update names the trunk and one action, and its info no other trunk",
        Step("UpdateSIPInboundTrunk", {}, invalid("trunk id must be set")),
        Step("UpdateSIPOutboundTrunk", {"sip_trunk_id": "ST_x"}, invalid("missing or unsupported update action")),
        Step(
            "UpdateSIPOutboundTrunk",
            {"sip_trunk_id": "ST_x", "replace": {"sip_trunk_id": "ST_y"}},
            invalid("trunk id in the info must be empty or match the id in the update"),
        ),
        Step("UpdateSIPInboundTrunk", {"sip_trunk_id": "ST_x", "replace": {}}, invalid(OPEN)),
        Step("UpdateSIPInboundTrunk", {"sip_trunk_id": "ST_x", "replace": {"numbers": ["+1"]}}, ABSENT),
        Step("UpdateSIPOutboundTrunk", {"sip_trunk_id": "ST_x", "update": {}}, ABSENT),
    ),
    case(
        "an inbound trunk is no outbound trunk",
        inbound("$a", "+1"),
        Step("GetSIPOutboundTrunk", {"sip_trunk_id": "$a"}, ABSENT),
        Step("UpdateSIPOutboundTrunk", {"sip_trunk_id": "$a", "replace": OUTBOUND}, ABSENT),
        Step("GetSIPInboundTrunk", {}, invalid("trunk ID is required")),
        Step("GetSIPOutboundTrunk", {"sip_trunk_id": ""}, invalid("trunk ID is required")),
    ),
    case(
        "a partial update that leaves an invalid trunk fails in one of two ways, and changes nothing",
        Step("CreateSIPInboundTrunk", {"trunk": {"numbers": ["+1"]}}, {"sip_trunk_id": "$a", "numbers": ["+1"]}),
        change_inbound(invalid(f"twirp error unknown: {OPEN}"), numbers={"clear": True}),
        Step("GetSIPInboundTrunk", {"sip_trunk_id": "$a"}, {"trunk": {"sip_trunk_id": "$a", "numbers": ["+1"]}}),
        outbound("$b"),
        Step(
            "UpdateSIPOutboundTrunk",
            {"sip_trunk_id": "$b", "update": {"numbers": {"clear": True}}},
            Refusal(500, "unknown", "no trunk numbers specified"),
        ),
        Step(
            "UpdateSIPOutboundTrunk",
            {"sip_trunk_id": "$b", "update": {"address": "sip:a", "transport": "SIP_TRANSPORT_TCP"}},
            Refusal(500, "unknown", "trunk address should be a hostname or IP, not SIP URI"),
        ),
        Step("ListSIPOutboundTrunk", {}, {"items": [{**OUTBOUND, "sip_trunk_id": "$b"}]}),
    ),
    case(
        "a list by numbers has the trunks without numbers as well; inbound numbers compare in any notation",
        inbound("$a", "+1"),
        inbound("$b", "+2"),
        inbound("$c"),
        Step(
            "ListSIPInboundTrunk",
            {"numbers": ["1"]},
            {
                "items": [
                    {"sip_trunk_id": "$a", "numbers": ["+1"], "auth_username": "user"},
                    {"sip_trunk_id": "$c", "auth_username": "user"},
                ]
            },
        ),
        outbound("$d"),
        Step("ListSIPOutboundTrunk", {"numbers": ["16505551234"]}, {}),
        Step("ListSIPOutboundTrunk", {"numbers": ["+16505551234"]}, {"items": [{**OUTBOUND, "sip_trunk_id": "$d"}]}),
    ),
    case(
        "a list by ids leaves out what does not exist, and a limit bounds nothing",
        outbound("$a"),
        outbound("$b"),
        outbound("$c"),
        Step("ListSIPOutboundTrunk", {"trunk_ids": ["$a", "ST_x"]}, {"items": [{**OUTBOUND, "sip_trunk_id": "$a"}]}),
        Step("ListSIPOutboundTrunk", {"trunk_ids": ["ST_x"]}, {}),
        Step(
            "ListSIPOutboundTrunk",
            {"page": {"limit": 1}},
            {"items": [{**OUTBOUND, "sip_trunk_id": name} for name in ("$a", "$b", "$c")]},
        ),
        Step("ListSIPOutboundTrunk", {"page": {"after_id": "ST_zzzzzzzzzzzz"}}, {}),
    ),
    case(
        "the deprecated list has both kinds of trunk in the old shape",
        inbound("$a", "+1", "+2", callers=("+9",)),
        outbound("$b", transport="SIP_TRANSPORT_TLS", auth_password="p"),
        Step(
            "ListSIPTrunk",
            {},
            {
                "items": [
                    {
                        "sip_trunk_id": "$a",
                        "kind": "TRUNK_INBOUND",
                        "outbound_number": "+1",
                        "inbound_numbers": ["+9"],
                        "inbound_username": "user",
                    },
                    {
                        "sip_trunk_id": "$b",
                        "kind": "TRUNK_OUTBOUND",
                        "outbound_address": "acme.pstn.twilio.com",
                        "outbound_number": "+16505551234",
                        "outbound_password": "p",
                        "transport": "SIP_TRANSPORT_TLS",
                    },
                ]
            },
        ),
    ),
)
