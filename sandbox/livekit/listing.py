"""Which objects a list request gets, and in what batches the real server collects them."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from google.protobuf.message import Message
from livekit.protocol.models import Pagination
from livekit.protocol.sip import (
    ListSIPDispatchRuleRequest,
    ListSIPInboundTrunkRequest,
    ListSIPOutboundTrunkRequest,
    SIPDispatchRuleInfo,
    SIPInboundTrunkInfo,
    SIPOutboundTrunkInfo,
)

from sandbox.livekit.conflicts import normalize
from sandbox.livekit.table import Table

DEFAULT_BATCH = 1000

M = TypeVar("M", bound=Message)
Wanted: TypeAlias = Callable[[M], bool]


def paged(table: Table[M], page: Pagination | None, wanted: Wanted[M]) -> list[M]:
    """The wanted objects, by ascending id.

    `page.limit` sizes the server's own batches and bounds nothing; `page.after_id` is honoured. The real server stops
    at the first batch without a wanted object, so that a filter together with a small limit can hide what follows
    (livekit/protocol `livekit/types.go` `ListPageIter`, 2026-07-28).
    """
    if page is None:
        return [value for value in table if wanted(value)]
    found: list[M] = []
    after, limit = page.after_id, page.limit if page.limit > 0 else DEFAULT_BATCH
    while batch := [value for value in table.after(after, limit) if wanted(value)]:
        found += batch
        after = table.id_of(batch[-1])
    return found


def wants_inbound(request: ListSIPInboundTrunkRequest) -> Wanted[SIPInboundTrunkInfo]:
    """A filter by ids and by called numbers in any notation; a trunk without numbers matches every number."""
    ids = frozenset(request.trunk_ids)
    numbers = frozenset(map(normalize, request.numbers))

    def wanted(trunk: SIPInboundTrunkInfo) -> bool:
        if ids and trunk.sip_trunk_id not in ids:
            return False
        return not numbers or not trunk.numbers or not numbers.isdisjoint(map(normalize, trunk.numbers))

    return wanted


def wants_outbound(
    request: ListSIPOutboundTrunkRequest,
) -> Wanted[SIPOutboundTrunkInfo]:
    """A filter by ids and by numbers, the latter character by character."""
    ids, numbers = frozenset(request.trunk_ids), frozenset(request.numbers)

    def wanted(trunk: SIPOutboundTrunkInfo) -> bool:
        if ids and trunk.sip_trunk_id not in ids:
            return False
        return not numbers or not trunk.numbers or not numbers.isdisjoint(trunk.numbers)

    return wanted


def wants_rule(request: ListSIPDispatchRuleRequest) -> Wanted[SIPDispatchRuleInfo]:
    """A filter by ids and by trunks; a rule without trunks matches every trunk."""
    ids, trunks = frozenset(request.dispatch_rule_ids), frozenset(request.trunk_ids)

    def wanted(rule: SIPDispatchRuleInfo) -> bool:
        if ids and rule.sip_dispatch_rule_id not in ids:
            return False
        return not trunks or not rule.trunk_ids or not trunks.isdisjoint(rule.trunk_ids)

    return wanted
