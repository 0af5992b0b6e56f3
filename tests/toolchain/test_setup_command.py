"""`make setup` on a working copy that has all it needs, and on machines that lack something."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolchain import virtual_environment
from toolchain.command import SetupFailure
from toolchain.layout import Layout
from toolchain.livekit_server import cached_livekit_server, find_redis_server
from toolchain.virtual_environment import ensure_virtual_environment


@pytest.fixture
def steps(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is run for `.venv`, in order. Nothing really is, but for the interpreter that appears."""
    (layout.root / "requirements").mkdir()
    for name in ("requirements/build.txt", "requirements/dev.txt", "pyproject.toml"):
        (layout.root / name).write_text(name)
    done: list[str] = []

    def run(_command: object, *, doing: str, **_: object) -> str:
        done.append(doing)
        layout.python.parent.mkdir(parents=True, exist_ok=True)
        layout.python.touch()
        return ""

    monkeypatch.setattr(virtual_environment, "run", run)
    return done


INSTALL = ["installing the locked packages", "installing this repository into .venv"]


def test_packages_are_installed_once(layout: Layout, steps: list[str]) -> None:
    for _ in range(2):
        ensure_virtual_environment(layout, lambda _: None)
    assert steps == ["creating .venv", *INSTALL]


@pytest.mark.parametrize("changed", ["requirements/build.txt", "requirements/dev.txt", "pyproject.toml"])
def test_a_changed_lock_is_installed_into_the_same_environment(layout: Layout, steps: list[str], changed: str) -> None:
    ensure_virtual_environment(layout, lambda _: None)
    steps.clear()
    (layout.root / changed).write_text("another")
    ensure_virtual_environment(layout, lambda _: None)
    assert steps == INSTALL


def test_an_environment_whose_python_is_gone_is_made_again(layout: Layout, steps: list[str]) -> None:
    ensure_virtual_environment(layout, lambda _: None)
    steps.clear()
    layout.python.unlink()
    ensure_virtual_environment(layout, lambda _: None)
    assert steps == ["creating .venv", *INSTALL]


def test_a_missing_venv_module_names_the_package_to_install(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_environment.sys, "executable", "/bin/false")  # type: ignore[attr-defined]
    for name in ("requirements/build.txt", "requirements/dev.txt", "pyproject.toml"):
        (layout.root / name).parent.mkdir(exist_ok=True)
        (layout.root / name).touch()
    with pytest.raises(SetupFailure, match="apt-get install python3-venv"):
        ensure_virtual_environment(layout, lambda _: None)
    assert not layout.venv.exists()


def test_a_missing_redis_names_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(SetupFailure, match="apt-get install redis-server"):
        find_redis_server({"PATH": str(tmp_path)})


def test_a_livekit_server_that_was_never_built_is_said_to_be_absent(layout: Layout) -> None:
    assert cached_livekit_server(layout) is None
