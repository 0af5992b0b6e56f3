"""A rule that a line adopts, by the state: for whom alone it answers stands beside the lines."""

from __future__ import annotations

from tests.state.fleet import OFFICE, outputs
from trunkline.explain import of_state
from trunkline.outputs import Neighbour


def test_the_state_says_for_whom_alone_an_adopted_rule_answers() -> None:
    line = OFFICE.model_copy(update={"inbound_trunk_id": "ST_1", "dispatch_rule_id": "SDR_1"})
    told = Neighbour(code="narrowed-rule", id="SDR_1", message="It is.", callers=("+1999",), numbers=("+1",))

    board = of_state(outputs([line]).model_copy(update={"neighbours": (told,)}))

    assert [(rule.id, rule.callers, rule.numbers) for rule in board.rules] == [("SDR_1", ("+1999",), ("+1",))]
