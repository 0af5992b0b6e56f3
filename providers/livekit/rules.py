"""LiveKit's dispatch rules: which agent is called into a caller's room."""

from __future__ import annotations

from livekit.protocol.sip import (
    CreateSIPDispatchRuleRequest,
    DeleteSIPDispatchRuleRequest,
    ListSIPDispatchRuleRequest,
    SIPDispatchRuleInfo,
)

from providers.livekit.convert import RULE, RULE_ALSO
from providers.livekit.objects import Kind

DISPATCH_RULE = Kind(
    name="DispatchRule",
    noun="SIPDispatchRule",
    info=SIPDispatchRuleInfo,
    fields=RULE,
    id_field="sip_dispatch_rule_id",
    tag_field="name",
    secret=(),
    deletes="DeleteSIPDispatchRule",
    page=lambda sip, page: sip.list_dispatch_rule(ListSIPDispatchRuleRequest(page=page)),
    find=lambda sip, id: sip.list_dispatch_rule(ListSIPDispatchRuleRequest(dispatch_rule_ids=[id])),
    create=lambda sip, info: sip.create_dispatch_rule(CreateSIPDispatchRuleRequest(dispatch_rule=info)),
    replace=lambda sip, id, info: sip.update_dispatch_rule(id, info),
    delete=lambda sip, id: sip.delete_dispatch_rule(DeleteSIPDispatchRuleRequest(sip_dispatch_rule_id=id)),
    also=RULE_ALSO,
)
