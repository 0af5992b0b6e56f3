"""The component of other languages' programs: what it registers is ours by name and place, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.environment import environment

FILE = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
trunks: {office: {provider: custom, sip_address: sip.example.com, allowed_addresses: [203.0.113.0/28]}}
numbers: {uk-office: {phone_number: "+442071234567", trunk: office, agent: desk}}
"""

# The engine is a stand-in that answers every registration; what was registered is printed at the end.
RUN = """
import asyncio, json, os, sys
import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.runtime import mocks, set_all_config

given = json.loads(sys.argv[1])
registered = []


class Engine(mocks.Mocks):
    def new_resource(self, args):
        registered[-1]["settled"] = args.inputs.get("settled")
        return args.name, {**args.inputs, **given["state"].get(args.typ, {})}

    def call(self, args):
        return {"outputs": given["stack"]}


class Monitor(mocks.MockMonitor):
    def RegisterResource(self, request):
        if request.type != "pulumi:pulumi:Stack":
            registered.append({"type": request.type, "name": request.name, "parent": request.parent,
                               "protect": request.protect, "after": sorted(request.dependencies)})
        return super().RegisterResource(request)

    def make_urn(self, parent, type_, name):
        # A task of SDK 3.216 may not know the stack that the mocks were set for.
        return super().make_urn(parent, type_, name).replace(":stack::project::", ":test::trunkline::")


mocks.set_mocks(Engine(), project="trunkline", stack="test", monitor=Monitor(Engine()))
set_all_config({})
from stacks.component import TYPE, FleetPackage


async def run():
    options = pulumi.ResourceOptions(**{name: eval(value) for name, value in given["options"].items()})
    try:
        inputs = {name: pulumi.Output.secret(value["secret"]) if isinstance(value, dict) else value
                  for name, value in given["inputs"].items()}
        result = FleetPackage().construct(given["name"], TYPE, inputs, options)
    except InputPropertiesError as error:
        return {"refused": [one["reason"] for one in error.errors]}
    while not any(one["type"].endswith(":DispatchRule") for one in registered):  # the last one
        await asyncio.sleep(0.01)
    return {"neighbours": await result.state["neighbours"].future()}


found = asyncio.new_event_loop().run_until_complete(run())
print(json.dumps({**found, "registered": registered}))
"""
STACK = "urn:pulumi:test::trunkline::pulumi:pulumi:Stack::trunkline-test"
FLEET = "urn:pulumi:test::trunkline::trunkline:index:Fleet::fleet"
OF_OTHERS = ("PULUMI_", "TWILIO_", "VONAGE_", "LIVEKIT_", "TRUNKLINE_")
GATE = "pulumi-python:dynamic/trunkline:Fleet"
LINE = "urn:pulumi:test::trunkline::pulumi:pulumi:Stack$trunkline:PhoneLine::uk-office"
MADE = {"phoneNumber": "+442071234567", "status": "active"}
REFUSED: dict[str, Any] = {
    "refused": ["1 problem(s) in the input; nothing was sent to any vendor and nothing was changed"],
    "registered": [],
}


