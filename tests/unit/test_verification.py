"""When a line's `verify` command runs: not before its number is active."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from stacks.verification import _command

KEY = ("PhoneNumber", "sales")


def command(status: str, key: Any = KEY) -> Any:
    """Give the command of a line whose number has this status."""

    async def known() -> Any:
        number = SimpleNamespace(status=pulumi.Output.from_input(status))
        facts: Any = SimpleNamespace(line=SimpleNamespace(name="sales", verify="./call.sh"), number=key)
        declared: Any = SimpleNamespace(resources={KEY: number})
        found = _command(declared, facts)
        return await found.future() if isinstance(found, pulumi.Output) else found

    return asyncio.run(known())


@pytest.mark.parametrize("status", ["pending", "ordered"])
def test_a_line_whose_number_is_not_active_is_not_verified_and_says_so(
    status: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command(status) == f"echo 'not verified yet: the number of line sales is {status}'"
    assert f'line "sales" is not verified yet: its number is {status}' in capfd.readouterr().err


def test_it_is_verified_in_the_update_that_finds_it_active() -> None:
    assert command("owned") == "./call.sh"


def test_a_line_without_a_number_of_ours_is_verified_at_once() -> None:
    assert command("", key=None) == "./call.sh"
