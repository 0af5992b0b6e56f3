"""What every line asks of the listings, or every trunk of the numbers, is found in an index, and kept for no line."""

from __future__ import annotations

import tracemalloc
from typing import Any

from providers.dynamic import choosing, crossing
from providers.dynamic.choice import Chooser
from providers.dynamic.homes import KIND, Home
from providers.dynamic.ownership import Ownership
from providers.dynamic.survey import Survey
from providers.port import Observed, OwnedNumber
from trunkline.e164 import E164

LINES = 20


class Walked(dict[str, Any]):
    """Counts how often it is walked."""

    times = 0

    def items(self) -> Any:
        self.times += 1
        return super().items()


def number(line: int) -> str:
    return f"+1650200{line:04}"


def bought(line: int, tag: str) -> OwnedNumber:
    return OwnedNumber(id=f"PN{line}", number=E164.parse(number(line)), country="US", type="local", tag=tag, props={})


def test_the_numbers_of_each_line_are_found_by_tag_the_present_tag_first_and_then_by_number() -> None:
    tags = [f"trunkline:acme/line-{line}" for line in range(LINES)]
    shared = Ownership(scope="acme/test", shared="acme", accepted=frozenset({"line-0"}))
    # Line 0 has two numbers under its present tag and one under the fleet's, which stands first in the list.
    owned = Walked(
        {number(line): bought(line, tag) for line, tag in enumerate(tags)}
        | {number(31): bought(31, "trunkline:acme/test/line-0"), number(30): bought(30, "trunkline:acme/test/line-0")}
    )
    survey = Survey(whose=shared, owned={"twilio": owned}, objects={})
    found = [[str(one.number) for one in survey.tagged_numbers("twilio", [f"line-{line}"])] for line in range(LINES)]
    assert found == [[number(30), number(31), number(0)], *([] for _ in range(LINES - 1))]
    assert survey.tagged_numbers("vonage", ["line-0"]) == []
    assert owned.times == 1


def test_the_homes_of_all_numbers_are_walked_once_and_not_once_a_trunk() -> None:
    trunks = [
        Observed(id=f"ST_{line}", tag=f"trunkline:acme/line-{line}", props={"numbers": [number(line)]})
        for line in range(LINES)
    ]
    homes = Walked({number(line): Home(owner=f"line-{line}", former=frozenset()) for line in range(LINES)})
    survey = Survey(whose=Ownership(scope="acme"), owned={}, objects={KIND: trunks})
    numbers = {f"line-{line}": number(line) for line in range(LINES)}
    assert (crossing.reasons(survey, numbers, homes), homes.times) == ([], 1)


def test_ten_times_the_lines_choose_their_numbers_in_about_ten_times_the_memory() -> None:
    def most(lines: int) -> int:
        survey = Survey(whose=Ownership(scope="acme"), owned={}, objects={})
        chooser = Chooser(survey=survey, olds={}, carrier=lambda _: None)  # type: ignore[arg-type,return-value]
        wishes = {f"line-{line}": {"provider": "custom", "number": number(line)} for line in range(lines)}
        tracemalloc.start()
        try:
            choices, reasons = choosing.choose(chooser, {"lines": wishes}, (), 1)
            assert (len(choices), reasons) == (lines, [])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(1)
    assert most(1000) < 15 * most(100)
