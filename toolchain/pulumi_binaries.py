"""`.tools/bin/pulumi`: the first of three ways to get one that works on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from toolchain import built_pulumi, cache, official_pulumi
from toolchain.command import Say, SetupFailure
from toolchain.environment import env_script
from toolchain.layout import Layout


def ensure_pulumi(layout: Layout, say: Say, environment: Mapping[str, str] = os.environ) -> None:
    """Fill `.tools/bin` and write `.tools/env.sh`. Needs `.venv`. Does nothing when it was done before.

    Says in one line which Pulumi it took, and why not the one on PATH. Raises SetupFailure.
    """
    path = environment.get("PATH", os.defpath)
    made_from = _made_from(layout, path)
    done = layout.tools / "pulumi.stamp"
    if (layout.bin / "pulumi").exists() and cache.is_current(done, made_from):
        return
    layout.bin.mkdir(parents=True, exist_ok=True)
    there = official_pulumi.on_path(path, without=layout.bin)
    if there is not None and not there.flaw:
        _fill(layout.bin, {"pulumi": partial(_symlink, there.pulumi)})
        taken, why = f"{there.version}, {there.pulumi}", "which is on PATH"
    else:
        taken, why = _without_one(layout, say)
        why += f"; {there.pulumi} on PATH {there.flaw}" if there else "; none is on PATH"
    layout.state.mkdir(exist_ok=True)
    (layout.tools / "env.sh").write_text(env_script(layout), encoding="utf-8")
    cache.record(done, made_from)
    say(f"Pulumi: {taken}, {why}")


def _without_one(layout: Layout, say: Say) -> tuple[str, str]:
    """Fill `.tools/bin` where no `pulumi` on PATH can be used. Gives what was taken, and how it came here."""
    try:
        release = official_pulumi.install(layout, say)
    except SetupFailure:
        engine = built_pulumi.build(layout, say)
        scripts = {name: partial(_executable, text) for name, text in built_pulumi.launchers(layout).items()}
        _fill(layout.bin, {"pulumi": partial(_link_or_copy, engine), **scripts})
        version = built_pulumi.engine_version(layout.engine_sources / "go.mod").removeprefix("v")
        return f"{version}, built with Go", "since Pulumi's own release cannot be downloaded here"
    _fill(layout.bin, {"pulumi": partial(_symlink, release.pulumi)})
    return f"{release.version}, {release.pulumi}", "downloaded"


def _fill(directory: Path, contents: Mapping[str, Callable[[Path], None]]) -> None:
    """Make `directory` hold exactly `contents`: to each name, what writes that file.

    Every file is replaced by a rename, so that a `pulumi` which runs meanwhile is not disturbed.
    """
    for name, write in contents.items():
        aside = directory / f".{name}.new"
        aside.unlink(missing_ok=True)
        write(aside)
        aside.replace(directory / name)
    for leftover in directory.iterdir():
        if leftover.name not in contents:
            leftover.unlink()


def _symlink(official: Path, target: Path) -> None:
    # An official release finds its language host beside the real file, or on PATH.
    target.symlink_to(official.absolute())


def _link_or_copy(engine: Path, target: Path) -> None:
    # Not a symbolic link: the engine looks for our language host beside its real file, and warns about one on PATH.
    try:
        target.hardlink_to(engine)
    except OSError:  # the cache is on another file system
        shutil.copy2(engine, target)


def _executable(text: str, target: Path) -> None:
    target.write_text(text, encoding="utf-8")
    target.chmod(0o755)


def _made_from(layout: Layout, path: str) -> str:
    code = sorted((layout.root / "toolchain").glob("*.py"))
    modules = (layout.engine_sources / "go.mod", layout.engine_sources / "go.sum")
    return cache.digest(files=(*code, *modules), words=(str(layout.root), *_identity(layout, path)))


def _identity(layout: Layout, path: str) -> tuple[str, ...]:
    """Tell one `pulumi` on PATH from what takes its place there: another version, or the same with a language host."""
    elsewhere = official_pulumi.elsewhere(path, layout.bin)
    found = shutil.which("pulumi", path=elsewhere)
    if found is None:
        return ("",)
    real = Path(found).resolve()
    host = official_pulumi.language_host(real, elsewhere) or ""
    return found, str(real), str(real.stat().st_mtime_ns), host
