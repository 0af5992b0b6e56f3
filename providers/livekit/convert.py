"""LiveKit's messages in our properties, and back.

Each kind is a table from a property's name to a `Field`, which reads it from a message and writes it into one, so that
both directions stand in one place. What no table names is never touched. Lists whose order means nothing to LiveKit are
sorted in both directions. Fields as of livekit/protocol 1.50.5 (2026-07-28), which livekit-server 1.13.5 is built with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from livekit.protocol.agent_dispatch import RoomAgentDispatch
from livekit.protocol.sip import SIPMediaEncryption, SIPTransport

from providers.port import Props
from trunkline.model import livekit_numbers

M = TypeVar("M", bound=Message)

TRANSPORTS: Mapping[str, int] = {
    "auto": SIPTransport.SIP_TRANSPORT_AUTO,
    "udp": SIPTransport.SIP_TRANSPORT_UDP,
    "tcp": SIPTransport.SIP_TRANSPORT_TCP,
    "tls": SIPTransport.SIP_TRANSPORT_TLS,
}
ENCRYPTIONS: Mapping[str, int] = {
    "disable": SIPMediaEncryption.SIP_MEDIA_ENCRYPT_DISABLE,
    "allow": SIPMediaEncryption.SIP_MEDIA_ENCRYPT_ALLOW,
    "require": SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE,
}


@dataclass(frozen=True, slots=True)
class Field:
    """How one property is read from a message, and written into one."""

    read: Callable[[Any], Any]
    write: Callable[[Any, Any], None]


Fields = Mapping[str, Field]


def to_props(fields: Fields, message: Message) -> Props:
    """Give every managed property of a message."""
    return {name: field.read(message) for name, field in fields.items()}


def overlay(fields: Fields, message: M, desired: Props) -> M:
    """Give a copy of the message with the properties as desired, and all else, unknown fields too, as it was."""
    copy = type(message)()
    copy.CopyFrom(message)
    for name, field in fields.items():
        if name in desired:
            field.write(copy, desired[name])
    return copy


def amend(fields: Fields, message: M, desired: Props) -> M:
    """Give a copy of the message in which only the properties that are not as desired are written.

    What says the same in other words (the deprecated encryption field, a rule of another form) is left as it is said.
    """
    return overlay(
        {name: field for name, field in fields.items() if name in desired and field.read(message) != desired[name]},
        message,
        desired,
    )


def _created(trunk: Any) -> str:
    """When a trunk was made, in whole seconds: LiveKit Cloud says it, the open server does not."""
    return trunk.created_at.ToDatetime().strftime("%Y-%m-%dT%H:%M:%SZ") if trunk.created_at.seconds else ""


def scalar(wire: str) -> Field:
    """A field that has the property's value as it is."""
    return Field(lambda message: getattr(message, wire), lambda message, value: setattr(message, wire, value))


def listing(wire: str) -> Field:
    def write(message: Any, value: Sequence[str]) -> None:
        getattr(message, wire)[:] = sorted(value)

    return Field(lambda message: sorted(getattr(message, wire)), write)


def mapping(wire: str) -> Field:
    """Texts by name."""

    def write(message: Any, value: Mapping[str, str]) -> None:
        message.ClearField(wire)
        getattr(message, wire).update(value)

    return Field(lambda message: dict(sorted(getattr(message, wire).items())), write)


def seconds(wire: str) -> Field:
    """A duration in whole seconds; 0 is LiveKit's own default, which it keeps as an absent field."""

    def write(message: Any, value: int) -> None:
        message.ClearField(wire)
        if value:
            getattr(message, wire).FromSeconds(value)

    return Field(lambda message: getattr(message, wire).ToSeconds(), write)


def word(words: Mapping[str, int], wire: str) -> Field:
    """An enum by our word for it; a value that this version does not know reads as its number, and so as drift."""
    return _word(words, lambda message: getattr(message, wire), lambda message, value: setattr(message, wire, value))


def _word(words: Mapping[str, int], read: Callable[[Any], int], write: Callable[[Any, int], None]) -> Field:
    names = {value: word for word, value in words.items()}
    return Field(
        lambda message: names.get(read(message), str(read(message))), lambda message, word: write(message, words[word])
    )


def _read_encryption(trunk: Any) -> int:
    """What holds in a call: `media.encryption` where it is set, else the deprecated field, whose 0 is its default."""
    legacy: int = trunk.media_encryption
    media: int = trunk.media.encryption
    return media if trunk.media.HasField("encryption") else legacy


def _write_encryption(trunk: Any, value: int) -> None:
    """Both fields, since servers before `media` read only the deprecated one, and the server stores each as sent."""
    trunk.media_encryption = value
    trunk.media.encryption = value


def _read_room_prefix(rule: Any) -> str:
    """The prefix of an individual rule. A rule of another form reads as what no prefix is, and so as drift."""
    form = rule.rule.WhichOneof("rule")
    prefix: str = rule.rule.dispatch_rule_individual.room_prefix
    return prefix if form == "dispatch_rule_individual" else f"<{form or 'no rule'}>"


