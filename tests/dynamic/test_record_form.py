"""A record of a newer Trunkline: an older one refuses it before the first write, and a newer one reads every older."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from providers.dynamic import record_form
from tests.dynamic.inventories import BOUGHT, having, inventory
from tests.support.model_engine import FLEET, Failed, Step
from tests.support.world import Stack, World

FILE = inventory({"bought": BOUGHT})
EDITED = inventory({"bought": BOUGHT.replace("sales", "support")})
TOLD = (
    "a newer Trunkline has recorded this stack: its record has form 3, and this one knows 2 and what was before."
    " Nothing was changed. Install the version that the repository pins, or a newer one (`make setup`, or"
    " `pip install --upgrade trunkline`)."
)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack that a version with the next form has made, in the hands of this one."""
    stack = Stack(World())
    with monkeypatch.context() as later:
        later.setattr(record_form, "FORM", record_form.known() + 1)
        stack.up(FILE)
    stack.world.sandbox.journal.clear()
    return stack


VERBS: dict[str, Callable[[Stack], object]] = {
    "up": lambda stack: stack.up(EDITED),
    "up without a refresh": lambda stack: stack.up(EDITED, refresh=False),
    "preview": lambda stack: stack.preview(EDITED),
    "destroy": lambda stack: stack.destroy(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_an_older_version_refuses_it_before_the_first_write(newer: Stack, verb: str) -> None:
    kept = {key: replace(one) for key, one in newer.engine.state.resources.items()}

    with pytest.raises(Failed) as caught:
        VERBS[verb](newer)

    assert (caught.value.messages, newer.world.writes()) == ([TOLD], [])
    assert newer.engine.state.resources == kept


def test_the_newer_version_goes_on_with_its_own_and_takes_an_older_one_over_by_the_fleet_alone(
    newer: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Stack(World())
    older.up(FILE)
    older.world.sandbox.journal.clear()
    monkeypatch.setattr(record_form, "FORM", record_form.known() + 1)

    assert (newer.up(FILE), newer.world.writes()) == ([], [])
    assert (older.up(FILE), older.world.writes()) == ([Step("update", FLEET, (record_form.KEY,))], [])


def test_the_first_form_is_recorded_by_no_key() -> None:
    stack = Stack(World())
    stack.up(FILE)

    assert record_form.KEY not in stack.engine.state.resources[FLEET].inputs


def test_a_version_without_callers_refuses_a_stack_with_some_and_takes_it_when_they_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    callers = 'callers: {vip: {from: ["+13035550100"], agent: support}}'
    stack = Stack(World())
    stack.up(inventory({"bought": having(BOUGHT, callers)}))
    stack.world.sandbox.journal.clear()
    with monkeypatch.context() as earlier:
        earlier.setattr(record_form, "NEEDED", {"": 0})
        with pytest.raises(Failed, match="a newer Trunkline has recorded this stack"):
            stack.up(FILE)
    assert stack.world.writes() == []
    stack.up(FILE)
    assert record_form.KEY not in stack.engine.state.resources[FLEET].inputs
