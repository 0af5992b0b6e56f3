"""What is said where a vendor's credentials are not there, are of another account, or may be of the last update."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from trunkline.errors import NoCredentials
from trunkline.settings import ACCESS

_CREDENTIALS = "Set its environment variables or `pulumi config set` (README, Credentials)."
FORMER = (
    "A refresh has the configuration of the last update: where that was changed since, export PULUMI_RUN_PROGRAM=true"
    " (as .tools/env.sh does) and run the command again."
)


def may_be_former(*, runs_program: bool) -> str:
    """Give the hint for a refresh without the program, which has the configuration of the last update; else ""."""
    return "" if runs_program else f" {FORMER}"


def account_told(vendor: str, account: str, hide: Callable[[str], str]) -> str:
    """Name the account that the settings say, unless it has not the form of one: then it may be a secret."""
    form = ACCESS[vendor].account_form if vendor in ACCESS else ""
    if not form:
        return hide(account)
    if re.fullmatch(form, account):
        return account
    return "something that is no account of this carrier's; it may be a secret, and is not shown"


def credentials(vendor: str, missing: Mapping[str, Sequence[str]], *, runs_program: bool) -> NoCredentials:
    """Give the error for a vendor that is not configured. `missing`: vendor -> the variables that it lacks here."""
    names = ", ".join(missing.get(vendor, ()))
    lacks = f"no credentials here: {names} not set" if names else "no credentials here"
    hint = may_be_former(runs_program=runs_program)
    return NoCredentials(vendor, f"{vendor} has {lacks}. Nothing was changed. {_CREDENTIALS}{hint}")
