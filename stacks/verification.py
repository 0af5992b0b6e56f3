"""A line's `verify` command, run by pulumi-command after the line is wired and after each change of its objects.

pulumi-command is an extra (`pip install 'trunkline[verify]'`): its plugin would otherwise be demanded of every stack.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pulumi

from stacks.wiring import Declared, Secrets, judged
from trunkline import extras
from trunkline.errors import InputError
from trunkline.inventory import Inventory
from trunkline.model.spec import Key, secrets_of
from trunkline.plan import LineFacts, Plan, Ref, ResourceSpec


def demand_plugin(inventory: Inventory, environ: Mapping[str, str] = os.environ) -> None:
    """Raise InputError, with every place, where lines have a `verify` command that could not be run.

    It takes the Python package and the engine's plugin. The engine would miss the plugin at the first command, after
    everything else was written.
    """
    if find_spec("pulumi_command") is None:
        what, fix = "pulumi-command is not installed", f"run `{extras.command('verify')}`"
    elif not has_plugin(environ):
        what = "the engine's plugin `command` is not installed"
        fix = "run `pulumi plugin install resource command`, or put pulumi-resource-command on PATH"
    else:
        return
    problems = [
        inventory.problem(
            ("numbers", name, "verify"),
            "verify-needs-pulumi-command",
            f'line "{name}" has a verify command, but {what}',
            f"{fix}, or take `verify` out",
        )
        for name, line in inventory.lines.items()
        if line.verify
    ]
    if problems:
        raise InputError(problems)


def has_plugin(environ: Mapping[str, str]) -> bool:
    """Whether the engine finds the plugin, on PATH or among those that it has.

    Where it may fetch plugins the official language host has had it fetched before the program runs; our stand-in would
    fetch it, or fail to, after everything else was written.
    """
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    on_path = shutil.which("pulumi-resource-command", path=environ.get("PATH", os.defpath))
    return on_path is not None or any(home.glob("plugins/resource-command-v*/pulumi-resource-command"))


def declare(plan: Plan, declared: Declared, secrets: Secrets) -> None:
    """Register a command for each line that has one; it fails the update when it ends with another code than 0.

    It waits while the line's number is ordered or pending, and runs in the update that finds it active.
    """
    verified = {name: facts for name, facts in sorted(plan.lines.items()) if facts.line.verify}
    if not verified:
        return
    from pulumi_command import local

    for name, facts in verified.items():
        specs = verified_by(plan, facts)
        objects = [declared.resources[spec.key] for spec in specs]
        command = _command(declared, facts)
        local.Command(
            f"{name}-verify",
            create=command,
            update=command,
            environment={"TRUNKLINE_LINE": name, "TRUNKLINE_PHONE_NUMBER": _number(declared, facts)},
            triggers=[
                *(one.vendorId for one in objects),
                *map(watched, specs),
                *(secrets.output(name).apply(_digest) for name in named_secrets(specs)),
            ],
            # It may print anything, its environment with the credentials too: what it said is encrypted in the state.
            opts=pulumi.ResourceOptions(depends_on=objects, additional_secret_outputs=["stdout", "stderr"]),
        )


def verified_by(plan: Plan, facts: LineFacts) -> list[ResourceSpec]:
    """Give what a line's calls go through: its own objects, then the carrier's trunk and what belongs to that alone."""
    specs = {spec.key: spec for spec in plan.resources}
    own = _own(facts)
    of_lines = {key for each in plan.lines.values() for key in _own(each)}
    trunks = {key for each in own for key in _referred(specs[each])} - of_lines
    around = [
        spec
        for spec in plan.resources
        if spec.key not in of_lines and (spec.key in trunks or trunks.intersection(_referred(spec)))
    ]
    return [*(specs[key] for key in own), *around]


def watched(spec: ResourceSpec) -> str:
    """Give a digest of what the file says of an object, so that every edit of it is verified again.

    Ids alone never change. What is known after the update alone counts by its name, and a secret apart, by its value.
    """
    return _digest(json.dumps(spec.props, sort_keys=True, default=repr))


def named_secrets(specs: list[ResourceSpec]) -> list[str]:
    """Give the config secrets that these objects are made with."""
    values = (value for spec in specs for value in spec.props.values())
    return sorted({secret.name for value in values for secret in secrets_of(value)})


def _own(facts: LineFacts) -> list[Key]:
    rules = (facts.dispatch_rule, *(one.rule for one in facts.callers))
    keys = (facts.number, *rules, facts.inbound_trunk, facts.outbound_trunk)
    return [key for key in keys if key is not None]


def _referred(spec: ResourceSpec) -> Iterator[Key]:
    return (value.key for value in spec.props.values() if isinstance(value, Ref))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _command(declared: Declared, facts: LineFacts) -> pulumi.Input[str]:
    """Give the line's command; while its number is not active, one that says so and verifies nothing."""
    line = facts.line
    if facts.number is None:
        return line.verify

    def now(status: str) -> str:
        if status not in ("pending", "ordered", "purchase"):
            return line.verify
        pulumi.log.warn(f'line "{line.name}" is not verified yet: its number is {status}')
        return f"echo 'not verified yet: the number of line {line.name} is {status}'"

    command: pulumi.Output[str] = declared.resources[facts.number].status.apply(now)
    return command


def _number(declared: Declared, facts: LineFacts) -> pulumi.Output[str]:
    return declared.fleet.lines.apply(lambda lines: str((judged(lines, facts.line.name) or {}).get("phoneNumber")))
