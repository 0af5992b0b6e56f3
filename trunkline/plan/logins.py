"""The SIP logins of trunks, held against what their carrier takes before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import LoginRule
from trunkline.errors import Problem
from trunkline.inventory import Inventory, Trunk
from trunkline.inventory.inventory import Path
from trunkline.model.spec import Site


def lacking(inventory: Inventory, trunks: Mapping[str, Trunk], site: Site) -> list[Problem]:
    """Say for which lines a call out could not authenticate at a carrier that demands it: one problem for each login
    that is missing, at the first line. `trunks`: line -> its trunk.
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for line, trunk in trunks.items():
        named = trunk.name if trunk.name in inventory.trunks else ""
        if inventory.lines[line].outbound and _lacks(trunk, named, site):
            lines.setdefault((trunk.provider, named), []).append(line)
    return [
        inventory.problem(
            ("numbers", first),
            "no-termination-credentials",
            f"{_told(first, len(others))}, but {'their' if others else 'its'} {CARRIERS[provider].label} trunk has no"
            " user and password",
            f"{_fix(provider, named, first)}; or set outbound: false",
        )
        for (provider, named), (first, *others) in lines.items()
    ]


def _lacks(trunk: Trunk, named: str, site: Site) -> bool:
    carrier = CARRIERS[trunk.provider]
    if not carrier.demands_login or trunk.auth_username or trunk.ip_access_control_lists:
        return False
    return bool(named) or not carrier.implicit(site)


def _told(first: str, others: int) -> str:
    if not others:
        return f'line "{first}" makes calls out'
    return f'line "{first}" and {others} more make calls out'


def _fix(provider: str, named: str, line: str) -> str:
    implicit = None if named else CARRIERS[provider].implicit_login
    if implicit is None:
        return f'give trunk "{named or line}" auth_username and auth_password'
    return (
        f"run `pulumi config set trunkline:{implicit.user} <name>` and"
        f" `pulumi config set --secret trunkline:{implicit.password}`"
    )


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
