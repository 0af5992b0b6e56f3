"""What `.tools/env.sh` and the Makefile do in a repository that `trunkline init` made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trunkline.repository import environment, files

SHELLS = [shell for shell in ("sh", "dash", "bash", "zsh") if shutil.which(shell)]
NOISE = {"_", "PWD", "OLDPWD", "SHLVL", "LOGNAME"}  # what shells set themselves
PLAIN = {"PATH": "/usr/bin:/bin", "HOME": "/"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in a folder with an awkward name, with an interpreter and without packages."""
    root = tmp_path / "it's $HOME of mine"
    values = files.Values(project="numbers", ci="", version="0", schema="{}", inventory=files.EMPTY)
    for name, file in files.files(values).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(file.text)
        (root / name).chmod(0o755 if file.runs else 0o644)
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").symlink_to(sys.executable)
    return root


def _sourced(root: Path, shell: str, inherited: dict[str, str], *, times: int = 1) -> dict[str, str]:
    options = ("-f",) if shell == "zsh" else ()
    done = subprocess.run(
        (shutil.which(shell) or shell, *options, "-euc", ". .tools/env.sh; " * times + "env -0"),
        env=inherited,
        cwd=root,
        capture_output=True,
        check=True,
    )
    assert (done.stderr, shell) == (b"", shell)
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in NOISE}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("chosen", [{}, {"PULUMI_SKIP_CHECKPOINTS": "", "PULUMI_BACKEND_URL": "s3://states"}])
def test_the_script_makes_the_environment_that_the_first_preview_has(
    repository: Path, shell: str, chosen: dict[str, str]
) -> None:
    inherited = {**PLAIN, **chosen}
    wanted = environment.pulumi_environment(repository, repository / ".venv/bin/python", inherited)
    wanted["PATH"] += f":{repository}/.tools/pulumi/bin"

    assert _sourced(repository, shell, inherited) == wanted
    assert (repository / ".pulumi-state").is_dir() == (not chosen)
    assert _sourced(repository, shell, inherited, times=2) == wanted


def test_the_script_says_where_it_belongs(repository: Path) -> None:
    shutil.rmtree(repository / ".venv")
    done = subprocess.run(
        ("sh", "-c", ". .tools/env.sh"),
        cwd=repository,
        env={**PLAIN, "PULUMI_BACKEND_URL": "s3://states"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == (
        "",
        ".tools/env.sh: there is no .venv here; use it where Pulumi.yaml is, after make setup\n",
    )


def test_a_commit_with_a_file_that_would_be_refused_is_refused_once_make_setup_ran(repository: Path) -> None:
    (repository / ".venv/setup.stamp").touch()  # as if the packages were installed
    (repository / ".venv/bin/trunkline").write_text(f'#!/bin/sh\nexec {sys.executable} -m trunkline.cli.main "$@"\n')
    (repository / ".venv/bin/trunkline").chmod(0o755)
    variables = {**os.environ, "HOME": str(repository), "GIT_CONFIG_NOSYSTEM": "1"}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)

    commit = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "Numbers")
    assert run("git", "init", "--quiet").returncode == 0
    assert run("make", "setup").returncode == 0
    assert run("git", "add", ".").returncode == 0
    (repository / "numbers.yaml").write_text("version: 1\nnumber: {}\n")
    refused = run(*commit)
    (repository / "numbers.yaml").write_text(files.EMPTY)

    assert (refused.returncode, "unknown-key" in refused.stdout + refused.stderr) == (1, True), refused
    assert run(*commit).returncode == 0
