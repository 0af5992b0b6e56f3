"""States of a form that this program does not know, and states that an update left in the middle of its work."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.state import fleet
from tests.state.state_file import checkpoint
from trunkline.audit.checks import findings
from trunkline.audit.fleet import AuditedFleet
from trunkline.state import held
from trunkline.state.checkpoint import parse
from trunkline.state.store import Broken

URN = "urn:pulumi:dev::fleet::trunkline:PhoneLine$pulumi-python:dynamic/trunkline:InboundTrunk::sales-us"
NEWER = (
    "the state has version {}, and this program knows those up to 4: a newer `pulumi` wrote it;"
    " install a newer Trunkline"
)


def stored(**members: Any) -> bytes:
    return json.dumps(json.loads(checkpoint(fleet.LINES)) | members).encode()


def exported(**members: Any) -> bytes:
    latest = json.loads(checkpoint(fleet.LINES))["checkpoint"]["latest"]
    return json.dumps({"version": 3, "deployment": latest} | members).encode()


@pytest.mark.parametrize("read", [parse, held.read])
@pytest.mark.parametrize("form", [stored, exported])
@pytest.mark.parametrize("version", [5, 99, 10**30])
def test_a_state_of_a_newer_version_is_not_read_as_if_it_were_known(
    version: int, form: Callable[..., bytes], read: Callable[[bytes], object]
) -> None:
    with pytest.raises(Broken) as told:
        read(form(version=version))
    assert str(told.value) == NEWER.format(version)


@pytest.mark.parametrize("read", [parse, held.read])
@pytest.mark.parametrize("version", ["3", 3.5, True, -1, [3], {}])
def test_a_state_whose_version_is_none_is_no_state(version: Any, read: Callable[[bytes], object]) -> None:
    with pytest.raises(Broken, match="the state's version is no whole number"):
        read(stored(version=version))


@pytest.mark.parametrize("version", [1, 2, 3, 4, None])
def test_states_of_known_versions_and_of_none_are_read(version: int | None) -> None:
    assert parse(stored(version=version)) == parse(checkpoint(fleet.LINES))
    assert held.read(stored(version=version)) == held.read(checkpoint(fleet.LINES))


def test_what_a_killed_update_had_begun_is_a_finding() -> None:
    document = json.loads(checkpoint(fleet.LINES))
    begun = [{"resource": {"urn": URN}, "type": "creating"}, {"resource": {}, "type": "updating"}, 7]
    document["checkpoint"]["latest"]["pending_operations"] = begun
    state = parse(json.dumps(document).encode())
    assert state.pending == ((URN, "creating"),)
    (found,) = (
        one
        for one in findings(AuditedFleet(outputs=state.outputs, pending=state.pending))
        if one.code == "update-unfinished"
    )
    assert found.to_json() == {
        "code": "update-unfinished",
        "severity": "warning",
        "subject": "sales-us",
        "message": "an update ended while it was creating InboundTrunk sales-us;"
        " the state does not say what came of it",
        "fix": "run `pulumi up`, which takes what is there; `pulumi refresh --clear-pending-creates` clears the note",
        "lines": [],
        "amounts": {},
    }


@pytest.mark.parametrize("pending", [None, [], {}, "x"])
def test_a_state_without_such_operations_has_no_such_finding(pending: Any) -> None:
    document = json.loads(checkpoint(fleet.LINES))
    document["checkpoint"]["latest"]["pending_operations"] = pending
    assert parse(json.dumps(document).encode()).pending == ()
