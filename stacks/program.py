"""From numbers.yaml to the stack's resources and outputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.config import is_config_secret

from stacks import ending, exports, registration, verification, waiting, wiring
from trunkline.errors import InputError, Problem, SettingsError
from trunkline.inventory import Inventory, digest, load, warnings
from trunkline.inventory.inventory import secret_keys
from trunkline.plan import Plan, Site, compile_plan
from trunkline.secret import Secret
from trunkline.settings import ACCESS, IMPLICIT_LOGINS, Settings, approved_plan, inventory_file

_PRINTED = ("livekit", "trunkline", "pulumi", *ACCESS)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Input that has no problem."""

    inventory: Inventory
    settings: Settings
    plan: Plan
    digest: str


def main() -> None:
    """Declare the stack. Ends the program, after logging every problem, where the input cannot be accepted."""
    ending.end_at_interrupt()
    ending.end_without_a_search()
    config = pulumi.Config("trunkline")
    try:
        accepted = accept(config)
    except InputError as error:
        ending.refuse(error)
    for name, value in declare(accepted, config, wiring.last_lines).items():
        pulumi.export(name, value)


def accept(config: pulumi.Config) -> Accepted:
    """Read and check everything, and register nothing. Raises InputError with every problem of the stage that fails."""
    inventory, settings, plan = read(config.get)
    digested = digest(inventory)
    plan = _bound(plan, digested)
    verification.demand_plugin(inventory)
    return Accepted(inventory, settings, plan, digested)


def declare(
    accepted: Accepted,
    config: pulumi.Config,
    last_lines: Callable[[], wiring.Lines],
    after: Sequence[pulumi.Resource] = (),
) -> Mapping[str, Any]:
    """Register what the input says, and give the outputs of whatever stands for the fleet: a stack, or a component.

    `last_lines` gives the lines of its last outputs; it is called once, before the first resource. `after`: what the
    Fleet depends on, and so everything.
    """
    registration.bound_pickling()
    registration.without_frames()
    registration.without_debug_messages()
    registration.few_dependencies()
    waiting.wait_once()
    inventory, plan = accepted.inventory, accepted.plan
    for warning in (*warnings(inventory), *plan.warnings):
        pulumi.log.warn(str(warning))
    _tell_of_masked_names(config.get)
    secrets = wiring.Secrets(config, accepted.settings)
    resources = wiring.declare(plan, secrets, last_lines(), after)
    verification.declare(plan, resources, secrets)
    return exports.outputs_of(inventory, plan, resources, accepted.digest)


def _tell_of_masked_names(config: Callable[[str], str | None]) -> None:
    """Warn of a user name that Pulumi masks, as a config secret, wherever its letters occur in what it prints."""
    for login in IMPLICIT_LOGINS:
        name = (config(login.user) or "").lower()
        if name and is_config_secret(f"trunkline:{login.user}") and any(name in word for word in _PRINTED):
            pulumi.log.warn(
                f"trunkline:{login.user} is set as a secret, so Pulumi writes [secret] in the place of a name that"
                f" errors and previews need. Set it again without --secret: `pulumi config set trunkline:{login.user}"
                " <name>`. Nothing changes at a vendor by that."
            )


def read(config: Callable[[str], str | None]) -> tuple[Inventory, Settings, Plan]:
    """Load, check and compile; talks to nobody. Raises InputError with every problem of the stage that fails."""
    stack = pulumi.get_stack()
    path = Path(inventory_file(os.environ, config))
    root = Path(pulumi.get_root_directory())
    inventory = load(path, within=root).for_stack(stack)
    providers = {line.provider for line in inventory.lines.values()}
    providers |= {trunk.provider for trunk in inventory.trunks.values()}
    carriers = providers - {"custom"}
    # A carrier's trunk that no line is on has its route to LiveKit all the same.
    needs = carriers | ({"livekit"} if inventory.lines or (carriers and inventory.stacks) else set())
    settings = Settings.load(os.environ, config, needs)
    fleet = config("fleet") or f"{pulumi.get_project()}/{stack}"
    site = _site(fleet, settings, needs, inventory, config)
    return inventory, settings, compile_plan(inventory, site)


def _bound(plan: Plan, inventory_digest: str) -> Plan:
    """Bind the update to the plan that TRUNKLINE_APPROVED names. Raises SettingsError where none can be read."""
    if (path := approved_plan(os.environ)) is None:
        return plan
    from trunkline import approval  # late: only an update that is bound to a plan needs it

    saved = approval.load(Path(pulumi.get_root_directory(), path))
    approval.demand_stack(saved, path, stack=pulumi.get_stack(), project=pulumi.get_project())
    moved = approval.declared(saved, plan.resources, inventory_digest)
    return replace(plan, approved=approval.bound(path, saved, moved))


def _site(
    fleet: str,
    settings: Settings,
    needs: set[str],
    inventory: Inventory,
    config: Callable[[str], str | None],
) -> Site:
    if any(mark in fleet for mark in " \t\n") or not fleet.strip("/"):
        raise SettingsError(
            [
                Problem(
                    rule="malformed-setting", message=f"trunkline:fleet is {fleet!r}", fix="use a word without spaces"
                )
            ]
        )
    accounts: dict[str, str] = {}
    base_urls: dict[str, str] = {}
    if settings.livekit and "livekit" in needs:
        accounts["livekit"] = settings.livekit.host
    for name in needs & settings.carriers.keys():
        accounts[name], base_urls[name] = settings.carriers[name].account, settings.carriers[name].base_url
    names = {secret.name for _, secret in secret_keys(inventory)}
    names |= {name for login in IMPLICIT_LOGINS for name in (login.user, login.password)}
    secrets = {name: Secret(value) for name in sorted(names) if (value := config(name))}
    return Site(
        fleet=fleet,
        stack=pulumi.get_stack(),
        project=pulumi.get_project(),
        accounts=accounts,
        base_urls=base_urls,
        sip_host=settings.livekit.sip_host if settings.livekit else "",
        config_secrets=frozenset(secrets),
        secrets=secrets,
        allow_account_change=config("allowAccountChange") == "true",
        retag=config("retag") == "true",
    )
