"""The fields of trunks and dispatch rules that are written only where the file names them.

What is named nowhere stays as it stands at the vendor: an upgrade writes none of them, and adoption wipes none.
Names of keys are the vendor's, in snake case; `docs/coverage.md` lists what each field of the protocol is to us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.model import egress

_IN, _OUT, _RULE, _CARRIER_S = "InboundTrunk", "OutboundTrunk", "DispatchRule", "SipTrunk"
_CALLERS = "CallerRule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One such field.

    `path` is the key in the file, with that of its mapping before it. `kinds`: the objects that have it. `prop` is the
    property. `unset` is its value in an object that nobody gave one: it is written when the key leaves the file.
    """

    path: tuple[str, ...]
    kinds: tuple[str, ...]
    prop: str
    unset: Any = field(default="")

    def named(self, options: Mapping[str, Any]) -> bool:
        """Whether an entry's options name it."""
        *outer, key = self.path
        return key in (options.get(outer[0], {}) if outer else options)

    def value(self, options: Mapping[str, Any]) -> Any:
        """Give what an entry's options, which name it, say."""
        *outer, key = self.path
        return (options[outer[0]] if outer else options)[key]


def _media(kinds: tuple[str, ...]) -> tuple[Option, ...]:
    return (
        Option(path=("media", "only_listed_codecs"), kinds=kinds, prop="onlyListedCodecs", unset=False),
        Option(path=("media", "codecs"), kinds=kinds, prop="codecs", unset=()),
        Option(path=("media", "media_timeout"), kinds=kinds, prop="mediaTimeout", unset=0),
    )


# Keys of a line, of `defaults` and of a trunk; a line's value counts before its trunk's.
OF_LINE: tuple[Option, ...] = (
    Option(path=("headers_to_attributes",), kinds=(_IN, _OUT), prop="headersToAttributes", unset={}),
    Option(path=("attributes_to_headers",), kinds=(_IN, _OUT), prop="attributesToHeaders", unset={}),
    Option(path=("include_headers",), kinds=(_IN, _OUT), prop="includeHeaders", unset="none"),
    *_media((_IN, _OUT)),
    Option(path=("ringing_timeout_status",), kinds=(_IN,), prop="ringingTimeoutStatus", unset=0),
    Option(path=("auth_realm",), kinds=(_IN,), prop="authRealm"),
    Option(path=("destination_country",), kinds=(_OUT,), prop="destinationCountry"),
    Option(path=("from_host",), kinds=(_OUT,), prop="fromHost"),
    Option(path=("hide_phone_number",), kinds=(_RULE,), prop="hidePhoneNumber", unset=False),
    Option(path=("metadata",), kinds=(_RULE,), prop="participantMetadata"),
)

# Keys of a trunk that are of its carrier's own trunk.
OF_TRUNK: tuple[Option, ...] = (
    Option(path=("disaster_recovery_url",), kinds=(_CARRIER_S,), prop="recoveryUrl"),
    Option(path=("disaster_recovery_method",), kinds=(_CARRIER_S,), prop="recoveryMethod", unset="POST"),
    Option(path=("cnam_lookup_enabled",), kinds=(_CARRIER_S,), prop="cnamLookupEnabled", unset=False),
    Option(path=("transfer_caller_id",), kinds=(_CARRIER_S,), prop="transferCallerId", unset="from-transferee"),
    Option(path=("recording", "mode"), kinds=(_CARRIER_S,), prop="recordingMode", unset="do-not-record"),
    Option(path=("recording", "trim"), kinds=(_CARRIER_S,), prop="recordingTrim", unset="do-not-trim"),
)

# Keys of a line that are of its carrier's number.
OF_NUMBER: tuple[Option, ...] = (
    Option(path=("emergency_address_sid",), kinds=("PhoneNumber",), prop="emergencyAddressSid"),
    Option(path=("status_callback",), kinds=("PhoneNumber",), prop="statusCallback"),
    Option(path=("status_callback_method",), kinds=("PhoneNumber",), prop="statusCallbackMethod", unset="POST"),
)

