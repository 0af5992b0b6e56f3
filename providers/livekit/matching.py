"""LiveKit's trunks and rules as the call model knows them: what a call meets, fields that we do not manage too."""

from __future__ import annotations

from collections.abc import Mapping

from livekit.protocol.sip import SIPDispatchRuleInfo, SIPInboundTrunkInfo

from trunkline.calls import Rule, Trunk

# The name of a rule's form in LiveKit's message -> ours.
_FORMS: Mapping[str, str] = {
    "dispatch_rule_direct": "direct",
    "dispatch_rule_individual": "individual",
    "dispatch_rule_callee": "callee",
}


def trunk(info: SIPInboundTrunkInfo) -> Trunk:
    """Give an inbound trunk as a call meets it."""
    return Trunk(
        id=info.sip_trunk_id,
        numbers=tuple(info.numbers),
        allowed_numbers=tuple(info.allowed_numbers),
        allowed_addresses=tuple(info.allowed_addresses),
    )


def rule(info: SIPDispatchRuleInfo) -> Rule:
    """Give a dispatch rule as a call meets it."""
    form = info.rule.WhichOneof("rule") or ""
    body = getattr(info.rule, form) if form else None
    return Rule(
        id=info.sip_dispatch_rule_id,
        name=info.name,
        trunk_ids=tuple(info.trunk_ids),
        callers=tuple(info.inbound_numbers),
        numbers=tuple(info.numbers),
        form=_FORMS.get(form, ""),
        room=(body.room_name if form == "dispatch_rule_direct" else body.room_prefix) if body is not None else "",
        pin=body.pin if body is not None else "",
        agents=tuple(sorted(agent.agent_name for agent in info.room_config.agents)),
    )
