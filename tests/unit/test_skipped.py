"""What the engine skips is told as something else, and says nothing of its own where an update is refused."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN
from pulumi.runtime.settings import SETTINGS

from stacks.skipped import known_or


@pytest.fixture(autouse=True)
def update(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run as in an update; the SDK keeps outputs that failed, for the end of the program."""
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    yield
    SETTINGS.outputs.clear()


async def _later(of: Any) -> Any:
    return of


async def _never() -> Any:
    raise ValueError


@pytest.mark.parametrize(
    ("value", "known", "told"),
    [
        ("PN1", True, ("PN1", True, True)),
        (None, True, ("instead", True, True)),
        ("", True, ("instead", True, True)),
        (UNKNOWN, False, ("instead", True, True)),
    ],
)
def test_what_never_becomes_known_is_told_as_something_else_and_stays_a_secret(
    value: Any, known: bool, told: tuple[Any, bool, bool]
) -> None:
    async def replaced() -> tuple[Any, bool, bool]:
        output = known_or("instead", pulumi.Output(set(), _later(value), _later(known), _later(True)))
        return await output.future(with_unknowns=True), await output.is_known(), await output.is_secret()

    assert asyncio.run(replaced()) == told


@pytest.mark.parametrize("fails", [True, False], ids=["it fails", "stopped before it began"])
def test_one_that_is_not_waited_for_to_its_end_says_nothing(fails: bool, recwarn: pytest.WarningsRecorder) -> None:
    async def replaced() -> None:
        one: pulumi.Output[Any] = pulumi.Output(set(), _never() if fails else _later(""), _later(True), _later(False))
        other = known_or("instead", one)
        if fails:
            with pytest.raises(ValueError, match=""):
                await other.future()

    asyncio.run(replaced())
    SETTINGS.outputs.clear()
    gc.collect()
    ours = ("Output.is_secret", "Output.resources", "known_or")
    assert [str(one.message) for one in recwarn if any(name in str(one.message) for name in ours)] == []
