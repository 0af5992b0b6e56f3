"""The three kinds of object, as data: their words, ids, rules, and what two of them may not share."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message
from livekit.protocol.sip import (
    ListSIPDispatchRuleRequest,
    ListSIPInboundTrunkRequest,
    SIPDispatchRuleInfo,
    SIPInboundTrunkInfo,
    SIPOutboundTrunkInfo,
)

from sandbox.livekit import partial, validation
from sandbox.livekit.conflicts import rule_claims, scan_rules, scan_trunks, trunk_claims
from sandbox.livekit.listing import Wanted, wants_inbound, wants_rule

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[M]):
    """One kind of object.

    `name` is the table's; `noun` and `absent` are the server's words; `check` and `check_update` raise `InvalidError`;
    `apply` lays a partial update over an object. `claims` is what an object holds alone, `rivals` which stored objects
    the server compares with a new version of one, and `scan` that comparison, which raises `TwirpError`.
    """

    name: str
    message: type[M]
    noun: str
    absent: str
    id_field: str
    id_prefix: str
    check: Callable[[M], None]
    check_update: Callable[[Any], None]
    apply: Callable[[M, Any], None]
    claims: Callable[[M], Sequence[Hashable]]
    rivals: Callable[[M], Wanted[M]]
    scan: Callable[[Iterable[M]], None]

    def id_of(self, value: M) -> str:
        """The id of an object; "" for one that is not stored yet."""
        key: str = getattr(value, self.id_field)
        return key


INBOUND = Kind(
    name="inbound_trunk",
    message=SIPInboundTrunkInfo,
    noun="trunk",
    absent="requested sip trunk does not exist",
    id_field="sip_trunk_id",
    id_prefix="ST_",
    check=validation.check_inbound,
    check_update=validation.check_inbound_update,
    apply=partial.apply_to_inbound,
    claims=trunk_claims,
    rivals=lambda trunk: wants_inbound(ListSIPInboundTrunkRequest(numbers=trunk.numbers)),
    scan=scan_trunks,
)
OUTBOUND = Kind(
    name="outbound_trunk",
    message=SIPOutboundTrunkInfo,
    noun="trunk",
    absent="requested sip trunk does not exist",
    id_field="sip_trunk_id",
    id_prefix="ST_",
    check=validation.check_outbound,
    check_update=validation.check_outbound_update,
    apply=partial.apply_to_outbound,
    # Outbound trunks never conflict.
    claims=lambda trunk: (),
    rivals=lambda trunk: lambda other: False,
    scan=lambda trunks: None,
)
RULE = Kind(
    name="dispatch_rule",
    message=SIPDispatchRuleInfo,
    noun="rule",
    absent="requested sip dispatch rule does not exist",
    id_field="sip_dispatch_rule_id",
    id_prefix="SDR_",
    check=validation.check_rule,
    check_update=validation.check_rule_update,
    apply=partial.apply_to_rule,
    claims=rule_claims,
    rivals=lambda rule: wants_rule(ListSIPDispatchRuleRequest(trunk_ids=rule.trunk_ids)),
    scan=scan_rules,
)
