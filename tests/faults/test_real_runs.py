"""Real runs that are disturbed without a kill: replies that are lost, a run beside the run, a state that is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY, STACK
from tests.faults.inventory import NOTHING, SECRETS
from tests.faults.kill_scenes import SCENES
from tests.faults.kills import recover
from tests.faults.points import WRITES
from tests.faults.theatre import END_LIMIT, REACH_LIMIT, Theatre, wait_until
from toolchain.layout import Layout

pytestmark = pytest.mark.engine

CREATE = SCENES["create"]
CREATES = [write for write in WRITES if write.scene == "create"]
CLAIM, PURCHASE, PURCHASE_BY_SEARCH = "CreateSIPInboundTrunk$", r"/IncomingPhoneNumbers\.json$", "/number/buy$"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Theatre]:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    stage = Theatre.open(tmp_path, NOTHING, **SECRETS)
    try:
        yield stage
    finally:
        stage.close()


@pytest.mark.parametrize("path", [CLAIM, PURCHASE, PURCHASE_BY_SEARCH])
def test_a_run_that_goes_on_after_its_cancel_and_the_one_started_meanwhile_buy_each_number_once(
    stage: Theatre, path: str
) -> None:
    write = next(each for each in CREATES if each.path.endswith(path))
    held = stage.plant("hold", write.vendor, write.method, path, "before")
    first = stage.start(CREATE.file, checkpoints=True)
    assert wait_until(held.reached.is_set, REACH_LIMIT)
    stage.cancel()
    stage.up(CREATE.file, checkpoints=True)
    held.release()
    first.communicate(timeout=END_LIMIT)
    assert recover(stage, CREATE, checkpoints=True)[1] == ""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_in_which_every_write_loses_its_connection_is_healed_by_two_more(stage: Theatre, when: str) -> None:
    for write in CREATES:
        stage.plant("drop", write.vendor, write.method, write.path, when)
    disturbed = stage.up(CREATE.file, checkpoints=True)
    # "after": of all kinds only a routing cannot be told from one that was there before.
    assert (disturbed.returncode, "Traceback" in disturbed.stdout) == (1, False), disturbed.stdout
    assert recover(stage, CREATE, checkpoints=True)[1] == ""


def test_a_stack_whose_state_is_gone_takes_every_object_back_without_a_write(stage: Theatre) -> None:
    assert stage.up(CREATE.file, checkpoints=True).returncode == 0
    ids, outputs = stage.project.ids(), stage.project.outputs()
    mark = stage.sandbox.journal.mark()
    shutil.rmtree(stage.project.directory / "state/.pulumi")
    stage.project.pulumi("stack", "init", STACK)
    again = stage.up(CREATE.file, checkpoints=True)
    assert again.returncode == 0, again.stdout
    assert stage.project.writes(mark) == []
    assert stage.project.ids() == ids
    assert recover(stage, CREATE, checkpoints=True) == (1, "")
    assert outputs["summary"] == stage.project.outputs()["summary"]
