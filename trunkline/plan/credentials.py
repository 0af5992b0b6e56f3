"""The config secrets that become a SIP user and password at Twilio, held against its rules before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trunkline.errors import Problem
from trunkline.inventory import Inventory, Trunk
from trunkline.inventory.credentials import PASSWORD_RULE, USER_RULE, password_fault, user_fault
from trunkline.inventory.place import Path
from trunkline.model.spec import Site
from trunkline.plan.carriers import IMPLICIT_PASSWORD, IMPLICIT_USERNAME


def secret_faults(inventory: Inventory, trunks: Mapping[str, Trunk], site: Site) -> list[Problem]:
    """Give what Twilio would refuse. `trunks`: line -> its trunk. No text holds any part of a secret."""
    first = {trunk.name: line for line, trunk in sorted(trunks.items(), reverse=True)}
    every = {**inventory.trunks, **{trunk.name: trunk for trunk in trunks.values()}}
    return [
        inventory.problem(path, "termination-secret", f'the config secret "{name}" {fault}; Twilio takes {rule}', fix)
        for trunk_name, trunk in sorted(every.items())
        if trunk.provider == "twilio"
        for path, name, fault, rule in _faults(trunk, _path(inventory, trunk_name, first), site)
        for fix in (f"run `pulumi config set --secret trunkline:{name}` with another one",)
    ]


def _path(inventory: Inventory, trunk: str, first: Mapping[str, str]) -> Path:
    return ("trunks", trunk) if trunk in inventory.trunks else ("numbers", first[trunk])


def _faults(trunk: Trunk, path: Path, site: Site) -> Iterator[tuple[Path, str, str, str]]:
    if trunk.auth_password:
        yield from _password((*path, "auth_password"), trunk.auth_password.name, site)
    elif {IMPLICIT_USERNAME, IMPLICIT_PASSWORD} <= site.config_secrets:
        user = site.secrets.get(IMPLICIT_USERNAME)
        if user and (fault := user_fault(user.reveal())):
            yield path, IMPLICIT_USERNAME, fault, f"as a user {USER_RULE}"
        yield from _password(path, IMPLICIT_PASSWORD, site)


def _password(path: Path, name: str, site: Site) -> Iterator[tuple[Path, str, str, str]]:
    secret = site.secrets.get(name)
    if secret and (fault := password_fault(secret)):
        yield path, name, fault, f"as a password {PASSWORD_RULE}"
