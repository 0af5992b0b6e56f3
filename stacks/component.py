"""The fleet as a component for programs in other languages: what `pulumi-resource-trunkline` serves to the engine.

The engine finds that command on PATH. All that `stacks.program` does is done here by the same functions.
"""

# No `from __future__ import annotations`: the SDK makes the schema of the types themselves, and not of their texts.

import asyncio
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown
from pulumi.provider import ConstructResult
from pulumi.provider import main as serve
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError
from pulumi.resource import DependencyResource
from pulumi.runtime.settings import SETTINGS, set_root_resource

from providers.dynamic.engine_watch import end_with_engine
from stacks import ending, program, wiring
from trunkline.errors import InputError, Problem, SettingsError
from trunkline.settings import inventory_file

PACKAGE = "trunkline"
TYPE = f"{PACKAGE}:index:Fleet"
NAME = "fleet"
_PROJECT = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
# What an option of the program would promise of the numbers, and a component does not hand on to them.
_NOT_TAKEN = {
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "replace_with": "replaceWith",
    "replacement_trigger": "replacementTrigger",
}


class FleetArgs(TypedDict):
    inventory: str | None
    """The stack's file, from the folder of Pulumi.yaml on, as TRUNKLINE_INVENTORY or `trunkline:inventory` name it too:
    numbers.yaml where none does."""


class Fleet(pulumi.ComponentResource):
    """The phone numbers of `numbers.yaml`, wired to the agents that answer them: one for each stack.

    Export all outputs under their names: the API and the audit read the stack's outputs.
    """

    schema_version: pulumi.Output[int]
    """The version of the outputs' shape."""
    inventory_digest: pulumi.Output[str]
    """Tells one inventory from another."""
    agents: pulumi.Output[dict[str, Any]]
    """Each agent with its lines, by its id."""
    lines: pulumi.Output[dict[str, Any]]
    """Each line, by its name."""
    neighbours: pulumi.Output[list[Any]]
    """What stands beside the fleet at LiveKit and changes where calls end."""
    summary: pulumi.Output[dict[str, Any]]
    """How many lines there are of each kind, and what they cost a month."""

    def __init__(self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare the fleet. Raises InputError before anything is registered where the input cannot be accepted.

        Its own name and its resources' are those that the Python program gives, whatever `name` and parent are: so a
        rename in the program, or a move to another language, finds everything where it is, and a second Fleet in a
        stack is refused by the engine as a duplicate.
        """
        opts = opts or pulumi.ResourceOptions()
        config = pulumi.Config(PACKAGE)
        root = SETTINGS.root_directory = str(project_folder(Path.cwd()))
        _demand(name, args.get("inventory"), opts, inventory_file(os.environ, config.get), Path(root))
        accepted = program.accept(config)
        # Without it the engine takes the stack, and its outputs, out of the state first where a destroy is refused.
        set_root_resource(
            DependencyResource(_urn("pulumi:pulumi:Stack", f"{pulumi.get_project()}-{pulumi.get_stack()}"))
        )
        # No inputs: the engine keeps the outputs of what does not change, also where the gate refuses the update.
        super().__init__(TYPE, NAME, {"lines": None}, pulumi.ResourceOptions(protect=opts.protect))
        # What it registered last time comes back with its registration.
        own = self.lines
        # The gate goes after it, so that a destroy that is refused leaves its outputs in the state.
        after = [DependencyResource(_urn(TYPE, NAME))]
        outputs = program.declare(accepted, config, lambda: _last(own, wiring.last_lines()), after)
        self.schema_version, self.inventory_digest = outputs["schemaVersion"], outputs["inventoryDigest"]
        self.agents, self.lines = outputs["agents"], outputs["lines"]
        # A list in any case: of an output without a value Node warns in every update.
        self.neighbours = outputs["neighbours"].apply(lambda found: found or [])
        self.summary = outputs["summary"]
        self.register_outputs({**outputs, "neighbours": self.neighbours})


def _urn(type_: str, name: str) -> str:
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{type_}::{name}"


def project_folder(start: Path) -> Path:
    """Give the folder of the project that `start` is in. Raises SettingsError where it is in none."""
    for folder in (start, *start.parents):
        if any((folder / name).is_file() for name in _PROJECT):
            return folder
    raise _refused(f"{start} is in no folder with a Pulumi.yaml", "run pulumi in the project's folder")


def _demand(name: str, inventory: Any, opts: pulumi.ResourceOptions, file: str, root: Path) -> None:
    """Raise SettingsError for an option or a file that this Fleet would not honour."""
    # The SDK gives hooks in any case, without one too.
    hooked = opts.hooks is not None and any(vars(opts.hooks).values())
    given = [word for option, word in _NOT_TAKEN.items() if getattr(opts, option, None)] + ["hooks"] * hooked
    for word in given:
        raise _refused(f'the Fleet "{name}" has the option {word}, which no number would heed', f"take {word} out")
    if inventory is None:
        inventory = file
    if isinstance(inventory, pulumi.Output):
        raise _refused(
            f'the inventory of the Fleet "{name}" is a secret, or not known yet', "name a file as plain text"
        )
    if not isinstance(inventory, str) or not inventory:
        said = "an empty text" if inventory == "" else f"{inventory!r}, which is no text"
        raise _refused(
            f'the inventory of the Fleet "{name}" is {said}', f"name a file, or take `inventory` out for {file}"
        )
    if os.path.realpath(Path(root, inventory)) != os.path.realpath(Path(root, file)):
        raise _refused(
            f'the Fleet "{name}" has the inventory {inventory}, and the settings, which all commands read, name {file}',
            f"run `pulumi config set trunkline:inventory {inventory}`, or set TRUNKLINE_INVENTORY",
        )
    # The file's place is told from where the program runs.
    os.chdir(root)


def _refused(message: str, fix: str) -> SettingsError:
    return SettingsError([Problem(rule="fleet-component", message=message, fix=fix)])


def _last(own: pulumi.Output[Any], stack_s: wiring.Lines) -> wiring.Lines:
    """Give the lines of the component's last outputs, or of the stack's, where the component is new to the state."""

    async def value() -> Mapping[str, Mapping[str, Any]]:
        known = await own.future(with_unknowns=True)
        if known is None or isinstance(known, Unknown):
            known = await stack_s.future()
        return known or {}

    return pulumi.Output.from_input(asyncio.ensure_future(value()))


class FleetPackage(ComponentProvider):
    """Serves the Fleet; what an operator must mend is told without the frames of the program that found it."""

    def __init__(self) -> None:
        super().__init__([Fleet], PACKAGE, version=version(PACKAGE))

    def construct(
        self, name: str, resource_type: str, inputs: Any, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if not isinstance(error.inner, InputError):
                raise
            raise InputPropertiesError("", [{"property_path": "inventory", "reason": _told(error.inner)}]) from error


def _told(error: InputError) -> str:
    for problem in error.problems:
        pulumi.log.error(str(problem))
    for warning in error.warnings:
        pulumi.log.warn(str(warning))
    return f"{len(error.problems)} problem(s) in the input; nothing was sent to any vendor and nothing was changed"


def main() -> None:
    """Serve the package to the engine, whose address is the last argument, until it ends."""
    ending.end_at_interrupt()
    end_with_engine()
    serve(FleetPackage(), sys.argv[1:])
