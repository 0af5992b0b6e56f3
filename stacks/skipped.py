"""Outputs of what the engine skips: in an update they never become known, and would make unknown all that has them."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.output import Unknown

from stacks.deferred import deferred


def known_or(instead: Any, output: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """Give the output as it is; in an update, where it is None, an id that is "", or never known, give `instead`.

    A preview knows what is not made yet as little as what is left out, and keeps it unknown.
    """
    if pulumi.runtime.is_dry_run():
        return output

    async def value() -> Any:
        found = await output.future(with_unknowns=True)
        return instead if found is None or found == "" or isinstance(found, Unknown) else found

    async def always() -> bool:
        return True

    return deferred(resources=output.resources, value=value, is_known=always, is_secret=output.is_secret)
