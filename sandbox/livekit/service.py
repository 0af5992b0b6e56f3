"""What the RPCs do: validate like the real server and in its order, then change the state.

The functions raise `TwirpError`, or `InvalidError` for a fault in the request itself.
Source: livekit-server 1.13.5 `pkg/service/sip.go` and `redisstore_sip.go` (2026-07-30).
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from google.protobuf.message import Message
from livekit.protocol.sip import (
    CreateSIPDispatchRuleRequest,
    SIPDispatchRuleInfo,
)

from sandbox.ids import Ids
from sandbox.livekit.kinds import Kind
from sandbox.livekit.listing import Wanted
from sandbox.livekit.table import Table
from sandbox.livekit.twirp import InvalidError, TwirpError

M = TypeVar("M", bound=Message)


def create(
    table: Table[M],
    kind: Kind[M],
    ids: Ids,
    info: M | None,
    rivals: Wanted[M] | None = None,
) -> M:
    """Store `info` under a new id. `rivals` says whom it is compared with, by default those of `kind`."""
    if info is None:
        raise InvalidError(f"missing {kind.noun}")
    if kind.id_of(info):
        raise InvalidError(f"{kind.noun} id must not be set")
    kind.check(info)
    if not table.surely_free(info):
        first, rest = _split(filter(rivals or kind.rivals(info), table))
        # The real server merges the new object into the stored ones as the second, and still without an id, which a
        # message shows as <new>: the order in which a message names two objects depends on the ids.
        kind.scan([*first, info, *rest])
    setattr(info, kind.id_field, ids.short(kind.id_prefix))
    table.put(info)
    return info


def update(table: Table[M], kind: Kind[M], request: Any) -> M:
    """Replace an object or change some of its fields; its id stays. `request` is the kind's update message."""
    key: str = getattr(request, kind.id_field)
    if not key:
        raise InvalidError(f"{kind.noun} id must be set")
    action = request.WhichOneof("action")
    if action is None:
        raise InvalidError("missing or unsupported update action")
    change = _replaced if action == "replace" else _changed
    new = change(table, kind, key, request)
    if not table.surely_free(new, replacing=key):
        kind.scan(_as_if_stored(table, kind, key, new))
    table.put(new)
    return new


def existing(table: Table[M], kind: Kind[M], key: str) -> M:
    """The stored object; raises `not_found`."""
    found = table.get(key)
    if found is None:
        raise TwirpError("not_found", kind.absent)
    return found


def rule_to_create(request: CreateSIPDispatchRuleRequest) -> SIPDispatchRuleInfo:
    """The rule of a create request, which older clients spread over the request itself."""
    if request.HasField("dispatch_rule"):
        return request.dispatch_rule
    rule = SIPDispatchRuleInfo(
        trunk_ids=request.trunk_ids,
        inbound_numbers=request.inbound_numbers,
        hide_phone_number=request.hide_phone_number,
        name=request.name,
        metadata=request.metadata,
        attributes=request.attributes,
        room_preset=request.room_preset,
    )
    for field in ("rule", "room_config"):
        if request.HasField(field):
            getattr(rule, field).CopyFrom(getattr(request, field))
    return rule


def _split(rivals: Iterable[M]) -> tuple[list[M], list[M]]:
    stored = list(rivals)
    return stored[:1], stored[1:]


def _replaced(table: Table[M], kind: Kind[M], key: str, request: Any) -> M:
    new: M = request.replace
    if kind.id_of(new) not in ("", key):
        raise InvalidError(f"{kind.noun} id in the info must be empty or match the id in the update")
    kind.check(new)
    existing(table, kind, key)
    setattr(new, kind.id_field, key)
    return new


def _changed(table: Table[M], kind: Kind[M], key: str, request: Any) -> M:
    kind.check_update(request.update)
    new = kind.message()
    new.CopyFrom(existing(table, kind, key))
    kind.apply(new, request.update)
    try:
        kind.check(new)
    except InvalidError as invalid:
        raise invalid.on_result() from invalid
    return new


def _as_if_stored(table: Table[M], kind: Kind[M], key: str, new: M) -> Iterator[M]:
    """The rivals of `new`, with `new` in the place of its old version.

    A quirk of the real server is kept: an object whose old version is not among the rivals is compared with nothing,
    so that a trunk can move onto a taken number, and a rule onto a taken trunk, undetected.
    """
    for rival in filter(kind.rivals(new), table):
        yield new if kind.id_of(rival) == key else rival
