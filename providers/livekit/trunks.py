"""LiveKit's SIP trunks. A trunk's direction is its kind: no update turns one into the other."""

from __future__ import annotations

from livekit.protocol.sip import (
    CreateSIPInboundTrunkRequest,
    CreateSIPOutboundTrunkRequest,
    DeleteSIPTrunkRequest,
    ListSIPInboundTrunkRequest,
    ListSIPOutboundTrunkRequest,
    SIPInboundTrunkInfo,
    SIPOutboundTrunkInfo,
)

from providers.livekit.convert import INBOUND, OUTBOUND, TRUNK_ALSO
from providers.livekit.objects import Kind

INBOUND_TRUNK = Kind(
    name="InboundTrunk",
    noun="SIPInboundTrunk",
    info=SIPInboundTrunkInfo,
    fields=INBOUND,
    id_field="sip_trunk_id",
    tag_field="metadata",
    secret=("authPassword",),
    deletes="DeleteSIPTrunk",
    page=lambda sip, page: sip.list_inbound_trunk(ListSIPInboundTrunkRequest(page=page)),
    find=lambda sip, id: sip.list_inbound_trunk(ListSIPInboundTrunkRequest(trunk_ids=[id])),
    create=lambda sip, info: sip.create_inbound_trunk(CreateSIPInboundTrunkRequest(trunk=info)),
    replace=lambda sip, id, info: sip.update_inbound_trunk(id, info),
    delete=lambda sip, id: sip.delete_trunk(DeleteSIPTrunkRequest(sip_trunk_id=id)),
    also=TRUNK_ALSO,
)

OUTBOUND_TRUNK = Kind(
    name="OutboundTrunk",
    noun="SIPOutboundTrunk",
    info=SIPOutboundTrunkInfo,
    fields=OUTBOUND,
    id_field="sip_trunk_id",
    tag_field="metadata",
    secret=("authPassword",),
    deletes="DeleteSIPTrunk",
    page=lambda sip, page: sip.list_outbound_trunk(ListSIPOutboundTrunkRequest(page=page)),
    find=lambda sip, id: sip.list_outbound_trunk(ListSIPOutboundTrunkRequest(trunk_ids=[id])),
    create=lambda sip, info: sip.create_outbound_trunk(CreateSIPOutboundTrunkRequest(trunk=info)),
    replace=lambda sip, id, info: sip.update_outbound_trunk(id, info),
    delete=lambda sip, id: sip.delete_trunk(DeleteSIPTrunkRequest(sip_trunk_id=id)),
    also=TRUNK_ALSO,
)
