"""`trunkline dump --import-file`: without the key of the stack nothing is written, and the way out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from trunkline.cli.dump import main
from trunkline.errors import Refusal


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "Pulumi.yaml").write_text("name: fleet\nruntime: python\n", encoding="utf-8")
    return ["--import-file", str(tmp_path / "state.json"), "--stack", "dev", "--cwd", str(tmp_path)]


def environ(folder: Path, code: int) -> dict[str, str]:
    """Give an environment whose `pulumi` repeats a secret and ends so."""
    command = folder / "pulumi"
    command.write_text(f"#!/bin/sh\necho canary-passphrase >&2\nexit {code}\n", encoding="utf-8")
    command.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "PULUMI_BACKEND_URL": f"file://{folder}"}


def test_without_the_stacks_key_it_is_refused_with_the_way_out_and_nothing_is_written(
    tmp_path: Path, words: list[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        main(words, environ(tmp_path, 255))

    assert str(refused.value) == (
        "`pulumi config --json` ended with exit code 255. Nothing was written. Set PULUMI_CONFIG_PASSPHRASE (or _FILE),"
        " or log in to the key's service, so that `pulumi config --show-secrets` works in this stack, and run it again."
    )
    assert not (tmp_path / "state.json").exists()


def test_a_file_that_is_there_stays_and_nothing_is_asked(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "state.json").write_text("mine", encoding="utf-8")

    with pytest.raises(Refusal, match=r"state\.json is there already\. Nothing was read or written\."):
        main(words, environ(tmp_path, 255))

    assert (tmp_path / "state.json").read_text(encoding="utf-8") == "mine"
