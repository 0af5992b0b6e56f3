"""A saved plan: what it holds after a real log, and what is refused of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trunkline import approval
from trunkline.approval import Object, Saved
from trunkline.errors import SettingsError
from trunkline.review import compose, read

FLEET = "urn:pulumi:prod::numbers::pulumi-python:dynamic/trunkline:Fleet::fleet"
TRUNK = "urn:pulumi:prod::numbers::trunkline:PhoneLine$pulumi-python:dynamic/trunkline:OutboundTrunk::office"
STACK = "urn:pulumi:prod::numbers::pulumi:pulumi:Stack::numbers-prod"
RECORD = {"lines": {"office": {"provider": "custom", "phoneNumber": "+442071234567", "removal": "protect"}}}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "canary"}
PLAN = Saved(
    stack="prod",
    project="numbers",
    digest="ab12",
    record=RECORD,
    fleet=RECORD,
    objects=(
        Object(
            kind="OutboundTrunk",
            name="office",
            line="office",
            op="update",
            id="ST_1",
            live={"address": "a", "authPassword": "[secret]", "vendorId": "ST_1"},
            declared={"address": "b", "authPassword": "[secret]"},
        ),
    ),
    page={},
)


def event(name: str, urn: str, op: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    kind = urn.split("::")[2].rpartition("$")[2]
    return json.dumps({name: {"metadata": {"op": op, "urn": urn, "type": kind, "old": old, "new": new}}})


def test_a_log_is_saved_with_what_stood_and_what_is_declared_and_without_a_secret() -> None:
    old = {"id": "ST_1", "inputs": {"address": "a"}, "outputs": {"address": "a", "authPassword": SECRET}}
    old["outputs"] = {**old["outputs"], "vendorId": "ST_1"}  # type: ignore[dict-item]
    log = read(
        [
            event("resourcePreEvent", FLEET, "same", {"inputs": RECORD}, {"inputs": RECORD}),
            event("resourcePreEvent", TRUNK, "update", old, {"inputs": {"address": "b", "authPassword": SECRET}}),
            event("resOutputsEvent", STACK, "same", {}, {"outputs": {"inventoryDigest": "ab12"}}),
        ]
    )
    page = compose(log)
    made = approval.of(log, page)

    assert (made.stack, made.project, made.digest) == ("prod", "numbers", "ab12")
    assert (made.record, made.fleet, made.objects) == (PLAN.record, PLAN.fleet, PLAN.objects)
    assert approval.read(made.write(), "plan.json") == approval.read(made.write(), "plan.json")
    assert "canary" not in made.write()


def test_what_is_written_is_read_again() -> None:
    assert approval.read(PLAN.write(), "plan.json") == PLAN
    assert approval.unbound(approval.bound("plan.json", PLAN, ())) == ("plan.json", PLAN, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1", "is no saved plan"),
        ("[]", "is no saved plan"),
        ('{"version": 1}', "is no saved plan"),
        ('{"trunklinePlan": 0}', "is a saved plan of version 0, and this Trunkline reads version 1"),
        ('{"trunklinePlan": 2}', "is a saved plan of version 2, and this Trunkline reads version 1"),
        ('{"trunklinePlan": 1, "stack": "prod"}', "is a saved plan of which parts are missing"),
    ],
)
def test_anything_but_a_plan_of_this_version_is_refused(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        approval.read(text, "plan.json")
    assert str(refused.value).startswith(f"plan.json: {said}; nothing was changed [approved-plan]; ")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"plan.json: cannot be read: No such file or directory; nothing was"):
        approval.load(tmp_path / "plan.json")


def test_a_plan_of_another_stack_or_project_is_refused() -> None:
    approval.demand_stack(PLAN, "plan.json", stack="prod", project="numbers")
    for stack, project in (("test", "numbers"), ("prod", "other")):
        with pytest.raises(SettingsError, match=f"is the plan of stack prod of project numbers, and this is {stack}"):
            approval.demand_stack(PLAN, "plan.json", stack=stack, project=project)
