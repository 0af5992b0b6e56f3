"""Foreign rules beside a line whose number LiveKit itself sells."""

from __future__ import annotations

import json

import pytest

from tests.dynamic.neighbourhood import THEIRS, THEY_REACH, recorded, said
from tests.dynamic.test_livekit_numbers import NUMBER, TAG, bought, events, file
from tests.support.world import Stack, World
from trunkline.model.livekit_numbers import claim_of

BARE = ", and leaves that rule without a trunk, with which it may answer every trunk"


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def theirs(stack: Stack, *trunk_ids: str) -> None:
    livekit = stack.world.sandbox.livekit
    livekit.add_dispatch_rule(**{**THEIRS, "trunk_ids": list(trunk_ids)})


def told(number: str, more: str = "") -> str:
    return (
        f'DispatchRule SDR_theirs ("canary") answers calls to {number} (line "desk") by id, as ours does: {THEY_REACH},'
        f" or ours, since no document of LiveKit's says which. The update ties the number to ours alone{more}. Look at"
        " it there before, or accept it in numbers.yaml: `accepted: [{id: SDR_theirs, reason: …}]`."
    )


@pytest.mark.parametrize(("beside", "more"), [((), BARE), (("ST_other",), "")])
def test_a_rule_of_others_that_names_the_number_s_id_is_named_until_the_update_ends_it(
    stack: Stack, beside: tuple[str, ...], more: str
) -> None:
    stack.up(file())
    number = bought(stack)
    theirs(stack, number["id"], *beside)

    assert said(stack, file()) == [told(number["e164_format"], more)]
    stack.up(file())
    live = stack.world.sandbox.livekit.dispatch_rules()
    left = {one["name"].partition("#")[0]: one.get("trunk_ids", []) for one in live}
    assert left == {"canary": [*beside], TAG: [claim_of(number["e164_format"]), number["id"]]}
    assert (said(stack, file()), recorded(stack)) == ([], [])


def test_so_is_the_rule_that_answers_a_number_which_a_line_comes_to_adopt(stack: Stack) -> None:
    livekit, adopting = stack.world.sandbox.livekit, file(phone_number=NUMBER, adopt=True)
    number = livekit.numbers.add(NUMBER)
    theirs(stack, number["id"])

    assert said(stack, adopting)[-1] == told(NUMBER, BARE)
    stack.up(adopting)
    assert stack.preview(adopting) == []


def test_what_the_file_accepts_and_what_names_another_number_is_not(stack: Stack) -> None:
    stack.up(file())
    number = bought(stack)
    theirs(stack, stack.world.sandbox.livekit.numbers.add(NUMBER)["id"])
    assert said(stack, file()) == []

    stack.world.sandbox.livekit.edit_rule("SDR_theirs", trunk_ids=[number["id"]])
    accepted = json.dumps({**json.loads(file()), "accepted": [{"id": "SDR_theirs", "reason": "until Friday"}]})
    assert said(stack, accepted) == []
    assert events(stack) == ["Charge"]
