"""Shapes to values: defaults applied, provider and country settled."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from trunkline.carriers import CARRIERS
from trunkline.e164 import E164
from trunkline.inventory.shapes.egress import EgressShape
from trunkline.inventory.shapes.egress import value as egress
from trunkline.inventory.shapes.fields import SecretShape
from trunkline.inventory.shapes.livekit import AgentShape, CodecShape
from trunkline.inventory.shapes.schema import (
    AcceptedShape,
    DefaultsShape,
    GuardShape,
    LineShape,
    SearchShape,
    TrunkShape,
)
from trunkline.model import options
from trunkline.model.entries import Accepted, Agent, Callers, Guard, Line, Search, SecretRef, Trunk
from trunkline.model.fallback import NONE


def guard(given: GuardShape) -> Guard:
    """Give the limits of an update."""
    return Guard(**_values(given))


def accepted(given: AcceptedShape) -> Accepted:
    """Give what may stand beside our lines."""
    return Accepted(**_values(given))


def agent(agent_id: str, given: AgentShape) -> Agent:
    """Give an agent; its metadata becomes plain JSON."""
    values = _with_options(_values(given), options.KEYS_OF_AGENT)
    called = {key: values.pop(key) for key in options.OF_CALLED if key in values}
    return Agent(id=agent_id, **{**values, "metadata": _json(values.get("metadata", {}))}, called=called)


def trunk(name: str, given: TrunkShape, defaults: DefaultsShape) -> Trunk:
    """Give a trunk; the fallback of `defaults` is for those alone whose carrier can fail over."""
    values = _with_options(_values(given), options.KEYS_OF_TRUNK)
    said = given if "fallback" in given.model_fields_set else defaults
    fails_over = CARRIERS[given.provider].fails_over is not None
    return Trunk(name=name, **{**values, "fallback": fallback(said) if fails_over else ""})


def fallback(given: TrunkShape | DefaultsShape) -> str:
    """Give the fallback that an entry says, "" for none."""
    return "" if given.fallback == NONE else given.fallback


def line(name: str, given: LineShape, defaults: DefaultsShape, provider: str) -> Line:
    """Give a line of `provider` with the defaults applied."""
    values = {**_values(defaults), **_values(given), "provider": provider}
    values.pop("fallback", None)
    if not CARRIERS[provider].calls_out and "outbound" not in given.model_fields_set:
        values["outbound"] = False
    country = values.pop("country", "")
    number: E164 | None = values.get("phone_number")
    if "search" in values:
        values["search"] = _search(given.search, country)
        country = country if "country" in given.model_fields_set else values["search"].country
    elif "country" not in given.model_fields_set:
        country = number.country if number is not None else "" if "called_number" in values else country
    agents = values.get("agent", "")
    if isinstance(agents, tuple):
        values["agent"], values["further_agents"] = agents[0], agents[1:]
    if "callers" in values:
        values["callers"] = tuple(_callers(each, _values(given.callers[each])) for each in sorted(given.callers))
    return Line(name=name, country=country, **_with_options(values, options.KEYS_OF_LINE))


def provider(given: LineShape, defaults: DefaultsShape, trunks: Mapping[str, TrunkShape]) -> str | None:
    """Say who provides a line: its own word, its trunk's provider, custom where it has an address, or the default.

    None where nothing says it.
    """
    if "provider" in given.model_fields_set:
        return given.provider
    if given.trunk in trunks:
        return trunks[given.trunk].provider
    if given.sip_address:
        return "custom"
    return defaults.provider if "provider" in defaults.model_fields_set else None


def _callers(name: str, given: Mapping[str, Any]) -> Callers:
    agents = given["agent"] if isinstance(given["agent"], tuple) else (given["agent"],)
    return Callers(name=name, numbers=given["from"], agent=agents[0], further_agents=agents[1:])


def _search(given: SearchShape, country: str) -> Search:
    return Search(**{"country": country, **_values(given)})


def _values(given: BaseModel) -> dict[str, Any]:
    """Give the keys that are set, with values of the frozen types."""
    return {key: _frozen(getattr(given, key)) for key in sorted(given.model_fields_set)}


def _with_options(values: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """Put the fields of LiveKit's that are named, and written only then, together."""
    named = {key: values.pop(key) for key in sorted(keys & values.keys())}
    return {**values, "options": named}


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, SecretShape):
        return SecretRef(value.secret)
    if isinstance(value, EgressShape):
        return egress(value)
    if isinstance(value, CodecShape):
        return {"name": value.name, "rate": value.rate}
    if isinstance(value, BaseModel):
        return _values(value)
    if isinstance(value, dict):
        return {key: value[key] for key in sorted(value)}
    return value


def _json(value: Any) -> Any:
    """Sort keys at every depth, and turn exact decimals into JSON numbers."""
    if isinstance(value, dict):
        return {key: _json(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
