"""Several outputs are one, as `Output.all` would have it, and no output is made for what is in them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN
from pulumi.runtime.settings import SETTINGS

from stacks.joining import together

Told = tuple[Any, bool, bool, set[Any]]


async def _told(output: pulumi.Output[Any]) -> Told:
    return (
        await output.future(with_unknowns=True),
        await output.is_known(),
        await output.is_secret(),
        await output.resources(),
    )


def _output(value: Any, *, known: bool = True, secret: bool = False) -> pulumi.Output[Any]:
    async def later(of: Any) -> Any:
        return of

    return pulumi.Output(set(), later(value), later(known), later(secret))


@pytest.mark.parametrize(
    "values",
    [
        lambda: {"lines": _output({"a": {"number": "1"}}), "plain": {"b": [1, None]}},
        lambda: {"lines": _output({"a": 1}), "secret": _output("x", secret=True)},
        lambda: {"lines": _output({"a": 1}), "unknown": _output(UNKNOWN, known=False)},
        lambda: {"lines": _output({"a": {"number": UNKNOWN}})},
    ],
    ids=["known", "secret", "unknown", "unknown within"],
)
def test_several_outputs_are_told_together_as_the_sdk_tells_them(values: Callable[[], dict[str, Any]]) -> None:
    async def both() -> tuple[Told, Told]:
        return await _told(together(values())), await _told(pulumi.Output.all(**values()))

    ours, theirs = asyncio.run(both())
    assert ours == theirs


@pytest.mark.parametrize("lines", [1, 500])
def test_no_output_is_made_for_what_is_in_them(monkeypatch: pytest.MonkeyPatch, lines: int) -> None:
    made: list[pulumi.Output[Any]] = []
    init = pulumi.Output.__init__

    def counting(output: pulumi.Output[Any], *arguments: Any, **named: Any) -> None:
        made.append(output)
        init(output, *arguments, **named)

    async def joined() -> int:
        values = {"judged": _output({f"line-{number}": {"number": "1"} for number in range(lines)})}
        made.clear()
        await together(values).future()
        return len(made)

    monkeypatch.setattr(pulumi.Output, "__init__", counting)
    assert asyncio.run(joined()) == 1


@pytest.mark.parametrize("fails", [True, False], ids=["a part of it fails", "stopped before it began"])
def test_one_that_is_not_waited_for_to_its_end_says_nothing(fails: bool, recwarn: pytest.WarningsRecorder) -> None:
    async def never() -> Any:
        raise ValueError

    async def joined() -> None:
        one = pulumi.Output(never(), never(), never(), never()) if fails else _output("1")
        both = together({"one": one})
        if fails:
            with pytest.raises(ValueError, match=""):
                await both.future()

    asyncio.run(joined())
    SETTINGS.outputs.clear()  # the SDK keeps those that failed
    gc.collect()
    assert [str(one.message) for one in recwarn if "together" in str(one.message)] == []
