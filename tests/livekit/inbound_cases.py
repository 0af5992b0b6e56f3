"""What a LiveKit server does with inbound trunks: the cases of the contract."""

from __future__ import annotations

from tests.livekit.script import Case, Step, case, invalid
from tests.livekit.trunk_steps import ALONE, FULL_INBOUND, OPEN, change_inbound, conflict, inbound, refuse_inbound

CASES: tuple[Case, ...] = (
    case(
        "every field of an inbound trunk is kept, the password in clear",
        Step("CreateSIPInboundTrunk", {"trunk": FULL_INBOUND}, {**FULL_INBOUND, "sip_trunk_id": "$a"}),
        Step("GetSIPInboundTrunk", {"sip_trunk_id": "$a"}, {"trunk": {**FULL_INBOUND, "sip_trunk_id": "$a"}}),
        Step("ListSIPInboundTrunk", {}, {"items": [{**FULL_INBOUND, "sip_trunk_id": "$a"}]}),
    ),
    case(
        "an inbound trunk is limited by numbers, addresses, a user or a password",
        refuse_inbound(OPEN, numbers=[]),
        Step("CreateSIPInboundTrunk", {"trunk": {"auth_password": "p"}}, {"auth_password": "p", "sip_trunk_id": "$a"}),
    ),
    case(
        "two trunks that take all callers may not share a number, however it is written",
        inbound("$a", "+16505551234", "+16505551235"),
        refuse_inbound(conflict('["1 (650) 555-1234"]', ALONE), numbers=["1 (650) 555-1234"]),
        inbound("$b", "+16505551236"),
    ),
    case(
        "a word is no phone number and is compared as it is",
        inbound("$a", "sales"),
        inbound("$b", "+sales"),
        refuse_inbound(conflict('["sales"]', ALONE), numbers=["sales"]),
    ),
    case(
        "trunks may share a number when their callers differ, or when only one takes all callers",
        inbound("$a", "+1", callers=("+2", "+3")),
        refuse_inbound(conflict('["+1"]', 'and AllowedNumber "3"'), allowed_numbers=["+4", "3"]),
        inbound("$b", "+1"),
        inbound("$c", "+1", callers=("+5", "5")),
    ),
    case(
        "a trunk without numbers conflicts only with another such",
        inbound("$a"),
        refuse_inbound(conflict("<any>", ALONE), numbers=[], auth_username="other"),
        inbound("$b", "+1"),
    ),
    case(
        "a partial update changes what it names, and leaves a media message behind",
        inbound("$a", "+1", "+2", callers=("+9",)),
        change_inbound(
            {"sip_trunk_id": "$a", "numbers": ["+2", "+3"], "auth_username": "user", "name": "n", "media": {}},
            numbers={"add": ["+2", "+3"], "remove": ["+1", "+7"]},
            allowed_numbers={"clear": True},
            name="n",
        ),
        change_inbound(
            {
                "sip_trunk_id": "$a",
                "numbers": ["+5"],
                "name": "n",
                "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
                "media": {"encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"},
            },
            numbers={"set": ["+5"]},
            auth_username="",
            media_encryption="SIP_MEDIA_ENCRYPT_REQUIRE",
        ),
        change_inbound(
            {
                "sip_trunk_id": "$a",
                "numbers": ["+5"],
                "name": "n",
                "media": {"codecs": [{"name": "G722"}], "encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"},
                "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
            },
            media={"codecs": [{"name": "G722"}]},
        ),
    ),
    case(
        "a list is cleared, set, or added to and removed from",
        inbound("$a", "+1"),
        change_inbound(invalid("unsupported list update operation"), numbers={}),
        change_inbound(
            invalid("cannot clear and change the list at the same time"), numbers={"clear": True, "add": ["+2"]}
        ),
        change_inbound(
            invalid("cannot set and change the list at the same time"), numbers={"set": ["+2"], "remove": ["+1"]}
        ),
        change_inbound(invalid("empty element in the list"), allowed_addresses={"add": [""]}),
        change_inbound(invalid("unsupported list update operation"), numbers={"set": []}),
    ),
    case(
        "an update that adds a taken number to a trunk is refused; replacing all its numbers by it is not noticed",
        inbound("$a", "+1"),
        inbound("$b", "+2"),
        Step(
            "UpdateSIPInboundTrunk",
            {"sip_trunk_id": "$b", "replace": {"numbers": ["+1"]}},
            {"sip_trunk_id": "$b", "numbers": ["+1"]},
        ),
        inbound("$c", "+3"),
        Step("DeleteSIPTrunk", {"sip_trunk_id": "$b"}, {"sip_trunk_id": "$b"}),
        change_inbound(
            {"sip_trunk_id": "$a", "numbers": ["+1", "+4"], "auth_username": "user", "media": {}},
            numbers={"add": ["+4"]},
        ),
    ),
    case(
        "deleting a trunk that does not exist succeeds, once an id is given",
        Step("DeleteSIPTrunk", {"sip_trunk_id": "ST_x"}, {"sip_trunk_id": "ST_x"}),
        Step("DeleteSIPTrunk", {}, invalid("trunk ID is required")),
    ),
    case(
        "a deleted trunk is gone from its list and its number is free",
        inbound("$a", "+1"),
        Step("DeleteSIPTrunk", {"sip_trunk_id": "$a"}, {"sip_trunk_id": "$a"}),
        Step("ListSIPInboundTrunk", {}, {}),
        inbound("$b", "+1"),
    ),
)
