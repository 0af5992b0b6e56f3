"""A saved plan: what it holds after a real log, and what is refused of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

import trunkline
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


def refusal(text: str) -> str:
    """Read what must be refused; give the words before those that all refusals have."""
    with pytest.raises(SettingsError) as refused:
        approval.read(text, "plan.json")
    said, _, rest = str(refused.value).removeprefix("plan.json: ").partition("; nothing was changed [approved-plan]; ")
    assert rest.startswith(("save the plan again", "write one with")) and "\n" not in rest
    return said


@pytest.mark.parametrize(
    "text",
    ["", "version: 1", "[]", "7", '{"version": 1}', "[" * 100_000, PLAN.write()[:-3], PLAN.write()[:200]],
)
def test_what_is_no_saved_plan_or_a_part_of_one_is_refused(text: str) -> None:
    assert refusal(text) == "is no saved plan, or a part of one"


@pytest.mark.parametrize(
    ("version", "by"),
    [("0.0.9", "Trunkline 0.0.9"), ("99.1", "Trunkline 99.1"), (1, "an older Trunkline"), (None, "an older Trunkline")],
)
def test_a_plan_of_another_version_of_trunkline_is_refused(version: object, by: str) -> None:
    text = json.dumps({**json.loads(PLAN.write()), "trunklinePlan": version})
    assert refusal(text) == f"was saved by {by}, and this is {trunkline.__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Saved):
    """What another commit of the same version saves."""

    more: str = ""


def test_so_is_one_of_the_same_version_that_has_other_parts() -> None:
    other = Later(**{field.name: getattr(PLAN, field.name) for field in fields(PLAN)}).write()
    assert refusal(other) == "was saved by a Trunkline that saves other things than this one"


def edited(*path: str | int, to: Any = None, drop: bool = False) -> str:
    """Give the file with the value at a path replaced, or dropped."""
    plain = json.loads(PLAN.write())
    place = plain
    for part in path[:-1]:
        place = place[part]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return json.dumps(plain)


@pytest.mark.parametrize(
    "text",
    [
        edited("stack", to="test"),
        edited("stack", to=7),
        edited("digest", drop=True),
        edited("checksum", drop=True),
        edited("checksum", to=7),
        edited("approvedBy", to="me"),
        edited("objects", to={}),
        edited("objects", to=[]),
        edited("objects", 0, "live", "vendorId", drop=True),
        edited("objects", 0, "declared", "address", to="***"),
        edited("objects", 0, "note", to="fine"),
        edited("fleet", "lines", to=["office"]),
        edited("fleet", "lines", "office", "phoneNumber", to="+442071234568"),
    ],
)
def test_a_plan_that_was_edited_by_hand_is_refused(text: str) -> None:
    assert refusal(text) == "was changed after it was saved"


def test_the_layout_of_the_file_does_not_count() -> None:
    text = json.dumps(dict(reversed(json.loads(PLAN.write()).items())), indent=4)
    assert text != PLAN.write() and approval.read(text, "plan.json") == PLAN


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"plan.json: cannot be read: No such file or directory; nothing was"):
        approval.load(tmp_path / "plan.json")


def test_a_plan_of_another_stack_or_project_is_refused() -> None:
    approval.demand_stack(PLAN, "plan.json", stack="prod", project="numbers")
    for stack, project in (("test", "numbers"), ("prod", "other")):
        with pytest.raises(SettingsError, match=f"is the plan of stack prod of project numbers, and this is {stack}"):
            approval.demand_stack(PLAN, "plan.json", stack=stack, project=project)
