"""What each object must hold by itself: the rules and messages of the real server, in the real server's order.

Every function returns nothing and raises `InvalidError` for the first broken rule.
Source: livekit/protocol `livekit/sip.go` and `livekit/types.go` (2026-07-28).
"""

from livekit.protocol.models import ListUpdate
from livekit.protocol.sip import (
    SIPDispatchRuleInfo,
    SIPDispatchRuleUpdate,
    SIPInboundTrunkInfo,
    SIPInboundTrunkUpdate,
    SIPMediaConfig,
    SIPOutboundTrunkInfo,
    SIPOutboundTrunkUpdate,
)

from sandbox.livekit.headers import check_header_names, check_headers
from sandbox.livekit.twirp import InvalidError

NANOSECONDS = 1_000_000_000
MAX_MEDIA_TIMEOUT = 600 * NANOSECONDS
OPEN_TRUNK = "for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers"


def check_inbound(trunk: SIPInboundTrunkInfo) -> None:
    """An inbound trunk, as created, as replaced, or as a partial update leaves it."""
    if not (trunk.auth_username or trunk.auth_password or trunk.allowed_addresses or trunk.numbers):
        raise InvalidError(OPEN_TRUNK, coded=True)
    check_media(trunk.media)
    _check_mappings(trunk)


def check_outbound(trunk: SIPOutboundTrunkInfo) -> None:
    """An outbound trunk, as created, as replaced, or as a partial update leaves it."""
    if not trunk.numbers:
        raise InvalidError("no trunk numbers specified")
    if not trunk.address:
        raise InvalidError("no outbound address specified")
    _check_host(trunk.address, "trunk address")
    _check_host(trunk.from_host, "from_host")
    _check_mappings(trunk)
    check_media(trunk.media)


def check_rule(rule: SIPDispatchRuleInfo) -> None:
    """A dispatch rule. An empty `rule` passes here and is refused by the conflict check, as by the real server."""
    if not rule.HasField("rule"):
        raise InvalidError("missing rule")
    check_media(rule.media)


def check_inbound_update(update: SIPInboundTrunkUpdate) -> None:
    """A partial update of an inbound trunk, before it is applied."""
    for field in ("numbers", "allowed_addresses", "allowed_numbers"):
        if update.HasField(field):
            check_list_update(getattr(update, field))
    check_media(update.media)


def check_outbound_update(update: SIPOutboundTrunkUpdate) -> None:
    """A partial update of an outbound trunk, before it is applied."""
    if update.HasField("numbers"):
        check_list_update(update.numbers)
    check_media(update.media)


def check_rule_update(update: SIPDispatchRuleUpdate) -> None:
    """A partial update of a dispatch rule, before it is applied."""
    if update.HasField("trunk_ids"):
        check_list_update(update.trunk_ids)
    check_media(update.media)


def check_list_update(update: ListUpdate) -> None:
    """A change to a list is one of: clear; set; add and remove."""
    edits = [*update.add, *update.remove]
    if not update.clear and not update.set and not edits:
        raise InvalidError("unsupported list update operation")
    if update.clear and (update.set or edits):
        raise InvalidError("cannot clear and change the list at the same time")
    if update.set and edits:
        raise InvalidError("cannot set and change the list at the same time")
    if "" in update.set or "" in edits:
        raise InvalidError("empty element in the list")


def check_media(media: SIPMediaConfig) -> None:
    """The media settings of any object; an unset message has no codecs and no timeout, and passes."""
    for codec in media.codecs:
        if not codec.name:
            raise InvalidError("missing codec name")
        if any(space in codec.name for space in " \t\n\r"):
            raise InvalidError("invalid codec name")
        if "/" in codec.name:
            raise InvalidError("codec name must not contain '/'")
    timeout = media.media_timeout.seconds * NANOSECONDS + media.media_timeout.nanos
    if timeout < 0:
        raise InvalidError("media_timeout must not be negative")
    if timeout > MAX_MEDIA_TIMEOUT:
        raise InvalidError("media_timeout must not exceed 10m0s")


def _check_host(value: str, field: str) -> None:
    if "transport=" in value:
        raise InvalidError(f"{field} should not contain transport parameter")
    if "@" in value or ";" in value or value.startswith(("sip:", "sips:")):
        raise InvalidError(f"{field} should be a hostname or IP, not SIP URI")


def _check_mappings(trunk: SIPInboundTrunkInfo | SIPOutboundTrunkInfo) -> None:
    check_headers(trunk.headers)
    check_header_names(trunk.attributes_to_headers.values())
    check_header_names(trunk.headers_to_attributes)
