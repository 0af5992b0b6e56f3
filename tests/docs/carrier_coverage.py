"""The carriers' part of docs/coverage.md: what each field of their trunks and numbers is here.

The fields are those of their specifications, and of the requests of the installed SDKs.
"""

from __future__ import annotations

from collections.abc import Mapping

WRITTEN, KEPT, REFUSED = "✔", "kept", "refused"
_OPENAPI = "Twilio's OpenAPI of 2026-04-14"
_NUMBERS_API = "Numbers API 1.0.20"
_PROTOCOL = "livekit/protocol 1.54.0"
_OF_LIVEKIT = (KEPT, f"LiveKit gives it, and no request takes it ({_PROTOCOL})")
_GIVEN = (KEPT, f"Twilio gives it, and no request takes it ({_OPENAPI})")
_TAG = (WRITTEN, "the tag that says whose it is")
_ACCOUNT = (WRITTEN, "setting `TWILIO_ACCOUNT_SID`: whose keys ask")
_ON_TRUNK = (KEPT, f"Twilio passes it by while the number is on a trunk ({_OPENAPI}: `trunk_sid`)")
_SMS = (KEPT, "of messages, which LiveKit's SIP does not take (livekit-protocol 1.1.29 has calls alone)")
_OF_LIST = (
    KEPT,
    f"one list serves several trunks, and SIP domains too ({_OPENAPI}: `/SIP/Domains/{{DomainSid}}/"
    "IpAccessControlListMappings`), so it is nobody's; `ip_access_control_lists` puts it on the trunk",
)
_BY_LISTS = (KEPT, f"the lists on the trunk say it ({_OPENAPI}): `auth_username`, `ip_access_control_lists`")
_DATES = {"date_created": _GIVEN, "date_updated": _GIVEN}
_OBJECT = {"account_sid": _GIVEN, "sid": _GIVEN, **_DATES}
_PLACE = {**_OBJECT, "trunk_sid": (WRITTEN, "the trunk that it is put on"), "friendly_name": _GIVEN, "url": _GIVEN}


def _key(text: str) -> tuple[str, str]:
    return WRITTEN, text


