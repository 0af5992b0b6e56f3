"""Trunks as the deprecated `ListSIPTrunk` shows them: both kinds in one shape, with the first number only.

Source: livekit/protocol `livekit/sip.go` `AsTrunkInfo` (2026-07-28).
"""

from livekit.protocol.sip import SIPInboundTrunkInfo, SIPOutboundTrunkInfo, SIPTrunkInfo


def of_inbound(trunk: SIPInboundTrunkInfo) -> SIPTrunkInfo:
    """An inbound trunk in the old shape."""
    return SIPTrunkInfo(
        sip_trunk_id=trunk.sip_trunk_id,
        kind=SIPTrunkInfo.TRUNK_INBOUND,
        name=trunk.name,
        metadata=trunk.metadata,
        outbound_number=trunk.numbers[0] if trunk.numbers else "",
        inbound_addresses=trunk.allowed_addresses,
        inbound_numbers=trunk.allowed_numbers,
        inbound_username=trunk.auth_username,
        inbound_password=trunk.auth_password,
    )


def of_outbound(trunk: SIPOutboundTrunkInfo) -> SIPTrunkInfo:
    """An outbound trunk in the old shape."""
    return SIPTrunkInfo(
        sip_trunk_id=trunk.sip_trunk_id,
        kind=SIPTrunkInfo.TRUNK_OUTBOUND,
        name=trunk.name,
        metadata=trunk.metadata,
        outbound_address=trunk.address,
        transport=trunk.transport,
        outbound_number=trunk.numbers[0] if trunk.numbers else "",
        outbound_username=trunk.auth_username,
        outbound_password=trunk.auth_password,
    )
