"""The SIP logins of trunks, held against what their carrier takes before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import LoginRule
from trunkline.errors import Problem
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.inventory.place import Path
from trunkline.model.spec import Site


def lacking(inventory: Inventory, trunk: Trunk, lines: Iterable[Line], site: Site) -> list[Problem]:
    """Say for which lines a call out could not authenticate at a carrier that demands it."""
    carrier = CARRIERS[trunk.provider]
    if not carrier.demands_login or trunk.auth_username:
        return []
    implicit = carrier.implicit_login if trunk.name not in inventory.trunks else None
    if implicit and carrier.implicit(site):
        return []
    fix = (
        f"run `pulumi config set trunkline:{implicit.user} <name>` and"
        f" `pulumi config set --secret trunkline:{implicit.password}`"
        if implicit
        else f'give trunk "{trunk.name}" auth_username and auth_password'
    )
    return [
        inventory.problem(
            ("numbers", line.name),
            "no-termination-credentials",
            f'line "{line.name}" makes calls out, but its {carrier.label} trunk has no user and password',
            f"{fix}; or set outbound: false",
        )
        for line in lines
        if line.outbound
    ]


def refused(inventory: Inventory, trunks: Mapping[str, Trunk], site: Site) -> list[Problem]:
    """Give what a carrier would refuse of the config secrets, without any part of one. `trunks`: line -> its trunk."""
    first = {trunk.name: line for line, trunk in sorted(trunks.items(), reverse=True)}
    every = {**inventory.trunks, **{trunk.name: trunk for trunk in trunks.values()}}
    return [
        inventory.problem(
            path,
            "termination-secret",
            f'the config secret "{name}" {fault}; {CARRIERS[trunk.provider].label} takes {rule}',
            f"run `pulumi config set --secret trunkline:{name}` with another one",
        )
        for trunk_name, trunk in sorted(every.items())
        if (login_rule := CARRIERS[trunk.provider].login_rule)
        for path, name, fault, rule in _faults(trunk, login_rule, _path(inventory, trunk_name, first), site)
    ]


def _path(inventory: Inventory, trunk: str, first: Mapping[str, str]) -> Path:
    return ("trunks", trunk) if trunk in inventory.trunks else ("numbers", first[trunk])


def _faults(trunk: Trunk, rule: LoginRule, path: Path, site: Site) -> Iterator[tuple[Path, str, str, str]]:
    if trunk.auth_password:
        yield from _password((*path, "auth_password"), trunk.auth_password.name, rule, site)
    elif implicit := CARRIERS[trunk.provider].implicit(site):
        user = site.secrets.get(implicit.user)
        if user and (fault := rule.user_fault(user.reveal())):
            yield path, implicit.user, fault, f"as a user {rule.user}"
        yield from _password(path, implicit.password, rule, site)


def _password(path: Path, name: str, rule: LoginRule, site: Site) -> Iterator[tuple[Path, str, str, str]]:
    secret = site.secrets.get(name)
    if secret and (fault := rule.password_fault(secret)):
        yield path, name, fault, f"as a password {rule.password}"
