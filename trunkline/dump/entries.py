"""What a file says of live objects, key by key: only what says the very thing that is there.

What the file cannot say of an object, or not of all that shares the key, is left out: an adopted object keeps what its
line does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.dump import optional
from trunkline.dump.carriage import Carriage
from trunkline.dump.description import Note
from trunkline.dump.groups import Group
from trunkline.dump.holdings import HeldNumber, LiveObject
from trunkline.dump.optional import ABSENT
from trunkline.dump.reasons import Reason
from trunkline.dump.text import flow, is_accepted
from trunkline.inventory import Trunk
from trunkline.model import options
from trunkline.model.spec import Site

_LINE: Mapping[str, Any] = {
    "phone_number": "+16505551234", "provider": "custom", "sip_address": "sip.example.com", "agent": "a",
}  # fmt: skip
# Key of a line -> property of the inbound trunk that it is made from.
_OF_INBOUND = {
    "krisp_enabled": "krispEnabled",
    "allowed_callers": "allowedNumbers",
    "allowed_addresses": "allowedAddresses",
    "max_call_duration": "maxCallDuration",
    "ringing_timeout": "ringingTimeout",
}
# Key of a line -> property of both of its trunks.
_ENCRYPTION = "media_encryption"
_OF_BOTH = {"headers": "headers", _ENCRYPTION: "mediaEncryption"}
_IN, _OUT, _RULE = "InboundTrunk", "OutboundTrunk", "DispatchRule"


@dataclass(frozen=True, slots=True)
class Side:
    """The calls out of a group: whether its outbound trunk is the lines', and what their trunk says for it."""

    there: bool = False
    keys: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.there


def calls_out(group: Group, side: Carriage | None) -> tuple[Side, Group]:
    """Give what the file says of a group's outbound trunk; where it cannot be the lines', the group without it."""
    out = group.outbound
    if out is None:
        return Side(), group
    keys = _carriers_termination(out, side) if side else _termination(out)
    if keys is None:
        note = Note(reason=Reason.CALLS_OUT, detail=f"{out.id} {flow(out.called)}".rstrip())
        return Side(), replace(group, outbound=None, calling_out=(), notes=(*group.notes, note))
    return Side(True, {**keys, **(_inbound_auth(group) if "auth_username" in keys else {})}), group


def _termination(out: LiveObject) -> Mapping[str, Any] | None:
    """Give the keys of a custom trunk that calls out as this one does."""
    keys = {"sip_address": out.props["address"]}
    if out.props["transport"] != "auto":
        keys["transport"] = out.props["transport"]
    # Not without its encryption either: a carrier's own host may refuse it on that way.
    spoken = {**_LINE, **keys, "media_encryption": out.props["mediaEncryption"]}
    fits = is_accepted("trunks", provider="custom", **keys) and is_accepted("numbers", **spoken)
    return {**keys, **_login(out)} if fits else None


def _login(out: LiveObject) -> Mapping[str, Any]:
    """Give the user where trunk and file can have both it and the password; the secret is named later."""
    user = out.props["authUsername"]
    login = {"auth_username": user, "auth_password": {"secret": "a"}}
    there = user and out.props["authPassword"] and is_accepted("trunks", provider="custom", **login)
    return {"auth_username": user} if there else {}


def _inbound_auth(group: Group) -> Mapping[str, Any]:
    names = ("authUsername", "authPassword")
    same = (
        group.inbound
        and group.outbound
        and all(group.inbound.props[name] == group.outbound.props[name] for name in names)
    )
    return {"inbound_auth": True} if same else {}


def _carriers_termination(out: LiveObject, side: Carriage) -> Mapping[str, Any] | None:
    """Give what a carrier's trunk says beside its carriage, None where its calls out are others than these."""
    carrier = CARRIERS[side.provider]
    says = {name: side.keys[name] for name in ("transport", "media_encryption") if name in side.keys}
    live = {"transport": out.props["transport"], "media_encryption": out.props["mediaEncryption"]}
    if carrier.demands_login or any(live[name] != value for name, value in says.items()):
        return None
    site = Site(fleet="dump", stack="dump", accounts={side.provider: ""}, sip_host="")
    usual = carrier.termination(Trunk(name="a", provider=side.provider), site).address
    more = {} if out.props["address"] == usual else {"sip_address": out.props["address"]}
    return more if is_accepted("trunks", provider=side.provider, **says, **more) else None


