"""The RPCs of `livekit.SIP`, as data: request message, function, and whether it writes.

Calls are not placed here: `CreateSIPParticipant` and `TransferSIPParticipant` are answered with `unimplemented`, where
the real server would ask a SIP service.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from google.protobuf.message import Message
from livekit.protocol import sip
from livekit.protocol.models import Pagination

from sandbox.ids import Ids
from sandbox.livekit import legacy
from sandbox.livekit.kinds import INBOUND, OUTBOUND, RULE, Kind
from sandbox.livekit.listing import paged, wants_inbound, wants_outbound, wants_rule
from sandbox.livekit.partial import upgrade_media
from sandbox.livekit.service import create, existing, rule_to_create, update
from sandbox.livekit.table import M, Table
from sandbox.livekit.twirp import TwirpError
from sandbox.store import Store


class Project:
    """One LiveKit project: its trunks and rules in a store, and the source of new ids."""

    def __init__(self, store: Store, ids: Ids) -> None:
        self.ids = ids
        self.inbound = _table(store, INBOUND)
        self.outbound = _table(store, OUTBOUND)
        self.rules = _table(store, RULE)


@dataclass(frozen=True, slots=True)
class Rpc:
    """One RPC. `run` gives the response message and raises `TwirpError` or `InvalidError`."""

    request: type[Message]
    run: Callable[[Project, Any], Message]
    writes: bool = False


def _table(store: Store, kind: Kind[M]) -> Table[M]:
    return Table(
        store=store,
        name=kind.name,
        kind=kind.message,
        id_of=kind.id_of,
        claims=kind.claims,
    )


def _create_inbound(project: Project, request: sip.CreateSIPInboundTrunkRequest) -> Message:
    return create(
        project.inbound,
        INBOUND,
        project.ids,
        request.trunk if request.HasField("trunk") else None,
    )


def _create_outbound(project: Project, request: sip.CreateSIPOutboundTrunkRequest) -> Message:
    return create(
        project.outbound,
        OUTBOUND,
        project.ids,
        request.trunk if request.HasField("trunk") else None,
    )


def _create_rule(project: Project, request: sip.CreateSIPDispatchRuleRequest) -> Message:
    if request.HasField("dispatch_rule"):
        upgrade_media(request.dispatch_rule)
    # The real server takes the trunks to look at from the request's deprecated field, so that a rule in
    # `dispatch_rule` is compared with every rule there is.
    rivals = wants_rule(sip.ListSIPDispatchRuleRequest(trunk_ids=request.trunk_ids))
    return create(project.rules, RULE, project.ids, rule_to_create(request), rivals)


def _get_inbound(project: Project, request: sip.GetSIPInboundTrunkRequest) -> Message:
    key = _required(request.sip_trunk_id, "trunk ID")
    return sip.GetSIPInboundTrunkResponse(trunk=existing(project.inbound, INBOUND, key))


def _get_outbound(project: Project, request: sip.GetSIPOutboundTrunkRequest) -> Message:
    key = _required(request.sip_trunk_id, "trunk ID")
    return sip.GetSIPOutboundTrunkResponse(trunk=existing(project.outbound, OUTBOUND, key))


def _delete_trunk(project: Project, request: sip.DeleteSIPTrunkRequest) -> Message:
    """Succeeds for an unknown id as well, and leaves the rules that name the trunk as they are."""
    key = _required(request.sip_trunk_id, "trunk ID")
    project.inbound.drop(key)
    project.outbound.drop(key)
    return sip.SIPTrunkInfo(sip_trunk_id=key)


def _delete_rule(project: Project, request: sip.DeleteSIPDispatchRuleRequest) -> Message:
    key = _required(request.sip_dispatch_rule_id, "dispatch rule ID")
    rule = existing(project.rules, RULE, key)
    project.rules.drop(key)
    return rule


def _list_inbound(project: Project, request: sip.ListSIPInboundTrunkRequest) -> Message:
    return sip.ListSIPInboundTrunkResponse(items=paged(project.inbound, _page(request), wants_inbound(request)))


def _list_outbound(project: Project, request: sip.ListSIPOutboundTrunkRequest) -> Message:
    return sip.ListSIPOutboundTrunkResponse(items=paged(project.outbound, _page(request), wants_outbound(request)))


def _list_rules(project: Project, request: sip.ListSIPDispatchRuleRequest) -> Message:
    return sip.ListSIPDispatchRuleResponse(items=paged(project.rules, _page(request), wants_rule(request)))


def _list_trunks(project: Project, request: sip.ListSIPTrunkRequest) -> Message:
    trunks: list[sip.SIPTrunkInfo] = [
        *map(legacy.of_inbound, project.inbound),
        *map(legacy.of_outbound, project.outbound),
    ]
    after = [trunk for trunk in trunks if trunk.sip_trunk_id > request.page.after_id]
    return sip.ListSIPTrunkResponse(items=sorted(after, key=attrgetter("sip_trunk_id")))


def _not_served(project: Project, request: Message) -> Message:
    raise TwirpError(
        "unimplemented",
        "the sandbox keeps trunks and dispatch rules; it places and transfers no calls",
    )


def _page(request: Any) -> Pagination | None:
    return request.page if request.HasField("page") else None


def _required(key: str, noun: str) -> str:
    if not key:
        raise TwirpError("invalid_argument", f"{noun} is required")
    return key


RPCS: Mapping[str, Rpc] = MappingProxyType(
    {
        "ListSIPTrunk": Rpc(sip.ListSIPTrunkRequest, _list_trunks),
        "CreateSIPInboundTrunk": Rpc(sip.CreateSIPInboundTrunkRequest, _create_inbound, writes=True),
        "CreateSIPOutboundTrunk": Rpc(sip.CreateSIPOutboundTrunkRequest, _create_outbound, writes=True),
        "UpdateSIPInboundTrunk": Rpc(
            sip.UpdateSIPInboundTrunkRequest,
            lambda project, request: update(project.inbound, INBOUND, request),
            writes=True,
        ),
        "UpdateSIPOutboundTrunk": Rpc(
            sip.UpdateSIPOutboundTrunkRequest,
            lambda project, request: update(project.outbound, OUTBOUND, request),
            writes=True,
        ),
        "GetSIPInboundTrunk": Rpc(sip.GetSIPInboundTrunkRequest, _get_inbound),
        "GetSIPOutboundTrunk": Rpc(sip.GetSIPOutboundTrunkRequest, _get_outbound),
        "ListSIPInboundTrunk": Rpc(sip.ListSIPInboundTrunkRequest, _list_inbound),
        "ListSIPOutboundTrunk": Rpc(sip.ListSIPOutboundTrunkRequest, _list_outbound),
        "DeleteSIPTrunk": Rpc(sip.DeleteSIPTrunkRequest, _delete_trunk, writes=True),
        "CreateSIPDispatchRule": Rpc(sip.CreateSIPDispatchRuleRequest, _create_rule, writes=True),
        "UpdateSIPDispatchRule": Rpc(
            sip.UpdateSIPDispatchRuleRequest,
            lambda project, request: update(project.rules, RULE, request),
            writes=True,
        ),
        "ListSIPDispatchRule": Rpc(sip.ListSIPDispatchRuleRequest, _list_rules),
        "DeleteSIPDispatchRule": Rpc(sip.DeleteSIPDispatchRuleRequest, _delete_rule, writes=True),
        "CreateSIPParticipant": Rpc(sip.CreateSIPParticipantRequest, _not_served, writes=True),
        "TransferSIPParticipant": Rpc(sip.TransferSIPParticipantRequest, _not_served, writes=True),
    }
)
