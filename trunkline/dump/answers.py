"""Who answers by a rule, as entries under `agents`: what each is called with, and of the first one the room too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.dump import optional
from trunkline.dump.holdings import LiveObject
from trunkline.dump.text import flow, is_accepted, pairs, read_back
from trunkline.model import egress, options
from trunkline.plan.dispatch import metadata_text

_RULE = "DispatchRule"


@dataclass(frozen=True, slots=True)
class Answer:
    """An agent as a rule calls it; `text` is what tells two apart. `pin` is what its callers enter, "" for nothing.

    `agent` is "" where the rule calls nobody by name. `keys` is the entry, with the PIN in clear: who writes it names a
    secret in its place. `secrets` are those of what its rooms record, by their place in that. `rule` is the id of one
    that has them.
    """

    agent: str
    text: str = field(repr=False)
    pin: str = field(default="", repr=False)
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    keys: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    rule: str = field(default="", compare=False)

    @classmethod
    def of(cls, agent: str, keys: Mapping[str, Any], rule: LiveObject) -> Answer:
        pin = str(rule.optional.get("pin", "")) if "pin" in keys else ""
        records = egress.SHOWN in keys.get("room_config", {})
        secrets = tuple(rule.optional[egress.SECRETS].items()) if records else ()
        return cls(agent, flow(keys), pin, secrets, keys, rule.id)


def of_rule(rule: LiveObject, first: str) -> tuple[tuple[Answer, ...], frozenset[str]]:
    """Give who answers by a rule, `first` ("" for nobody by name) before the others, and which properties that says.

    Where not all of several can be said, the first one is given alone, and the others stay.
    """
    names = [str(each["agentName"]) for each in rule.props["agents"]]
    several: list[str] = [first, *(name for name in names if name != first)] if first else [first]
    whole = len(set(names)) == len(names) and all(is_accepted("agents", agent_name=name) for name in several if name)
    called, said = _called(rule, several if whole else [first], whole)
    room = _room(rule, called[0])
    keys = (room, *called[1:])
    said |= optional.props_of(options.OF_AGENT, room)
    if egress.SHOWN in said:
        said |= {egress.SECRETS}
    if "room" in room:
        said |= {options.ROOM_NAME}
    elif "dispatch_rule" in room:
        said |= {options.CALLEE_PREFIX}
    if "room" in room or "dispatch_rule" in room or "room_prefix" in room:
        said |= {"roomPrefix"}
    agents = tuple(Answer.of(name, each, rule) for name, each in zip(several, keys, strict=False))
    return agents, frozenset(said | ({"agents"} if not names or (whole and "metadata" in said) else set()))


def _called(rule: LiveObject, names: list[str], whole: bool) -> tuple[list[dict[str, Any]], set[str]]:
    """Give what each is called with. What not all of a rule's agents can be said to have, none says."""
    if names == [""]:
        return [{"automatic_dispatch": True}], set()
    entries: list[dict[str, Any]] = [{"agent_name": name} for name in names]
    said: set[str] = set()
    texts = {str(each["agentName"]): str(each["metadata"]) for each in rule.props["agents"]}
    values = [_metadata(texts[name]) for name in names]
    once = all(sum(each["agentName"] == name for each in rule.props["agents"]) == 1 for name in names)
    if once and all(value is not None or not texts[name] for value, name in zip(values, names, strict=True)):
        entries = [
            {**entry, "metadata": value} if value is not None else entry
            for entry, value in zip(entries, values, strict=True)
        ]
        # Metadata is written of all or of none, by what the first one's entry says.
        if values[0] is not None or not any(texts.values()):
            said |= {"metadata"}
        elif len(entries) > 1:
            entries = [{key: value for key, value in entry.items() if key != "metadata"} for entry in entries]
    for key, prop in options.OF_CALLED.items():
        given: Mapping[str, Any] = rule.optional.get(prop, {})
        sayable = whole and all(is_accepted("agents", agent_name="a", **{key: value}) for value in given.values())
        if given and sayable and given.keys() <= set(names):
            said |= {prop}
            entries = [
                {**entry, key: given[name]} if name in given else entry
                for entry, name in zip(entries, names, strict=True)
            ]
    return entries, said


def _metadata(text: str) -> Any:
    """Give what the file says for an agent's metadata so that it comes out as the same text; None where it cannot."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = text
    for wish in (value, text):
        if text and isinstance(wish, dict | str) and wish:
            read = read_back("agents", pairs({"agent_name": "a", "metadata": wish}))
            if read is not None and metadata_text(read.agents["a"]) == text:
                return wish
    return None


def _room(rule: LiveObject, entry: dict[str, Any]) -> dict[str, Any]:
    """Add the room, and what else the file can say of the rule, key by key, to the first agent's entry."""
    room, callee = rule.optional.get(options.ROOM_NAME, ""), rule.optional.get(options.CALLEE_PREFIX, "")
    form = (
        {"room": room} if room else {"room_prefix": callee, "dispatch_rule": "callee"} if callee else
        {"room_prefix": str(rule.props["roomPrefix"])}
    )  # fmt: skip
    # A rule of another form without a room reads as what no prefix is.
    found = {**entry, **form} if is_accepted("agents", **entry, **form) else dict(entry)
    for path, value in optional.keys(options.OF_AGENT, {_RULE: rule}).items():
        wish = optional.with_key(found, path, value)
        if is_accepted("agents", **with_secrets(wish, dict.fromkeys(rule.optional[egress.SECRETS], _ANY_SECRET))):
            found = wish
    return found


_ANY_SECRET: Mapping[str, str] = {"secret": "a"}


def with_secrets(entry: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Give an entry with these in the places of the secrets of what its rooms record."""
    config = entry.get("room_config", {})
    if egress.SHOWN not in config:
        return dict(entry)
    return {**entry, "room_config": {**config, egress.SHOWN: egress.filled(config[egress.SHOWN], secrets)}}
