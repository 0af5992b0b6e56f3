"""`.venv`: the locked packages, and this repository installed in it so that every process finds it from anywhere."""

from __future__ import annotations

import sys

from toolchain import cache
from toolchain.command import Say, SetupFailure, run
from toolchain.layout import Layout

LOCKS = ("build.txt", "dev.txt")


def ensure_virtual_environment(layout: Layout, say: Say) -> None:
    """Make `.venv` hold exactly the versions of `requirements/` and this repository, editable.

    Does nothing when it was done before from the same files. Raises SetupFailure.
    """
    made_from = _made_from(layout)
    done = layout.venv / "trunkline-setup.stamp"
    if layout.python.exists() and cache.is_current(done, made_from):
        return
    if not layout.python.exists():
        _create(layout, say)
    say("Installing the locked Python packages into .venv")
    pip = (layout.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    locks = [argument for lock in LOCKS for argument in ("--requirement", layout.root / "requirements" / lock)]
    # --no-deps: the locks are complete, and what they do not name must not come in.
    run(
        (*pip, "--no-deps", "--require-hashes", *locks),
        doing="installing the locked packages",
        say=say,
        cwd=layout.root,
    )
    run(
        (*pip, "--no-deps", "--no-build-isolation", "--editable", "."),
        doing="installing this repository into .venv",
        say=say,
        cwd=layout.root,
    )
    cache.record(done, made_from)


def _create(layout: Layout, say: Say) -> None:
    say("Creating .venv")
    try:
        run((sys.executable, "-m", "venv", "--clear", layout.venv), doing="creating .venv", say=say, cwd=layout.root)
    except SetupFailure as failure:
        raise SetupFailure(
            f"{failure}\nOn Debian and Ubuntu the module venv is a package of its own: apt-get install python3-venv"
        ) from failure


def _made_from(layout: Layout) -> str:
    locks = (layout.root / "requirements" / lock for lock in LOCKS)
    return cache.digest(files=(*locks, layout.root / "pyproject.toml"), words=(str(layout.root),))
