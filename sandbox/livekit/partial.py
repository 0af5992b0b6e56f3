"""Partial updates: the fields of an `update` request laid over a stored object.

Every function changes `info`, a copy that the caller owns, and checks neither the update nor the result.
Source: livekit/protocol `livekit/sip.go` (2026-07-28).
"""

from collections.abc import MutableMapping, MutableSequence
from typing import Final, TypeAlias

from livekit.protocol.models import ListUpdate
from livekit.protocol.sip import (
    SIPDispatchRuleInfo,
    SIPDispatchRuleUpdate,
    SIPInboundTrunkInfo,
    SIPInboundTrunkUpdate,
    SIPMediaEncryption,
    SIPOutboundTrunkInfo,
    SIPOutboundTrunkUpdate,
)

Info: TypeAlias = SIPInboundTrunkInfo | SIPOutboundTrunkInfo | SIPDispatchRuleInfo
Update: TypeAlias = SIPInboundTrunkUpdate | SIPOutboundTrunkUpdate | SIPDispatchRuleUpdate

INBOUND_LISTS: Final = ("numbers", "allowed_addresses", "allowed_numbers")
INBOUND_SCALARS: Final = (
    "auth_username",
    "auth_password",
    "auth_realm",
    "name",
    "metadata",
)
OUTBOUND_LISTS: Final = ("numbers",)
OUTBOUND_SCALARS: Final = (
    "address",
    "transport",
    "destination_country",
    "auth_username",
    "auth_password",
    "name",
    "metadata",
    "from_host",
)
RULE_LISTS: Final = ("trunk_ids",)
RULE_SCALARS: Final = ("name", "metadata")


def apply_to_inbound(info: SIPInboundTrunkInfo, update: SIPInboundTrunkUpdate) -> None:
    """Lay an inbound trunk's update over it."""
    _apply(info, update, INBOUND_LISTS, INBOUND_SCALARS)


def apply_to_outbound(info: SIPOutboundTrunkInfo, update: SIPOutboundTrunkUpdate) -> None:
    """Lay an outbound trunk's update over it."""
    _apply(info, update, OUTBOUND_LISTS, OUTBOUND_SCALARS)


def apply_to_rule(info: SIPDispatchRuleInfo, update: SIPDispatchRuleUpdate) -> None:
    """Lay a dispatch rule's update over it. An attribute with an empty value is removed."""
    _apply(info, update, RULE_LISTS, RULE_SCALARS)
    if update.HasField("rule"):
        info.rule.CopyFrom(update.rule)
    _apply_map(info.attributes, update.attributes)


def upgrade_media(info: Info) -> None:
    """Carry the deprecated `media_encryption` into `media`; leaves a `media` message behind in any case."""
    media = info.media
    media.SetInParent()
    if not media.HasField("encryption") and info.media_encryption != SIPMediaEncryption.SIP_MEDIA_ENCRYPT_DISABLE:
        media.encryption = info.media_encryption


def apply_list(values: MutableSequence[str], update: ListUpdate) -> None:
    """Clear, set, or remove and add; what is there already is not added twice."""
    if update.clear or update.set:
        values[:] = list(update.set)
        return
    for value in update.remove:
        if value in values:
            values.remove(value)
    for value in update.add:
        if value not in values:
            values.append(value)


def _apply(info: Info, update: Update, lists: tuple[str, ...], scalars: tuple[str, ...]) -> None:
    for field in lists:
        if update.HasField(field):
            apply_list(getattr(info, field), getattr(update, field))
    for field in scalars:
        if update.HasField(field):
            setattr(info, field, getattr(update, field))
    if update.HasField("media"):
        info.media.CopyFrom(update.media)
    if update.HasField("media_encryption"):
        info.media_encryption = update.media_encryption
    upgrade_media(info)
    info.media_encryption = info.media.encryption


def _apply_map(values: MutableMapping[str, str], changes: MutableMapping[str, str]) -> None:
    for key, value in changes.items():
        if value:
            values[key] = value
        else:
            values.pop(key, None)
