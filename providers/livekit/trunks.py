"""LiveKit's SIP trunks and dispatch rules. A trunk's direction is its kind: no update turns one into the other."""

from __future__ import annotations

from dataclasses import replace

from livekit.protocol.sip import (
    CreateSIPDispatchRuleRequest,
    CreateSIPInboundTrunkRequest,
    CreateSIPOutboundTrunkRequest,
    DeleteSIPDispatchRuleRequest,
    DeleteSIPTrunkRequest,
    ListSIPDispatchRuleRequest,
    ListSIPInboundTrunkRequest,
    ListSIPOutboundTrunkRequest,
    SIPDispatchRuleInfo,
    SIPInboundTrunkInfo,
    SIPOutboundTrunkInfo,
)

from providers.livekit.convert import INBOUND, OUTBOUND, RULE, RULE_ALSO, TRUNK_ALSO
from providers.livekit.objects import Kind
from providers.livekit.options import INBOUND_OPTIONS, OUTBOUND_OPTIONS, RULE_OPTIONS
from trunkline.model import egress
from trunkline.model.options import ONLY_CALLERS

INBOUND_TRUNK = Kind(
    name="InboundTrunk",
    noun="SIPInboundTrunk",
    info=SIPInboundTrunkInfo,
    fields=INBOUND,
    options=INBOUND_OPTIONS,
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
    options=OUTBOUND_OPTIONS,
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
# Which agent is called into a caller's room.
DISPATCH_RULE = Kind(
    name="DispatchRule",
    noun="SIPDispatchRule",
    info=SIPDispatchRuleInfo,
    fields=RULE,
    options=RULE_OPTIONS,
    id_field="sip_dispatch_rule_id",
    tag_field="name",
    secret=("pin", egress.SECRETS),
    deletes="DeleteSIPDispatchRule",
    page=lambda sip, page: sip.list_dispatch_rule(ListSIPDispatchRuleRequest(page=page)),
    find=lambda sip, id: sip.list_dispatch_rule(ListSIPDispatchRuleRequest(dispatch_rule_ids=[id])),
    create=lambda sip, info: sip.create_dispatch_rule(CreateSIPDispatchRuleRequest(dispatch_rule=info)),
    replace=lambda sip, id, info: sip.update_dispatch_rule(id, info),
    delete=lambda sip, id: sip.delete_dispatch_rule(DeleteSIPDispatchRuleRequest(sip_dispatch_rule_id=id)),
    also=RULE_ALSO,
)
# The same, of a trunk's calls from some callers alone.
CALLER_RULE = replace(
    DISPATCH_RULE,
    name="CallerRule",
    fields={**RULE, ONLY_CALLERS: RULE_OPTIONS[ONLY_CALLERS]},
    options={name: field for name, field in RULE_OPTIONS.items() if name != ONLY_CALLERS},
)