def construct(
    folder: Path,
    *,
    inputs: Mapping[str, Any] | None = None,
    name: str = "acme",
    options: Mapping[str, str] | None = None,
    own: Mapping[str, Any] | None = None,
    stack: Mapping[str, Any] | None = None,
    within: str = ".",
) -> tuple[dict[str, Any], str]:
    """Give what came of a Fleet, and what was logged.

    `own` and `stack`: the lines of the last outputs of each. `within`: where the program runs.
    """
    given = {
        "name": name,
        "inputs": inputs or {},
        "options": options or {},
        "state": {"trunkline:index:Fleet": {"lines": own}, GATE: {"lines": {}}},
        "stack": {"lines": stack} if stack else {},
    }
    (folder / "Pulumi.yaml").write_text("name: trunkline\nruntime: yaml\n")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(OF_OTHERS)}
    done = subprocess.run(
        (sys.executable, "-c", RUN, json.dumps(given)),
        cwd=folder / within,
        env={**inherited, **environment("http://127.0.0.1:1")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "numbers.yaml").write_text(FILE)
    return tmp_path


def test_its_resources_have_the_names_and_the_parent_that_our_program_gives_them(folder: Path) -> None:
    found, _ = construct(
        folder, name="acme", options={"protect": "True", "parent": "pulumi.resource.DependencyResource('urn:x')"}
    )
    assert [(one["type"], one["name"], one["parent"], one["protect"]) for one in found["registered"]] == [
        ("trunkline:index:Fleet", "fleet", STACK, True),
        (GATE, "fleet", STACK, False),
        ("trunkline:PhoneLine", "uk-office", STACK, False),
        ("pulumi-python:dynamic/trunkline:OutboundTrunk", "uk-office", LINE, False),
        ("pulumi-python:dynamic/trunkline:InboundTrunk", "uk-office", LINE, False),
        ("pulumi-python:dynamic/trunkline:DispatchRule", "uk-office", LINE, True),
    ]


def test_the_gate_goes_after_the_component_so_that_a_refused_destroy_keeps_its_outputs(folder: Path) -> None:
    found, _ = construct(folder)
    assert {one["type"]: one["after"] for one in found["registered"]}[GATE] == [FLEET]


@pytest.mark.parametrize(
    ("own", "stack", "settled"),
    [
        (None, None, {}),
        (None, {"a": MADE}, {"a": "+442071234567"}),
        ({"b": MADE}, None, {"b": "+442071234567"}),
        ({"b": MADE}, {"a": MADE}, {"b": "+442071234567"}),
        ({}, {"a": MADE}, {}),
    ],
    ids=["new", "of our program", "exporting nothing", "both", "without a line"],
)
def test_the_gate_is_told_the_lines_of_its_own_last_outputs_and_the_stack_s_where_it_has_none(
    folder: Path, own: Any, stack: Any, settled: Mapping[str, str]
) -> None:
    found, _ = construct(folder, own=own, stack=stack)
    assert {one["type"]: one["settled"] for one in found["registered"] if "settled" in one}[GATE] == settled


def test_a_fleet_beside_which_nothing_stands_has_an_empty_list_of_that(folder: Path) -> None:
    assert construct(folder)[0]["neighbours"] == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("ignoreChanges", "ignore_changes=['lines']"),
        ("replaceOnChanges", "replace_on_changes=['*']"),
        ("retainOnDelete", "retain_on_delete=True"),
        ("deletedWith", "deleted_with=pulumi.resource.DependencyResource('urn:x')"),
        ("replaceWith", "replace_with=[pulumi.resource.DependencyResource('urn:x')]"),
        ("replacementTrigger", "replacement_trigger='again'"),
        ("hooks", "hooks=pulumi.ResourceHookBinding(before_delete=['ask'])"),
    ],
)
def test_an_option_that_no_number_would_heed_is_refused_before_anything_is_registered(
    folder: Path, option: str, value: str
) -> None:
    name, _, given = value.partition("=")
    found, logged = construct(folder, options={name: given})
    assert found == REFUSED
    assert logged == (
        f'the Fleet "acme" has the option {option}, which no number would heed [fleet-component]; take {option} out\n'
    )


def test_options_that_only_place_the_component_are_taken(folder: Path) -> None:
    none = {"hooks": "pulumi.ResourceHookBinding()", "ignore_changes": "[]", "depends_on": "[]", "aliases": "[]"}
    assert next(one["type"] for one in construct(folder, options=none)[0]["registered"]) == "trunkline:index:Fleet"


@pytest.mark.parametrize("file", ["numbers.yaml", "./numbers.yaml", "program/../numbers.yaml", None])
def test_the_file_is_told_from_the_project_s_folder_on_wherever_the_program_runs(
    folder: Path, file: str | None
) -> None:
    (folder / "program/deep").mkdir(parents=True)
    found, _ = construct(folder, inputs={"inventory": file} if file else {}, within="program/deep")
    assert [one["name"] for one in found["registered"]][-1] == "uk-office"


@pytest.mark.parametrize("file", ["others.yaml", "../numbers.yaml", "program/numbers.yaml"])
def test_a_file_that_the_settings_do_not_name_is_refused(folder: Path, file: str) -> None:
    found, logged = construct(folder, inputs={"inventory": file})
    assert found == REFUSED
    assert logged == (
        f'the Fleet "acme" has the inventory {file}, and the settings, which all commands read, name numbers.yaml'
        f" [fleet-component]; run `pulumi config set trunkline:inventory {file}`, or set TRUNKLINE_INVENTORY\n"
    )


def test_a_file_that_is_a_secret_is_refused(folder: Path) -> None:
    found, logged = construct(folder, inputs={"inventory": {"secret": "numbers.yaml"}})
    assert found == REFUSED
    assert logged == (
        'the inventory of the Fleet "acme" is a secret, or not known yet [fleet-component]; name a file as plain text\n'
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "an empty text"),
        (5.0, "5.0, which is no text"),
        (["a"], "['a'], which is no text"),
        (True, "True, which is no text"),
    ],
    ids=["empty", "a number", "a list", "a boolean"],
)
def test_what_is_no_name_of_a_file_is_refused_as_what_it_is(folder: Path, given: object, said: str) -> None:
    found, logged = construct(folder, inputs={"inventory": given})
    assert found == REFUSED
    assert logged == (
        f'the inventory of the Fleet "acme" is {said} [fleet-component]; name a file, or take `inventory` out for'
        " numbers.yaml\n"
    )


def test_every_problem_of_the_file_is_told_at_once_and_without_frames(folder: Path) -> None:
    (folder / "numbers.yaml").write_text(FILE.replace("agent: desk}", "agent: desks, labels: x}"))
    found, logged = construct(folder)
    assert found == {**REFUSED, "refused": [REFUSED["refused"][0].replace("1 problem", "2 problem")]}
    assert logged.splitlines() == [
        'numbers.yaml:4:69: numbers.uk-office.agent: no agent "desks" is declared [unknown-agent];'
        " declare it under agents:, or did you mean desk?",
        "numbers.yaml:4:83: numbers.uk-office.labels: there is no such key [unknown-key]; did you mean label?",
    ]
