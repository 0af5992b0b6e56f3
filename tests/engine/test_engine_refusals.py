"""What the gate refuses on the real engine, with and without a preview, and what a failing write leaves."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project
from tests.engine.stage import advance, edited

pytestmark = pytest.mark.engine

SALES = "+16505551234"
NARROW = edited(START, "max_purchases: 5", "max_purchases: 2")


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    return make_project(NARROW)


def test_a_guard_holds_before_the_first_write_also_without_a_preview(project: Project) -> None:
    refused = project.up(NARROW, code=1)
    assert (
        "3 lines would buy a number in one update, guard.max_purchases allows 2: sales-us, support-gb, support-us."
        " Raise guard.max_purchases in numbers.yaml, or apply fewer at a time"
    ) in refused.errors
    assert project.writes() == []


def test_problems_of_the_file_are_told_together_and_nothing_is_asked_of_a_vendor(project: Project) -> None:
    mark = project.sandbox.journal.mark()
    broken = edited(edited(START, "agent: sales\n", "agent: sails\n"), "provider: vonage", "provider: vonnage")
    refused = project.up(broken, code=1)
    assert 'numbers.yaml:23:5: numbers.sales-us.agent: no agent "sails" is declared' in refused.errors
    assert "numbers.yaml:29:5: numbers.support-gb.provider: " in refused.errors
    assert refused.errors.splitlines()[-1] == (
        "2 problem(s) in the input; nothing was sent to any vendor and nothing was changed"
    )
    assert "Traceback" not in refused.text
    assert project.sandbox.journal.entries(mark) == []


def test_a_failed_purchase_is_told_in_our_words_and_the_next_update_ends_what_it_began(project: Project) -> None:
    sandbox = project.sandbox
    sandbox.faults.add(Fault(action="status", path="IncomingPhoneNumbers.json", method="POST", status=400, times=None))
    failed = project.up(START, code=1)
    sandbox.faults.clear()
    assert "twilio: POST /IncomingPhoneNumbers.json: " in failed.errors
    assert "Traceback" not in failed.text
    assert sandbox.twilio.numbers() == ()
    begun = {name: id_ for name, id_ in project.ids().items() if "Trunk" in name or "Rule" in name}
    healed = advance(project)
    assert {name: healed.after[name] for name in begun} == begun
    assert sandbox.twilio.numbers()[0] == SALES
    # Lines buy side by side, so in any order, and each once.
    charged = [charge.number for charge in sandbox.ledger.charges() if charge.vendor == "twilio"]
    assert sorted(charged) == sorted(sandbox.twilio.numbers())
    assert (healed.again.steps, [entry for entry in healed.entries_again if entry.write]) == ([], [])
