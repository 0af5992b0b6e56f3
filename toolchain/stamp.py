"""Knowing that a step was done before: a file that holds the digest of all that the step was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


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
