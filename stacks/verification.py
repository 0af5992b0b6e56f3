"""A line's `verify` command, run by pulumi-command after the line is wired and after each change of its objects.

pulumi-command is an extra (`pip install 'trunkline[verify]'`): its plugin would otherwise be demanded of every stack.
"""

from __future__ import annotations

from importlib.util import find_spec

import pulumi

from stacks.wiring import Declared
from trunkline.errors import InputError
from trunkline.inventory import Inventory
from trunkline.plan import LineFacts, Plan


def demand_plugin(inventory: Inventory) -> None:
    """Raise InputError, with every place, where lines have a `verify` command and pulumi-command is not installed."""
    if find_spec("pulumi_command") is not None:
        return
    problems = [
        inventory.problem(
            ("numbers", name, "verify"),
            "verify-needs-pulumi-command",
            f'line "{name}" has a verify command, but pulumi-command is not installed',
            "run `pip install 'trunkline[verify]'`, or take `verify` out",
        )
        for name, line in inventory.lines.items()
        if line.verify
    ]
    if problems:
        raise InputError(problems)


def declare(plan: Plan, declared: Declared) -> None:
    """Register a command for each line that has one; it fails the update when it ends with another code than 0.

    It waits while the line's number is ordered or pending, and runs in the update that finds it active.
    """
    verified = {name: facts for name, facts in sorted(plan.lines.items()) if facts.line.verify}
    if not verified:
        return
    from pulumi_command import local

    for name, facts in verified.items():
        objects = [
            declared.resources[key]
            for key in (facts.number, facts.dispatch_rule, facts.inbound_trunk, facts.outbound_trunk)
            if key is not None
        ]
        command = _command(declared, facts)
        local.Command(
            f"{name}-verify",
            create=command,
            update=command,
            environment={"TRUNKLINE_LINE": name, "TRUNKLINE_PHONE_NUMBER": _number(declared, facts)},
            triggers=[one.vendorId for one in objects],
            opts=pulumi.ResourceOptions(depends_on=objects),
        )


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
    return declared.fleet.lines.apply(lambda lines: str(lines[facts.line.name]["phoneNumber"]))
