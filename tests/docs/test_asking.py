"""What docs/asking.md shows is what the commands print."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.docs.pages import ASKING, ROOT, Block, command, shows
from tests.state import state_file
from tests.state.fleet import OFFICE, SALES
from trunkline.cli.main import main

SUPPORTED = SALES.model_copy(update={"agent": "support", "agent_name": "support-agent"})
RELABELLED = SUPPORTED.model_copy(update={"label": "Sales"})
# The end of an update (seconds of the Unix time), the line that it left, its commit and its author.
UPDATES = (
    (1777629600, SALES, "4f9c0d2b7a61e8", "Ada"),
    (1778839200, SUPPORTED, "91be77c3d05a24", "Bo"),
    (1779444000, RELABELLED, "c08e1f5520ba97", "Ada"),
)


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with this repository's file and a stack of some updates."""
    monkeypatch.chdir(tmp_path)
    for name in ("TRUNKLINE_INVENTORY", "TRUNKLINE_STACK", "PULUMI_STACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    Path("numbers.yaml").write_text((ROOT / "numbers.yaml").read_text("utf-8"), encoding="utf-8")
    Path("Pulumi.yaml").write_text("name: fleet\n", encoding="utf-8")
    for number, (ended, line, commit, author) in enumerate(UPDATES, 1):
        said = {"git.head": commit, "git.author": author}
        record = {"kind": "update", "result": "succeeded", "startTime": ended, "endTime": ended, "environment": said}
        kept = f".pulumi/history/fleet/dev/dev-{number}"
        state_file.put(tmp_path, f"{kept}.history.json", json.dumps(record).encode())
        for key in (f"{kept}.checkpoint.json", state_file.STATE):
            state_file.put(tmp_path, key, state_file.checkpoint([line, OFFICE]))


@pytest.mark.parametrize("block", ASKING.blocks("console"), ids=command)
def test_the_page_shows_what_the_commands_print(
    block: Block, prepared: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *words = shlex.split(command(block))
    with SandboxServer(Sandbox()) as server:
        for name, value in environment(server.url).items():
            monkeypatch.setenv(name, value)
        main(words)

    printed = "".join(capsys.readouterr())
    assert (program, shows(printed, block)) == ("trunkline", True), printed
