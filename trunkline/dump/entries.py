"""What a file says of live objects, key by key: only what says the very thing that is there.

What the file cannot say of an object, or not of all that shares the key, is left out: an adopted object keeps what its
line does not name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.dump.carriage import Carriage
from trunkline.dump.description import Note
from trunkline.dump.groups import Group
from trunkline.dump.holdings import LiveObject
from trunkline.dump.reasons import Reason
from trunkline.dump.text import flow, is_accepted, pairs, read_back
from trunkline.inventory import Trunk
from trunkline.model.spec import Site
from trunkline.plan.dispatch import metadata_text

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
_OF_BOTH = {"headers": "headers", "media_encryption": "mediaEncryption"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An agent as a rule calls it. `text` is what tells two apart; `metadata` and `prefix` are None where unnamed."""

    agent: str
    metadata: str | None
    prefix: str | None

    @property
    def keys(self) -> Mapping[str, Any]:
        """The entry under `agents`."""
        return {
            "agent_name": self.agent,
            **({"metadata": json.loads(self.metadata)} if self.metadata else {}),
            **({"room_prefix": self.prefix} if self.prefix else {}),
        }


@dataclass(frozen=True, slots=True)
class Side:
    """The calls out of a group: whether its outbound trunk is the lines', and what their trunk says for it."""

    there: bool = False
    keys: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.there


def answer(rule: LiveObject, agent: str) -> Answer:
    """Give an agent of a rule: metadata and room as far as the file can say them as they are."""
    text = next(str(each["metadata"]) for each in rule.props["agents"] if each["agentName"] == agent)
    prefix = str(rule.props["roomPrefix"])
    # A rule of another form reads as what no prefix is.
    plain = is_accepted("agents", agent_name="a", room_prefix=prefix)
    return Answer(agent, text if text and _says_metadata(text) else None, prefix if plain else None)


def _says_metadata(text: str) -> bool:
    """Whether the file can say an agent's metadata so that it comes out as the same text."""
    try:
        value = json.loads(text)
    except ValueError:
        return False
    if not isinstance(value, dict) or not value:
        return False
    read = read_back("agents", pairs({"agent_name": "a", "metadata": value}))
    return read is not None and metadata_text(read.agents["a"]) == text


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
    trunks = [one for one in (group.inbound, group.outbound if out else None) if one is not None]
    wishes: dict[str, Any] = {}
    if len(group.numbers) == 1 and len({one.props["name"] for one in trunks}) == 1:
        wishes["label"] = trunks[0].props["name"]
    if group.inbound is not None:
        wishes |= {key: group.inbound.props[name] for key, name in _OF_INBOUND.items()}
    for key, name in _OF_BOTH.items():
        if all(one.props[name] == trunks[0].props[name] for one in trunks):
            wishes[key] = trunks[0].props[name]
    if group.rule is not None:
        wishes["attributes"] = group.rule.props["attributes"]
    if not custom:
        # It is the carrier's trunk that encrypts, or not.
        wishes.pop("media_encryption", None)
    if wishes.get("allowed_callers") in [[number] for number in group.numbers]:
        # A filter that the file refuses: nobody but the number itself.
        del wishes["allowed_callers"]
    given = {key: value for key, value in wishes.items() if value not in _ABSENT}
    return {key: value for key, value in given.items() if is_accepted("numbers", **_LINE, **{key: value})}


_ABSENT: tuple[Any, ...] = (None, "", 0, False, [], {}, "disable")
