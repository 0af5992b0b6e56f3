"""The fields of LiveKit's messages that are written only where the file names them, read and written as `convert` does.

Fields as of livekit-protocol 1.1.29 (PyPI); which key of the file each has says `trunkline.model.options`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from livekit.protocol.agent_dispatch import JobRestartPolicy
from livekit.protocol.sip import SIPCodec, SIPHeaderOptions

from providers.livekit.convert import ENCRYPTION, Field, Fields, listing, mapping, scalar, seconds, take_form, word
from providers.livekit.egress import EGRESS

INCLUDED: Mapping[str, int] = {
    "none": SIPHeaderOptions.SIP_NO_HEADERS,
    "x": SIPHeaderOptions.SIP_X_HEADERS,
    "all": SIPHeaderOptions.SIP_ALL_HEADERS,
}
RESTARTS: Mapping[str, int] = {
    "on_failure": JobRestartPolicy.JRP_ON_FAILURE,
    "never": JobRestartPolicy.JRP_NEVER,
}
_FORMS = ("dispatch_rule_direct", "dispatch_rule_individual", "dispatch_rule_callee")


def _within(outer: str, field: Field) -> Field:
    """Give the field of a message within the message, which reading does not make."""
    return Field(
        lambda message: field.read(getattr(message, outer)),
        lambda message, value: field.write(getattr(message, outer), value),
    )


def _codecs() -> Field:
    """The order of codecs is that of preference, so it stays."""

    def write(media: Any, value: Sequence[Mapping[str, Any]]) -> None:
        media.ClearField("codecs")
        media.codecs.extend(SIPCodec(name=one["name"], rate=one["rate"]) for one in value)

    return Field(lambda media: [{"name": one.name, "rate": one.rate} for one in media.codecs], write)


_MEDIA: Fields = {
    "onlyListedCodecs": _within("media", scalar("only_listed_codecs")),
    "codecs": _within("media", _codecs()),
    "mediaTimeout": _within("media", seconds("media_timeout")),
}


def _read_encryption(rule: Any) -> str:
    """The encryption that the rule demands itself; "" where it leaves that to its trunk."""
    says = rule.media.HasField("encryption") or rule.media_encryption
    return str(ENCRYPTION.read(rule)) if says else ""


def _write_encryption(rule: Any, value: str) -> None:
    if value:
        ENCRYPTION.write(rule, value)
        return
    # Not "disable", which would stand against the trunk's.
    rule.ClearField("media_encryption")
    rule.media.ClearField("encryption")


def _of_form(form: str, wire: str) -> Field:
    """What only a rule of this form has, "" of any other; writing it makes the rule one, which keeps its PIN."""

    def read(rule: Any) -> str:
        return str(getattr(getattr(rule.rule, form), wire)) if rule.rule.WhichOneof("rule") == form else ""

    def write(rule: Any, value: str) -> None:
        if value:
            setattr(take_form(rule, form), wire, value)

    return Field(read, write)


def _in_form(wire: str) -> Field:
    """What several forms have, of the form that the rule has; nothing where that has no such field."""

    def of(rule: Any) -> Any:
        form = rule.rule.WhichOneof("rule")
        found = getattr(rule.rule, form) if form else None
        return found if hasattr(found, wire) else None

    def read(rule: Any) -> Any:
        form = of(rule)
        return getattr(form, wire) if form is not None else False

    def write(rule: Any, value: Any) -> None:
        form = of(rule)
        if form is not None:
            setattr(form, wire, value)

    return Field(read, write)


def _by_agent(read: Callable[[Any], Any], write: Callable[[Any, Any], None]) -> Field:
    """What agents of a rule are called with, by the agent's name; who is called with nothing is left out."""

    def read_all(rule: Any) -> dict[str, Any]:
        found = {agent.agent_name: read(agent) for agent in rule.room_config.agents}
        return {name: found[name] for name in sorted(found) if found[name]}

    def write_all(rule: Any, value: Mapping[str, Any]) -> None:
        for agent in rule.room_config.agents:
            write(agent, value.get(agent.agent_name))

    return Field(read_all, write_all)


def _write_attributes(agent: Any, value: Mapping[str, str] | None) -> None:
    agent.ClearField("attributes")
    agent.attributes.update(value or {})


_AGENTS: Fields = {
    "agentAttributes": _by_agent(lambda agent: dict(sorted(agent.attributes.items())), _write_attributes),
    "agentDeployments": _by_agent(
        lambda agent: agent.deployment, lambda agent, value: setattr(agent, "deployment", value or "")
    ),
    # The policy of an agent that is called without one is `on_failure`, which so is never listed.
    "agentRestartPolicies": _by_agent(
        lambda agent: "never" if agent.restart_policy == RESTARTS["never"] else "",
        lambda agent, value: setattr(agent, "restart_policy", RESTARTS[value or "on_failure"]),
    ),
}
_ROOM: Fields = {
    prop: _within("room_config", scalar(wire))
    for prop, wire in (
        ("roomConfigName", "name"),
        ("emptyTimeout", "empty_timeout"),
        ("departureTimeout", "departure_timeout"),
        ("maxParticipants", "max_participants"),
        ("roomMetadata", "metadata"),
        ("minPlayoutDelay", "min_playout_delay"),
        ("maxPlayoutDelay", "max_playout_delay"),
        ("syncStreams", "sync_streams"),
    )
}
_TRUNK: Fields = {
    "headersToAttributes": mapping("headers_to_attributes"),
    "attributesToHeaders": mapping("attributes_to_headers"),
    "includeHeaders": word(INCLUDED, "include_headers"),
    **_MEDIA,
}
INBOUND_OPTIONS: Fields = {
    **_TRUNK,
    "ringingTimeoutStatus": scalar("ringing_timeout_status"),
    "authRealm": scalar("auth_realm"),
}
OUTBOUND_OPTIONS: Fields = {
    **_TRUNK,
    "destinationCountry": scalar("destination_country"),
    "fromHost": scalar("from_host"),
}
# The forms come first: what is in a form is written into the one that the rule has then.
RULE_OPTIONS: Fields = {
    "roomName": _of_form(_FORMS[0], "room_name"),
    "calleePrefix": _of_form(_FORMS[2], "room_prefix"),
    "pin": _in_form("pin"),
    "noRandomness": _in_form("no_randomness"),
    "randomize": _in_form("randomize"),
    "hidePhoneNumber": scalar("hide_phone_number"),
    "participantMetadata": scalar("metadata"),
    "krispEnabled": scalar("krisp_enabled"),
    "mediaEncryption": Field(_read_encryption, _write_encryption),
    **_MEDIA,
    "roomPreset": scalar("room_preset"),
    **_ROOM,
    "roomTags": _within("room_config", mapping("tags")),
    **{prop: _within("room_config", field) for prop, field in EGRESS.items()},
    **_AGENTS,
    "onlyCallers": listing("inbound_numbers"),
    "onlyNumbers": listing("numbers"),
}
