"""Rules about trunks, and about the lines that share one."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS, foreign_trunk_keys
from trunkline.errors import Problem
from trunkline.inventory import connection
from trunkline.inventory.inventory import Inventory, trunk_of
from trunkline.model import options
from trunkline.model.entries import Line, Trunk

# Keys in which the lines of a shared trunk agree: LiveKit has one object for all of them.
_AGREED = (
    "agent",
    "krisp_enabled",
    "allowed_callers",
    "callers",
    "allowed_addresses",
    "media_encryption",
    "headers",
    "attributes",
    "max_call_duration",
    "ringing_timeout",
    "adopt",
    "stacks",
)


def trunk_problems(inventory: Inventory, trunk: Trunk) -> Iterator[Problem]:
    """Give every problem of one trunk whose own keys are sound."""
    for rule in (_none, _provider_keys, _connection, _user, _carrier, _encryption, _owner):
        for key, code, message, fix in rule(inventory, trunk):
            yield inventory.problem(("trunks", trunk.name, key), code, f'trunk "{trunk.name}": {message}', fix)


def sharing_problems(inventory: Inventory) -> Iterator[Problem]:
    """Give the keys in which lines of a shared trunk differ; each stands at the line that differs from the first."""
    members: dict[str, list[Line]] = {}
    for line in inventory.lines.values():
        trunk = trunk_of(inventory, line)
        if trunk is not None and trunk.shared:
            members.setdefault(trunk.name, []).append(line)
    for name, (first, *others) in members.items():
        owner = inventory.trunks[name].owner
        if owner and first.stacks != (owner,):
            yield inventory.problem(
                ("numbers", first.name, "stacks"),
                "shared-trunk",
                f'line "{first.name}": it shares trunk "{name}", which is made by stack {owner} alone',
                f"write `stacks: [{owner}]` in all lines of the trunk, or delete `shared`",
            )
        for other in others:
            for key in (*_AGREED, *sorted(options.KEYS_OF_LINE)):
                if _said(first, key) != _said(other, key):
                    yield inventory.problem(
                        ("numbers", other.name, key),
                        "shared-trunk",
                        f'line "{other.name}": its {key} differs from "{first.name}", which shares trunk "{name}"',
                        f"write the same `{key}` in all lines of the trunk, or delete `shared`",
                    )


def _said(line: Line, key: str) -> object:
    if key == "agent":
        return line.agent, line.further_agents
    return line.options.get(key) if key in options.KEYS_OF_LINE else getattr(line, key)


Finding = tuple[str, str, str, str]


def _provider_keys(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    for key, why in foreign_trunk_keys(trunk.provider).items():
        if inventory.has("trunks", trunk.name, key):
            yield key, "wrong-provider", f"{key} is not for a {trunk.provider} trunk: {why}", f"delete `{key}`"


def _none(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    if not CARRIERS[trunk.provider].has_trunks:
        message = f"{CARRIERS[trunk.provider].label} has no trunks for its numbers: their lines need none"
        yield "provider", "no-trunks", message, "delete the trunk, and `trunk` of the lines that name it"


def _connection(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    yield from connection.findings(trunk)


def _user(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    carrier = CARRIERS[trunk.provider]
    rule = carrier.login_rule
    if rule and trunk.auth_username and (fault := rule.user_fault(trunk.auth_username)):
        message = f"its auth_username {fault}; {carrier.label} takes {rule.user}"
        yield "auth_username", "auth-username", message, "choose a shorter one, here and where it is used"


def _carrier(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    yield from CARRIERS[trunk.provider].trunk_findings(trunk)


def _encryption(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    yield from connection.encryption_of_trunk(trunk)


def _owner(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    stacks = inventory.stacks
    is_made = trunk.provider != "custom" or trunk.shared
    if is_made and len(stacks) > 1 and not trunk.owner:
        message = f"it needs one owner, since the lines name several stacks: {', '.join(stacks)}"
        yield "owner", "owner-needed", message, f"add `owner: {stacks[0]}`, or another of them"
