"""Things that take long to make, made once: a directory each per user, whole or absent, and steps with a stamp.

A stamp is a file that holds the digest of all that a step was made from.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
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


def digest(*, files: Iterable[Path] = (), words: Iterable[str] = ()) -> str:
    """One hexadecimal digest of the words and of the files, each by name and content, in the given order."""
    whole = hashlib.sha256()
    parts = [word.encode() for word in words]
    for file in files:
        parts += [file.name.encode(), file.read_bytes()]
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def is_current(stamp: Path, made_from: str) -> bool:
    """Whether the step that writes `stamp` was last done from exactly `made_from`."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == made_from


def record(stamp: Path, made_from: str) -> None:
    """Say that the step is done. Call it last."""
    stamp.write_text(made_from, encoding="ascii")
