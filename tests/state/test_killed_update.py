"""A real update that is killed: what the backend holds then, and what the reader makes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.state import backends, fleet
from tests.state.pulumi_stack import PulumiStack
from tests.support.host import needs_the_host
from tests.support.waiting import until
from trunkline.state.opening import open_backend
from trunkline.state.publication import Publication, Status
from trunkline.state.reader import Reader


def look(reader: Reader) -> tuple[bool, Status]:
    """Look once; say whether a version came, and how the look went."""
    frames = list(reader.look())
    status = frames[-1]
    assert isinstance(status, Status)
    return any(isinstance(frame, Publication) for frame in frames), replace(status, held=0.0)


def kill_in_the_middle(stack: PulumiStack) -> None:
    """Run `pulumi up` and kill it, and all that it started, while its program runs."""
    wanted = json.loads((stack.folder / "fleet.json").read_text("utf-8")) | {"waits": True}
    (stack.folder / "fleet.json").write_text(json.dumps(wanted), "utf-8")
    running = subprocess.Popen(
        ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive"),
        cwd=stack.folder,
        env=dict(stack.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until((stack.folder / "waiting").exists)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@needs_the_host
@pytest.mark.parametrize("skip", ["1", "0"], ids=["skipping checkpoints", "with checkpoints"])
def test_a_killed_update_is_told_until_another_one_ends(skip: str, tmp_path: Path) -> None:
    with backends.folder(tmp_path) as url:
        stack = PulumiStack.create(tmp_path, url, PULUMI_SKIP_CHECKPOINTS=skip)
        stack.apply((fleet.SALES,))
        reader = Reader(open_backend(stack.address))
        assert look(reader) == (True, Status())

        kill_in_the_middle(stack)
        until(lambda: look(reader) == (False, Status(killed=True)))
        stack.pulumi("cancel", "--yes")
        assert look(reader) == (False, Status(killed=True))
        # A reader that began only now could not tell: nothing of the update is in the backend.
        assert look(Reader(open_backend(stack.address)))[1] == Status()

        stack.apply((fleet.SALES,))
        assert look(reader)[1] == Status()