def of_line(group: Group, out: Side, *, custom: bool) -> Mapping[str, Any]:
    """Give the options of a group's lines: those that its trunks and its rule have as the file would make them."""
    whole, line = whole_line(group, out, custom=custom), _line(group)
    if is_accepted("numbers", **whole):
        return {key: value for key, value in whole.items() if key not in line}
    keys: dict[str, Any] = {}
    for path, value in _wishes(group, out, custom=custom).items():
        wish = optional.with_key(keys, path, value)
        if is_accepted("numbers", **line, **wish):
            keys = wish
    return keys


def whole_line(group: Group, out: Side, *, custom: bool) -> Mapping[str, Any]:
    """Give a line that says all that may be said of a group's lines, for `text.foresee`."""
    keys: dict[str, Any] = {}
    for path, value in _wishes(group, out, custom=custom).items():
        keys = optional.with_key(keys, path, value)
    return {**_line(group), **keys}


def _line(group: Group) -> Mapping[str, Any]:
    return {**_LINE, "phone_number": group.numbers[0]}


def _wishes(group: Group, out: Side, *, custom: bool) -> Mapping[tuple[str, ...], Any]:
    """Give what a group's trunks and its rule have, by the path in a line that would say it."""
    there = _there(group, out)
    trunks = [there[kind] for kind in (_IN, _OUT) if kind in there]
    wishes: dict[tuple[str, ...], Any] = {}
    if len(group.numbers) == 1 and len({one.props["name"] for one in trunks}) == 1:
        wishes["label",] = trunks[0].props["name"]
    if group.inbound is not None:
        wishes |= {(key,): group.inbound.props[name] for key, name in _OF_INBOUND.items()}
    for key, name in _OF_BOTH.items():
        # It is the carrier's trunk that encrypts, or not.
        if all(one.props[name] == trunks[0].props[name] for one in trunks) and (custom or key != _ENCRYPTION):
            wishes[key,] = trunks[0].props[name]
    if group.rule is not None:
        wishes["attributes",] = group.rule.props["attributes"]
    if wishes.get(("allowed_callers",)) in [[number] for number in group.numbers]:
        # A filter that the file refuses: nobody but the number itself.
        del wishes["allowed_callers",]
    wishes = {path: value for path, value in wishes.items() if value not in ABSENT}
    return wishes | optional.keys(options.OF_LINE, there)


def of_number(held: HeldNumber) -> Mapping[str, Any]:
    """Give the keys of a line that are of its number at the carrier, beside its routing."""
    line = {"phone_number": held.number, "provider": held.provider, "inbound": False}
    keys: dict[str, Any] = {}
    for one in options.OF_NUMBER:
        value = held.optional.get(one.prop, one.unset)
        if value not in (*ABSENT, one.unset) and is_accepted("numbers", **line, **keys, **{one.path[0]: value}):
            keys[one.path[0]] = value
    return keys


def left(group: Group, out: Side, line: Mapping[str, Any], trunk: Mapping[str, Any], rule: frozenset[str]) -> list[str]:
    """Name the fields of a group's objects that nothing in the file says, which adoption leaves as they stand.

    `line`, `trunk`: what the file says of both; `rule`: the properties that the agents' entries say.
    """
    plain = {name for key, name in (*_OF_INBOUND.items(), *_OF_BOTH.items()) if key in line or key in trunk}
    login = {"authUsername", "authPassword"} if "auth_username" in trunk else set()
    own = optional.props_of(options.OF_LINE, line) | plain
    said = {
        _IN: own | (login if "inbound_auth" in trunk else set()),
        _OUT: own | login | {"transport"} if "transport" in trunk else own | login,
        _RULE: own | set(rule) | ({"attributes"} if "attributes" in line else set()),
    }
    return [
        f"{name} of {one.id}"
        for kind, one in _there(group, out).items()
        for name in optional.kept(kind, one, said[kind])
    ]


def _there(group: Group, out: Side) -> dict[str, LiveObject]:
    """Give a group's objects that are its lines'."""
    return {kind: one for kind, one in group.by_kind.items() if one is not None and (kind != _OUT or out)}