# Keys of an agent: all are of the rule that calls it.
OF_AGENT: tuple[Option, ...] = (
    Option(path=("pin",), kinds=(_RULE,), prop="pin"),
    Option(path=("no_randomness",), kinds=(_RULE,), prop="noRandomness", unset=False),
    Option(path=("randomize",), kinds=(_RULE,), prop="randomize", unset=False),
    Option(path=("krisp_enabled",), kinds=(_RULE,), prop="krispEnabled", unset=False),
    Option(path=("media_encryption",), kinds=(_RULE,), prop="mediaEncryption"),
    *_media((_RULE,)),
    Option(path=("room_preset",), kinds=(_RULE,), prop="roomPreset"),
    Option(path=("room_config", "name"), kinds=(_RULE,), prop="roomConfigName"),
    Option(path=("room_config", "empty_timeout"), kinds=(_RULE,), prop="emptyTimeout", unset=0),
    Option(path=("room_config", "departure_timeout"), kinds=(_RULE,), prop="departureTimeout", unset=0),
    Option(path=("room_config", "max_participants"), kinds=(_RULE,), prop="maxParticipants", unset=0),
    Option(path=("room_config", "metadata"), kinds=(_RULE,), prop="roomMetadata"),
    Option(path=("room_config", "min_playout_delay"), kinds=(_RULE,), prop="minPlayoutDelay", unset=0),
    Option(path=("room_config", "max_playout_delay"), kinds=(_RULE,), prop="maxPlayoutDelay", unset=0),
    Option(path=("room_config", "sync_streams"), kinds=(_RULE,), prop="syncStreams", unset=False),
    Option(path=("room_config", "tags"), kinds=(_RULE,), prop="roomTags", unset={}),
    # Its secrets are a property of their own, which the plan makes of it.
    Option(path=("room_config", "egress"), kinds=(_RULE,), prop=egress.SHOWN, unset={}),
)

# What each agent of a rule is called with: key of an agent -> property, a mapping by the agent's name.
OF_CALLED: Mapping[str, str] = {
    "attributes": "agentAttributes",
    "deployment": "agentDeployments",
    "restart_policy": "agentRestartPolicies",
}
# The room of a rule that is not one for each caller: the properties that choose its form.
ROOM_NAME, CALLEE_PREFIX = "roomName", "calleePrefix"
# For whom alone a rule answers. A line's own rule answers all that its trunk takes: no key names them for it, and
# `callers` the former for the rules beside it.
ONLY_CALLERS, ONLY_NUMBERS = "onlyCallers", "onlyNumbers"

KEYS_OF_LINE = frozenset(option.path[0] for option in OF_LINE)
KEYS_OF_TRUNK = KEYS_OF_LINE | {option.path[0] for option in OF_TRUNK}
KEYS_OF_AGENT = frozenset(option.path[0] for option in OF_AGENT)


def unset(kind: str) -> Mapping[str, Any]:
    """Give the optional properties of a kind, each with its value in an object that nobody gave one."""
    if kind == _CALLERS:
        # Whom it answers is what such a rule is.
        return {name: value for name, value in unset(_RULE).items() if name != ONLY_CALLERS}
    found = {one.prop: one.unset for one in (*OF_LINE, *OF_TRUNK, *OF_AGENT) if kind in one.kinds}
    if kind == _RULE:
        found |= {ROOM_NAME: "", CALLEE_PREFIX: "", **{prop: {} for prop in OF_CALLED.values()}}
        found |= {ONLY_CALLERS: (), ONLY_NUMBERS: (), egress.SECRETS: {}}
    return {name: list(value) if value == () else value for name, value in found.items()}


def of_line(kind: str, trunk: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties that a line's options, or those of its trunk, name for an object of a kind."""
    return _props(OF_LINE, kind, {**trunk, **line})


def of_number(line: Any) -> dict[str, Any]:
    """Give the properties that a line names for its carrier's number."""
    return {one.prop: value for one in OF_NUMBER if (value := getattr(line, one.path[0]))}


def number_unset() -> Mapping[str, Any]:
    """Give the optional properties of a number, each with its value in one that nobody gave one."""
    return {one.prop: one.unset for one in OF_NUMBER}


def of_trunk(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties that a trunk's options name for its carrier's own trunk."""
    return _props(OF_TRUNK, _CARRIER_S, options)


def of_agent(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties that an agent's options name for the rule that calls it."""
    return _props(OF_AGENT, _RULE, options)


def _props(table: tuple[Option, ...], kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {one.prop: _plain(one.value(options)) for one in table if kind in one.kinds and one.named(options)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value