# Object -> field -> what becomes of it, and the key or the reason.
FATES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Twilio: Trunk": {
        **_OBJECT,
        "friendly_name": _TAG,
        "domain_name": _key("`domain_name`"),
        "disaster_recovery_url": _key("`disaster_recovery_url`, or a URL as `fallback`"),
        "disaster_recovery_method": _key("`disaster_recovery_method`"),
        "secure": _key("`media_encryption`"),
        "recording": _key("`recording`"),
        "transfer_mode": _key("`transfer_mode`"),
        "transfer_caller_id": _key("`transfer_caller_id`"),
        "cnam_lookup_enabled": _key("`cnam_lookup_enabled`"),
        "auth_type": _BY_LISTS,
        "auth_type_set": _BY_LISTS,
        "symmetric_rtp_enabled": (KEPT, f"no request takes it ({_OPENAPI}), Twilio's console alone"),
        "url": _GIVEN,
        "links": _GIVEN,
    },
    "Twilio: Recording": {"mode": _key("`recording.mode`"), "trim": _key("`recording.trim`")},
    "Twilio: OriginationUrl": {
        **_OBJECT,
        "trunk_sid": (WRITTEN, "the trunk that it is of"),
        "friendly_name": _TAG,
        "sip_url": _key("setting `LIVEKIT_SIP_URI` with `transport`; a SIP URI as `fallback`"),
        "weight": (WRITTEN, "1; an adopted one keeps its own"),
        "priority": (WRITTEN, "1, and 2 of a `fallback`; an adopted one keeps its own"),
        "enabled": (WRITTEN, "true; an adopted one keeps its own"),
        "url": _GIVEN,
    },
    "Twilio: CredentialList": {**_OBJECT, "friendly_name": _TAG, "subresource_uris": _GIVEN, "uri": _GIVEN},
    "Twilio: Credential": {
        **_OBJECT,
        "credential_list_sid": (WRITTEN, "the list that it is in"),
        "username": _key("`auth_username`"),
        "password": _key("`auth_password`"),
        "uri": _GIVEN,
    },
    "Twilio: CredentialList of a Trunk": {**_PLACE, "credential_list_sid": (WRITTEN, "the trunk's own list")},
    "Twilio: IpAccessControlList of a Trunk": {
        **_PLACE,
        "ip_access_control_list_sid": _key("`ip_access_control_lists`"),
    },
    "Twilio: IpAccessControlList": {**_OBJECT, "friendly_name": _OF_LIST, "subresource_uris": _GIVEN, "uri": _GIVEN},
    "Twilio: IpAddress": {
        **_OBJECT,
        "ip_access_control_list_sid": _GIVEN,
        "friendly_name": _OF_LIST,
        "ip_address": _OF_LIST,
        "cidr_prefix_length": _OF_LIST,
        "uri": _GIVEN,
    },
    "Twilio: IncomingPhoneNumber": {
        **_OBJECT,
        "account_sid": _ACCOUNT,
        "friendly_name": _TAG,
        "phone_number": _key("`phone_number`, `search`"),
        "area_code": (
            REFUSED,
            f"a purchase by it buys any number of the area ({_OPENAPI}), so that one without an answer cannot be found"
            " again; `search.area_code` finds numbers, and one is bought by name",
        ),
        "trunk_sid": _key("`trunk`"),
        "voice_receive_mode": (WRITTEN, "voice: one that receives faxes sends no call to its trunk"),
        "address_sid": _key("`address_sid`"),
        "bundle_sid": _key("`bundle_sid`"),
        "identity_sid": (
            KEPT,
            'who has the number is told by its bundle, which holds the end user (Twilio, "Bundles Resource", read'
            " 2026-11-26): `bundle_sid`",
        ),
        "emergency_address_sid": _key("`emergency_address_sid`, `clear_emergency_address`"),
        "emergency_status": _key("`emergency_address_sid`, `clear_emergency_address`"),
        "emergency_address_status": _GIVEN,
        "voice_url": _ON_TRUNK,
        "voice_method": _ON_TRUNK,
        "voice_fallback_url": _ON_TRUNK,
        "voice_fallback_method": _ON_TRUNK,
        "voice_application_sid": (KEPT, f"the trunk takes its place ({_OPENAPI}: `trunk_sid` deletes it)"),
        "voice_caller_id_lookup": (
            KEPT, f"the settings of its trunk count ({_OPENAPI}: `trunk_sid`): `cnam_lookup_enabled`",
        ),
        "api_version": (KEPT, f"that of a TwiML session ({_OPENAPI}), which a number on a trunk has none of"),
        **dict.fromkeys(
            (
                "sms_application_sid", "sms_fallback_method", "sms_fallback_url", "sms_method", "sms_url",
            ),
            _SMS,
        ),
        "status_callback": _key("`status_callback`"),
        "status_callback_method": _key("`status_callback_method`"),
        **dict.fromkeys(
            ("address_requirements", "beta", "capabilities", "origin", "uri", "status", "type"), _GIVEN,
        ),
    },
    "Vonage: number": {
        "country": _key("`country`"),
        "msisdn": _key("`phone_number`, `search`"),
        "type": _key("`search.type`"),
        "features": (KEPT, f"what the number can ({_NUMBERS_API}); numbers that take calls are searched"),
        "voiceCallbackType": (WRITTEN, "sip"),
        "voiceCallbackValue": _key(
            "setting `LIVEKIT_SIP_URI` with `transport` and `media_encryption`; then the `fallback`"
        ),
        "app_id": (KEPT, f"a forward to SIP comes before an application's voice ({_NUMBERS_API}: `voiceCallbackType`)"),
        "voiceStatusCallback": _key("`status_callback`"),
        "moSmppSysType": (
            REFUSED,
            f"of messages, and no answer shows it, so that an update, which sets the whole number, leaves it out"
            f" ({_NUMBERS_API})",
        ),
        **dict.fromkeys(("moHttpUrl", "messagesCallbackType", "messagesCallbackValue"), _SMS),
        "target_api_key": (
            REFUSED,
            f"of a subaccount ({_NUMBERS_API}): a stack has the account of its own key, setting `VONAGE_API_KEY`",
        ),
    },
    "LiveKit: PhoneNumber": {
        "e164_format": _key("`phone_number`, or what a `search` finds"),
        "phone_numbers": _key("`phone_number`, or what a `search` finds"),
        "phone_number": _key("`phone_number`, looked up before and after a purchase"),
        "country_code": _key("`search.country`"),
        "area_code": _key("`search.area_code`"),
        "number_type": _key("`search.type`, looked for in what LiveKit offers"),
        "sip_dispatch_rule_id": (WRITTEN, "the rule of the line: it calls the `agent`"),
        "name": (WRITTEN, "the tag that says whose it is, after the purchase, which takes no name"),
        "id": (WRITTEN, "LiveKit gives it; updates name the number by it"),
        "limit": (WRITTEN, f"50, the default ({_PROTOCOL})"),
        "page_token": (WRITTEN, "every page is read"),
        "sip_dispatch_rule_ids": (KEPT, f"read; requests tie a number by `sip_dispatch_rule_id` ({_PROTOCOL})"),
        "ids": (REFUSED, f"a release takes digits as well ({_PROTOCOL}), and a number that nobody has seen has no id"),
        "statuses": (REFUSED, f"a filter ({_PROTOCOL}): lists are read whole, and each number says its `status`"),
        **dict.fromkeys(
            ("locality", "region"),
            (REFUSED, f"a search takes `country_code` and `area_code` alone ({_PROTOCOL})"),
        ),
        **dict.fromkeys(
            (
                "spam_score", "capabilities", "status", "inbound_status", "outbound_status", "created_at", "updated_at",
                "assigned_at", "released_at",
            ),
            _OF_LIVEKIT,
        ),
    },
}  # fmt: skip
HEAD = """\
## The carriers

What each field of the carriers' trunks and numbers is here, by Twilio's OpenAPI of 2026-04-14, Vonage's Numbers API
1.0.20 and, of the numbers that LiveKit itself sells, livekit/protocol 1.54.0. A test fails for one that stands there,
or that the installed SDKs send, and that this page lacks. Refused: no update sends it.
"""


def sections() -> list[str]:
    """Give the text of each part."""
    parts = [HEAD]
    for name, fates in FATES.items():
        rows = (f"| `{field}` | {fate} | {text} |" for field, (fate, text) in sorted(fates.items()))
        parts.append("\n".join((f"### {name}\n", "| field | | |", "|---|---|---|", *rows)) + "\n")
    return parts
