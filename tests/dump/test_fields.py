"""Every field of a trunk or rule is in the dumped file as it is, or stands above its line as what stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.dump.proof import Dumped, but_for_tags, hold, where_calls_go
from tests.dump.writable import account
from trunkline.dump import LiveObject, Reason
from trunkline.dump.optional import ABSENT
from trunkline.model import options
from trunkline.model.spec import FromSecret, ResourceSpec

SEEDS = 150
# Which object it is and whose; a name that two trunks do not share has no key, and is no matter of calls.
_STRUCTURE = {"tag", "name", "numbers", "trunkIds", "address"}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_field_is_said_as_it_is_or_stays_with_its_reason(seed: int) -> None:
    world = account(seed).world
    before, calls, held = but_for_tags(world), where_calls_go(hold(world)), hold(world)
    dumped = Dumped.of(world)
    live = {
        (kind, number): one
        for kind, objects in (("InboundTrunk", held.inbound), ("OutboundTrunk", held.outbound))
        for one in objects
        for number in one.props["numbers"]
    }
    trunk_of = {one.id: number for (kind, number), one in live.items() if kind == "InboundTrunk"}
    live |= {("DispatchRule", trunk_of[id]): one for one in held.rules for id in one.props["trunkIds"]}
    lines = {line.name: line for line in dumped.description.lines}

    for spec in dumped.plan.resources:
        if spec.kind in ("InboundTrunk", "OutboundTrunk", "DispatchRule"):
            one = live[spec.kind, str(lines[spec.line].keys["phone_number"])]
            notes = [note.detail for note in lines[spec.line].notes if note.reason == Reason.FIELDS]
            stay = set(re.findall(rf"(\w+) of {one.id}", " ".join(notes)))
            assert _said(spec, one, dumped.secrets) | stay >= _given(spec.kind, one)
            assert _said(spec, one, dumped.secrets) & stay == set()

    steps, again = dumped.up()
    assert {step.op for step in steps} <= {"create"}
    assert but_for_tags(world) == before
    assert where_calls_go(hold(world)) == calls
    assert again == []


def _given(kind: str, one: LiveObject) -> set[str]:
    """Name the fields that somebody gave an object."""
    usual = options.unset(kind)
    given = {name for name, value in one.props.items() if value not in ABSENT and name not in _STRUCTURE}
    if str(one.props.get("roomPrefix", "")).startswith("<"):
        # That of another form, which has a room or a prefix of its own.
        given -= {"roomPrefix"}
    # The secrets of what rooms record are told with it.
    return given | {name for name, value in one.optional.items() if value != usual[name] and name != "egressSecrets"}


def _said(spec: ResourceSpec, one: LiveObject, secrets: Mapping[str, str]) -> set[str]:
    """Name the fields that the file manages, of which each must be as it stands."""
    every = {**one.props, **one.optional}
    managed = set(spec.props) & every.keys() - set(spec.props["unmanaged"]) - _STRUCTURE
    if "metadata" in spec.props["unmanaged"] and any(agent["metadata"] for agent in one.props["agents"]):
        managed -= {"agents"}
    return {name for name in managed if _plain(spec.props[name], secrets) == every[name] and _given(spec.kind, one)}


def _plain(value: Any, secrets: Mapping[str, str]) -> Any:
    if isinstance(value, FromSecret):
        return secrets[value.name]
    if isinstance(value, tuple | list):
        return [_plain(each, secrets) for each in value]
    return {key: _plain(each, secrets) for key, each in value.items()} if isinstance(value, Mapping) else value
