"""Things that take minutes to make, made once per user: a directory each, whole or absent."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def cached(cache: Path, name: str, *, build: Callable[[Path], None]) -> Path:
    """Give the directory `cache/name`, calling `build` on an empty directory only when it is not there yet.

    A build that raises leaves nothing behind. Of several processes at once, one builds and the others wait for it.
    """
    target = cache / name
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with exclusive(cache / f".{name}.lock"):
        if not target.is_dir():
            _build_aside(target, build)
    return target


def _build_aside(target: Path, build: Callable[[Path], None]) -> None:
    # The same directory, so that the rename stays on one file system and is atomic.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        aside.chmod(0o755)
        build(aside)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold the advisory lock on the file `lock`; the system lets go of it when this process ends, however it ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
