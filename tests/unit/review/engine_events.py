"""Events of an engine's log, put together for tests of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from trunkline.review import Page, compose, read

Props = Mapping[str, Any]
FLEET = "urn:pulumi:prod::trunkline::pulumi-python:dynamic/trunkline:Fleet::fleet"


def urn(kind: str, name: str, *, line: bool = True) -> str:
    """Give the name of a line's resource, or of one that no line has for itself."""
    parent = "trunkline:PhoneLine$" if line else ""
    return f"urn:pulumi:prod::trunkline::{parent}pulumi-python:dynamic/trunkline:{kind}::{name}"


def step(kind: str, name: str, op: str, old: Props | None, new: Props | None, *, line: bool = True) -> str:
    """Give what the engine does with a resource; None where it is not there. What stands is what is recorded."""
    states: dict[str, Any] = {}
    if old is not None:
        states["old"] = {"inputs": old, "outputs": old, "id": old.get("vendorId", "")}
    if new is not None:
        states["new"] = {"inputs": new}
    return _event("resourcePreEvent", urn(kind, name, line=line), op, states)


def drifted(kind: str, name: str, recorded: Props, found: Props | None, *, line: bool = True) -> str:
    """Give what the refresh found of a resource; None for one that is gone."""
    states = {"old": {"outputs": recorded}, **({"new": {"outputs": found}} if found is not None else {})}
    differs: dict[str, Any] = {} if found is None else {key: {} for key in recorded if recorded[key] != found.get(key)}
    return _event("resOutputsEvent", urn(kind, name, line=line), "refresh", states, detailedDiff=differs)


def fleet(before: Props, after: Props) -> str:
    """Give the Fleet's record and what its check found."""
    states = {"old": {"inputs": before}, "new": {"inputs": after}}
    return _event("resourcePreEvent", FLEET, "same" if before == after else "update", states)


def page(events: Iterable[str]) -> Page:
    """Give the page of these events."""
    return compose(read(events))


def _event(name: str, of: str, op: str, states: Props, **more: Any) -> str:
    kind = of.split("::")[2].rpartition("$")[2]
    return json.dumps({name: {"metadata": {"op": op, "urn": of, "type": kind, **states, **more}}})