def _write_room_prefix(rule: Any, value: str) -> None:
    take_form(rule, "dispatch_rule_individual").room_prefix = value


def take_form(rule: Any, form: str) -> Any:
    """Make a rule one of this form, and give that; who had to enter a PIN has to enter it still."""
    before = rule.rule.WhichOneof("rule")
    pin = getattr(rule.rule, before).pin if before else ""
    chosen = getattr(rule.rule, form)
    if before != form:
        # Choosing the form, which assigning an empty text does not.
        chosen.SetInParent()
        chosen.pin = pin
    return chosen


def _read_trunk_ids(rule: Any) -> list[str]:
    """What a rule answers. One that claims numbers gets their ids from LiveKit itself, and says them by its claim."""
    ids = sorted(rule.trunk_ids)
    return [each for each in ids if not each.startswith(livekit_numbers.NUMBER_ID)] if _claims(ids) else ids


def _write_trunk_ids(rule: Any, value: Sequence[str]) -> None:
    """Ids that LiveKit put to a claim stay."""
    put = [each for each in rule.trunk_ids if each.startswith(livekit_numbers.NUMBER_ID) and each not in value]
    rule.trunk_ids[:] = sorted([*value, *(put if _claims(value) else ())])


def _claims(ids: Sequence[str]) -> bool:
    return bool(livekit_numbers.claimed(ids))


def _read_form(rule: Any) -> str:
    """Which of LiveKit's forms a rule has, in a word; "" for none, or one that this version does not know."""
    return str(rule.rule.WhichOneof("rule") or "").removeprefix("dispatch_rule_")


def _read_form_field(*wires: str) -> Callable[[Any], str]:
    """Read the first of the fields that the rule's form has; "" where it has none of them."""

    def read(rule: Any) -> str:
        name = rule.rule.WhichOneof("rule")
        form = getattr(rule.rule, name) if name else None
        return next((str(getattr(form, wire)) for wire in wires if hasattr(form, wire)), "")

    return read


def _read_agents(rule: Any) -> list[dict[str, str]]:
    agents = [{"agentName": agent.agent_name, "metadata": agent.metadata} for agent in rule.room_config.agents]
    return sorted(agents, key=_by_agent)


def _write_agents(rule: Any, value: Sequence[Mapping[str, str]]) -> None:
    """An agent that stays keeps what we do not manage of it (attributes, restart policy)."""
    kept: dict[str, list[RoomAgentDispatch]] = {}
    for agent in rule.room_config.agents:
        kept.setdefault(agent.agent_name, []).append(agent)
    agents = []
    for desired in sorted(value, key=_by_agent):
        same = kept.get(desired["agentName"])
        agent = RoomAgentDispatch()
        agent.CopyFrom(same.pop(0) if same else RoomAgentDispatch(agent_name=desired["agentName"]))
        agent.metadata = desired["metadata"]
        agents.append(agent)
    if agents or rule.HasField("room_config"):
        rule.room_config.ClearField("agents")
        rule.room_config.agents.extend(agents)


def _by_agent(agent: Mapping[str, str]) -> tuple[str, str]:
    return agent["agentName"], agent["metadata"]


ENCRYPTION = _word(ENCRYPTIONS, _read_encryption, _write_encryption)
_TRUNK: Fields = {
    "tag": scalar("metadata"),
    "name": scalar("name"),
    "numbers": listing("numbers"),
    "authUsername": scalar("auth_username"),
    "authPassword": scalar("auth_password"),
    "headers": mapping("headers"),
    "mediaEncryption": ENCRYPTION,
}
INBOUND: Fields = {
    **_TRUNK,
    "allowedAddresses": listing("allowed_addresses"),
    "allowedNumbers": listing("allowed_numbers"),
    "krispEnabled": scalar("krisp_enabled"),
    "maxCallDuration": seconds("max_call_duration"),
    "ringingTimeout": seconds("ringing_timeout"),
}
OUTBOUND: Fields = {
    **_TRUNK,
    "address": scalar("address"),
    "transport": word(TRANSPORTS, "transport"),
}
# A rule's tag stands in its name: its metadata reaches every caller's participant.
RULE: Fields = {
    "tag": scalar("name"),
    "trunkIds": Field(_read_trunk_ids, _write_trunk_ids),
    "roomPrefix": Field(_read_room_prefix, _write_room_prefix),
    "agents": Field(_read_agents, _write_agents),
    "attributes": mapping("attributes"),
}
TRUNK_ALSO: Mapping[str, Callable[[Any], Any]] = {"created": _created}
# What decides, beside the managed fields, which calls a rule answers and how. Read only: every update leaves it.
RULE_ALSO: Mapping[str, Callable[[Any], Any]] = {
    "form": _read_form,
    "room": _read_form_field("room_name", "room_prefix"),
    "pin": _read_form_field("pin"),
    "callers": lambda rule: sorted(rule.inbound_numbers),
    "numbers": lambda rule: sorted(rule.numbers),
    "numberIds": lambda rule: sorted(each for each in rule.trunk_ids if each.startswith(livekit_numbers.NUMBER_ID)),
}
