"""A number on order, on the real engine: `up` ends well, previews say it, and it is taken or given up."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.conftest import MakeProject
from tests.engine.project import Project, Run

pytestmark = pytest.mark.engine

LINE = """\
version: 1
agents:
  support: {agent_name: support-agent}
numbers:
  support-us:
    provider: twilio
    search: {country: US, area_code: 650}
    agent: support
    outbound: false
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    return make_project(LINE)


@pytest.fixture(scope="module")
def ordered(project: Project) -> tuple[str, Run]:
    """The number that was charged and shows nowhere, and the run that ordered it."""
    faults = project.sandbox.faults
    faults.add(Fault("late_order", vendor="twilio", method="POST", path="IncomingPhoneNumbers", lag_seconds=1e6))
    faults.add(Fault("drop", vendor="twilio", method="POST", path="IncomingPhoneNumbers", when="after"))
    run = project.up()
    faults.clear()
    (charge,) = project.sandbox.ledger.charges()
    return charge.number, run


@pytest.fixture(scope="module")
def previewed(project: Project, ordered: tuple[str, Run]) -> Run:
    project.up()
    return project.preview("--diff")


@pytest.fixture(scope="module")
def given_up(project: Project, previewed: Run, ordered: tuple[str, Run]) -> Run:
    return project.up(f'{LINE}    give_up: "{ordered[0]}"\n')


def test_an_update_that_does_not_see_its_purchase_ends_well_with_a_warning(ordered: tuple[str, Run]) -> None:
    number, run = ordered
    assert f"warning: {number} was ordered for line support-us, and the twilio account does not show it yet" in run.text


def test_every_preview_says_what_is_on_order_and_shows_no_change(
    project: Project, ordered: tuple[str, Run], previewed: Run
) -> None:
    number, _ = ordered
    assert f'{number} of line "support-us" may be on order at twilio, 1.15 USD a month' in previewed.text
    assert f'write `give_up: "{number}"` on the line' in previewed.text
    assert previewed.steps == []
    assert [charge.number for charge in project.sandbox.ledger.charges()] == [number]


def test_a_protected_number_that_never_came_gives_way_to_another(
    project: Project, ordered: tuple[str, Run], given_up: Run
) -> None:
    number, _ = ordered
    line = project.outputs()["lines"]["support-us"]
    assert (line["status"], line["phoneNumber"] != number) == ("active", True)
    assert [charge.number for charge in project.sandbox.ledger.charges()] == [number, line["phoneNumber"]]
    assert project.preview().steps == []


def test_without_give_up_the_line_is_as_any_other(project: Project, given_up: Run) -> None:
    project.write_inventory(LINE)
    assert project.preview().steps == []
    project.up()
    assert "cannot be deleted" in project.destroy(code=1).errors
