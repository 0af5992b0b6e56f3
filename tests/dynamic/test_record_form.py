"""A record of a newer Trunkline: an older one refuses it before the first write, and a newer one reads every older."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from providers.dynamic import record_form
from tests.dynamic.inventories import BOUGHT, inventory
from tests.support.model_engine import FLEET, Failed, Step
from tests.support.world import Stack, World

FILE = inventory({"bought": BOUGHT})
EDITED = inventory({"bought": BOUGHT.replace("sales", "support")})
TOLD = (
    "a newer Trunkline has recorded this stack: its record has form 2, and this one knows 1 and what was before."
    " Nothing was changed. Install the version that the repository pins, or a newer one (`make setup`, or"
    " `pip install --upgrade trunkline`)."
)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack that a version with the next form has made, in the hands of this one."""
    stack = Stack(World())
    with monkeypatch.context() as later:
        later.setattr(record_form, "FORM", record_form.FORM + 1)
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
    monkeypatch.setattr(record_form, "FORM", record_form.FORM + 1)

    assert (newer.up(FILE), newer.world.writes()) == ([], [])
    assert (older.up(FILE), older.world.writes()) == ([Step("update", FLEET, (record_form.KEY,))], [])


def test_the_first_form_is_recorded_by_no_key() -> None:
    stack = Stack(World())
    stack.up(FILE)

    assert record_form.KEY not in stack.engine.state.resources[FLEET].inputs
