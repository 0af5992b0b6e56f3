"""An adoption that was killed before anything was saved, and an edit that takes it back: nobody's object is swept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.test_adoption_kept import BOARD, GUARDED, TAG, live
from tests.dynamic.test_adoption_limits import A, file_of, line, seed
from tests.support.model_engine import Killed
from tests.support.world import Stack, World

TEXT, EMPTY = file_of(line("a", A)), "version: 1\nnumbers: {}\n"


@pytest.fixture
def stack() -> Stack:
    """A stack that adopted a trunk and was killed before it came to the rule; nothing is in its state."""
    stack = Stack(World())
    seed(stack, [A], BOARD, **GUARDED)

    def killed(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("/UpdateSIPDispatchRule"):
            raise Killed
        return sandbox.handle(request)

    with pytest.raises(Killed):
        stack.up(TEXT, handle=killed)
    return stack


def test_what_was_there_before_is_not_swept_when_the_edit_is_reverted_and_is_named_in_every_preview(
    stack: Stack,
) -> None:
    before = live(stack)

    for _ in range(3):
        stack.world.notices.clear()
        stack.up(EMPTY)

    assert (live(stack), before[0]["metadata"]) == (before, f"{TAG}#adopted")
    assert stack.world.notices == [
        f'InboundTrunk {before[0]["sip_trunk_id"]} carries the tag of line "a", which numbers.yaml does not have: an'
        " interrupted update adopted it. It was there before and is left as it is. Put the line back, or take the tag"
        " off at the vendor."
    ]


def test_the_line_that_is_put_back_takes_the_same_objects(stack: Stack) -> None:
    trunk, rule = live(stack)
    stack.up(EMPTY)

    stack.up(TEXT)

    assert live(stack) == (trunk, {**rule, "name": f"{TAG}#adopted"})


def test_what_a_later_edit_changes_stays_known_as_adopted(stack: Stack) -> None:
    stack.up(TEXT)
    stack.up(file_of(line("a", A, ", krisp_enabled: false")))

    assert (live(stack)[0]["metadata"], live(stack)[0].get("krisp_enabled", False)) == (f"{TAG}#adopted", False)
