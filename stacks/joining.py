"""Several outputs as one, at a cost that does not grow with what is in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from stacks.deferred import deferred


def together(values: Mapping[str, Any]) -> pulumi.Output[dict[str, Any]]:
    """Give what `Output.all` gives of plain values and of outputs whose values hold no further output.

    `Output.all` (SDK 3.272.0) looks for outputs within: it makes one for each key and each leaf. Over all lines, and
    once for each output of the stack, that was a third of what the program computed (100 lines: 7.1 s, now 4.5 s).
    """
    outputs = {name: value for name, value in values.items() if isinstance(value, pulumi.Output)}

    async def resources() -> set[pulumi.Resource]:
        found = await asyncio.gather(*(each.resources() for each in outputs.values()))
        return set().union(*found)

    async def value() -> dict[str, Any]:
        found = await asyncio.gather(*(each.future(with_unknowns=True) for each in outputs.values()))
        return {**values, **dict(zip(outputs, found, strict=True))}

    async def is_known() -> bool:
        return all(await asyncio.gather(*(each.is_known() for each in outputs.values())))

    async def is_secret() -> bool:
        return any(await asyncio.gather(*(each.is_secret() for each in outputs.values())))

    return deferred(resources=resources, value=value, is_known=is_known, is_secret=is_secret)
