"""What of the objects that a state has is not so at the vendors: changed or removed past Trunkline.

What counts as a difference is what an update would put back. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from providers.dynamic import unmanaged
from providers.dynamic.objects import tags_of
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from providers.port import Carrier, Observed, OwnedNumber
from trunkline.comparison.changed import SECRET, ChangedObject
from trunkline.e164 import E164
from trunkline.errors import VendorError

# The kinds that an audit lists anyway: another listing for each list of credentials would cost more than it tells.
_AT_LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule", "CallerRule")
_TRUNK, _WAYS, _NUMBER = "SipTrunk", ("OriginationUrl", "FallbackUrl"), "PhoneNumber"
_PASSWORD = "authPassword"
Objects = Mapping[tuple[str, str], Mapping[str, Any]]
"""(kind, the vendor's id) -> the outputs that the state has of it, without what is encrypted."""


def find(run: Runtime, recorded: Objects) -> Iterator[ChangedObject]:
    """Give what differs, by kind and id; `lines` are those of a carrier's objects.

    A vendor that does not answer is told of elsewhere, and so is what LiveKit has no more.
    """
    there = _There(run, recorded)
    for (kind, id), props in sorted(recorded.items(), key=lambda one: one[0]):
        try:
            found = there.number(props) if kind == _NUMBER else there.object(kind, id, props)
        except VendorError:
            continue
        if found is not None:
            yield found


class _There:
    """What the vendors hold, found by id."""

    def __init__(self, run: Runtime, recorded: Objects) -> None:
        self._run = run
        self._by_id: dict[tuple[str, str], Mapping[str, Observed]] = {}
        self._lines: dict[str, list[str]] = defaultdict(list)
        for (kind, _), props in recorded.items():
            if kind == _NUMBER:
                self._lines[str(props.get("trunkSid", ""))].append(str(props["line"]))

    def object(self, kind: str, id: str, props: Mapping[str, Any]) -> ChangedObject | None:
        """Compare one object behind an adapter."""
        run = self._run
        if kind not in (*_AT_LIVEKIT, _TRUNK, *_WAYS) or kind not in run.vendors.adapters:
            return None
        if props.get("account", "") not in ("", run.account_of(kind)):
            return None
        vendor, trunk = run.vendors.vendor_of[kind], id if kind == _TRUNK else str(props.get("trunkSid", ""))
        lines = () if kind in _AT_LIVEKIT else tuple(sorted(self._lines[trunk]))
        if kind in _WAYS and trunk not in self._listed(_TRUNK):
            return None  # gone with its trunk
        # Both sorts of ways are one list at the carrier.
        observed = (self._listed(_WAYS[0], trunk) if kind in _WAYS else self._listed(kind)).get(id)
        if observed is None:
            gone = ChangedObject(kind=kind, id=id, vendor=vendor, was={}, now=None, lines=lines)
            return None if kind in _AT_LIVEKIT else gone
        differ = _differing(run, kind, observed, props)
        if not differ:
            return None
        was, now = ({name: sides[at] for name, sides in differ.items()} for at in (0, 1))
        return ChangedObject(kind=kind, id=id, vendor=vendor, was=was, now=now, lines=lines)

    def number(self, props: Mapping[str, Any]) -> ChangedObject | None:
        """Compare where a carrier sends the calls to one number."""
        provider, number = str(props["provider"]), str(props["phoneNumber"])
        carrier = self._run.vendors.carriers.get(provider)
        if carrier is None or props.get("account", "") not in ("", carrier.account):
            return None
        owned = self._run.owned(provider).get(number)
        if owned is None or not _apart(carrier, owned, props):
            return None
        # A list may lag: no difference is believed without an exact look-up.
        owned = carrier.find(E164.shaped(number)) or owned
        differ = _apart(carrier, owned, props)
        if not differ:
            return None
        was, now = ({name: sides[at] for name, sides in differ.items()} for at in (0, 1))
        return ChangedObject(kind=_NUMBER, id=number, vendor=provider, was=was, now=now, lines=(str(props["line"]),))

    def _listed(self, kind: str, scope: str = "") -> Mapping[str, Observed]:
        if (kind, scope) not in self._by_id:
            self._by_id[kind, scope] = {one.id: one for one in self._run.listing(kind, scope)}
        return self._by_id[kind, scope]


def _differing(run: Runtime, kind: str, observed: Observed, props: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    """Give property -> (recorded, there) of what an update would put back; passwords have a check of their own."""
    adapter, facts, live = run.vendors.adapters[kind], KINDS[kind], observed.every
    whole = {name: facts.optional[name] for name in facts.narrowing}
    wanted = {**whole, **unmanaged.settled(props, live, unmanaged.before(props))}
    left = {*props.get("unmanaged", ()), *adapter.hidden, _PASSWORD}
    names = (name for name in facts.managed(wanted) if name in wanted and name in live and name not in left)
    return {
        name: (SECRET, SECRET) if name in adapter.secret else (wanted[name], live[name])
        for name in names
        if live[name] != wanted[name] and not _is_ours(name, live[name], props)
    }


def _apart(carrier: Carrier, owned: OwnedNumber, props: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    live = {**owned.optional, **owned.props}
    names = (name for name in (*carrier.route_fields, *owned.optional) if name in props)
    return {
        name: (props[name], live[name])
        for name in names
        if live[name] != props[name] and not _is_ours(name, live[name], props)
    }


def _is_ours(name: str, live: Any, props: Mapping[str, Any]) -> bool:
    """Whether what stands in a tag field is a tag of ours, though another one than is recorded."""
    return name == "tag" and live in tags_of(props)
