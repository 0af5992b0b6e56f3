"""`.tools/env.sh` and `pulumi_environment`: one table, two doors."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from toolchain.environment import defaults, env_script, pulumi_environment
from toolchain.layout import Layout

SHELLS = [shell for shell in ("sh", "dash", "bash", "zsh") if shutil.which(shell)]
NOISE = {"_", "PWD", "OLDPWD", "SHLVL", "LOGNAME"}  # what shells set themselves


def _sourced(layout: Layout, shell: str, inherited: dict[str, str], *, times: int = 1) -> dict[str, str]:
    script = layout.root / "env.sh"
    script.write_text(env_script(layout))
    command = f". {shlex.quote(str(script))}; " * times + "env -0"
    options = ("-f",) if shell == "zsh" else ()
    done = subprocess.run(
        (shutil.which(shell) or shell, *options, "-euc", command),
        env=inherited,
        cwd="/",
        capture_output=True,
        check=True,
    )
    assert (done.stderr, shell) == (b"", shell)
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in NOISE}


@pytest.fixture
def layout(layout: Layout) -> Layout:
    awkward = layout.root.with_name("it's $HOME of mine")
    awkward.mkdir()
    return replace(layout, root=awkward)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_and_the_function_make_the_same_environment(layout: Layout, shell: str) -> None:
    inherited = {"PATH": "/usr/bin:/bin", "HOME": "/"}
    assert _sourced(layout, shell, inherited) == pulumi_environment(layout.root, inherited)


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_environment_says_wins_and_so_does_an_empty_value(layout: Layout, shell: str) -> None:
    chosen = {"PULUMI_SKIP_CHECKPOINTS": "", "PULUMI_BACKEND_URL": "s3://states"}
    inherited = {"PATH": "/usr/bin:/bin", "HOME": "/", **chosen}
    found = _sourced(layout, shell, inherited)
    assert {name: found[name] for name in chosen} == chosen
    assert found == pulumi_environment(layout.root, inherited)
    assert not layout.state.exists()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("backend", [{}, {"PULUMI_BACKEND_URL": "s3://states"}], ids=["default", "chosen"])
def test_a_subshell_goes_on_after_the_script_and_its_failure_is_seen(
    layout: Layout, shell: str, backend: dict[str, str]
) -> None:
    script = layout.root / "env.sh"
    script.write_text(env_script(layout))
    command = f"( set -eu; . {shlex.quote(str(script))}; echo on; exit 7 ) || echo failed with $?"
    options = ("-f",) if shell == "zsh" else ()
    done = subprocess.run(
        (shutil.which(shell) or shell, *options, "-euc", command),
        env={"PATH": "/usr/bin:/bin", "HOME": "/", **backend},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["on", "failed with 7"]


def test_sourcing_twice_changes_nothing(layout: Layout) -> None:
    inherited = {"PATH": "/usr/bin:/bin", "HOME": "/"}
    assert _sourced(layout, "sh", inherited, times=2) == _sourced(layout, "sh", inherited)


def test_our_directories_come_first_even_where_path_has_them_later(layout: Layout) -> None:
    made = pulumi_environment(layout.root, {"PATH": f"/usr/bin:{layout.bin}"})
    assert made["PATH"] == f"{layout.bin}:{layout.venv}/bin:/usr/bin"


def test_the_default_backend_is_files_in_the_working_copy_without_attrs(layout: Layout) -> None:
    assert defaults(layout)["PULUMI_BACKEND_URL"] == (
        f"file://{layout.root.parent}/it%27s%20%24HOME%20of%20mine/.pulumi-state?metadata=skip"
    )


def test_the_script_makes_the_directory_of_the_default_backend(layout: Layout) -> None:
    _sourced(layout, "sh", {"PATH": "/usr/bin:/bin", "HOME": "/"})
    assert layout.state.is_dir()


def test_the_cache_follows_xdg_and_ignores_a_relative_one() -> None:
    root = Path("/repo")
    assert Layout.of(root, {"XDG_CACHE_HOME": "/var/cache/me"}).cache == Path("/var/cache/me/trunkline")
    assert Layout.of(root, {"XDG_CACHE_HOME": "here"}).cache == Path.home() / ".cache" / "trunkline"
