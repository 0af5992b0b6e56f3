"""What our runner of a program says where the engine has ended before it: nothing, since the engine has said why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime.settings import grpc_error_to_exception

from toolchain.engine import program


class Lost(grpc.RpcError):
    """The error of a call to an engine, with the code that it ended with."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self._code = code

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "refused"


def by_the_sdk(error: Lost) -> Exception:
    return grpc_error_to_exception(error)


def as_it_is(error: Lost) -> Exception:
    return error


@pytest.mark.parametrize("told", [by_the_sdk, as_it_is])
def test_an_engine_that_has_ended_is_no_error_of_the_program(
    told: Callable[[Lost], Exception], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def ending(_: Any) -> None:
        raise told(Lost(grpc.StatusCode.UNAVAILABLE)) from None

    monkeypatch.setattr(program, "run_in_stack", ending)
    assert program.run(Path("unused"), 1) == program.ALREADY_REPORTED
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (pulumi.RunError("there is no inventory"), "error: there is no inventory\n"),
        (Lost(grpc.StatusCode.INTERNAL), "error: the engine refused a call of the program: refused\n"),
    ],
)
def test_what_ends_the_program_else_is_told(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def ending(_: Any) -> None:
        raise error

    monkeypatch.setattr(program, "run_in_stack", ending)
    assert program.run(Path("unused"), 1) == program.ALREADY_REPORTED
    assert capfd.readouterr() == ("", said)
