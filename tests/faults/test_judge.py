"""The judge of the simulation: whom it holds a call against that nobody answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, having, inventory
from tests.dynamic.orders import lags, status
from tests.faults.oracle import Oracle, Violation
from tests.faults.watch import Watch
from tests.support.world import Stack, World

NUMBER = "+16505551234"
WITH = inventory({"bought": having(BOUGHT, "removal: release"), "custom": CUSTOM})
WITHOUT = inventory({"custom": CUSTOM})


class Judged:
    """A stack whose number was ordered, has lost its line, and has come since."""

    def __init__(self) -> None:
        self.world = World()
        self.stack = Stack(self.world)
        self.oracle = Oracle(self.world.sandbox, "trunkline:acme/test/")
        self.oracle.lines = {"bought": {"provider": "twilio", "phone_number": NUMBER}}
        self.watch = Watch(self.world.sandbox, [self.oracle])
        self.watch.begin()
        lags(self.world, "bought")
        self.up(WITH)
        assert status(self.stack, "bought") == "ordered"
        self.oracle.belated.add(NUMBER)
        self.up(WITHOUT)
        self.world.sandbox.faults.clear()

    def begin(self, file: str) -> None:
        self.oracle.begin({"custom", *(["bought"] if file == WITH else [])}, self.watch.unanswered())

    def up(self, file: str) -> None:
        def handle(sandbox: Any, request: Any) -> Any:
            answer = sandbox.handle(request)
            self.watch.after_request(self.oracle)
            return answer

        self.begin(file)
        self.stack.up(file, handle=handle)


def test_a_number_that_came_without_its_line_is_not_held_against_the_run_that_puts_the_line_back() -> None:
    judged = Judged()
    assert judged.watch.unanswered() == {NUMBER}
    judged.up(WITH)
    assert (judged.watch.unanswered(), judged.oracle.returning) == (set(), set())


def test_once_it_is_answered_again_whoever_cuts_it_off_is_to_blame() -> None:
    judged = Judged()
    judged.up(WITH)
    (rule,) = (each for each in judged.world.sandbox.livekit.dispatch_rules() if each["name"].endswith("/bought"))
    judged.world.sandbox.livekit.delete(rule["sip_dispatch_rule_id"])
    judged.begin(WITH)
    with pytest.raises(Violation, match="where nobody answers them"):
        judged.watch.judge_routes()
