"""Writing the files of a repository: none that exists is touched, and none is ever there in part."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from trunkline.errors import Refusal
from trunkline.repository.files import File


def conflicts(folder: Path, files: Mapping[str, File]) -> list[str]:
    """Give the paths at which something else is than would be written; what is there already word for word is none.

    Raises Refusal where no folder can be.
    """
    for above in (folder, *folder.parents):
        if os.path.lexists(above) and not above.is_dir():
            raise Refusal(f"{folder} can be no folder: {above} is none. Nothing was written. Name another folder.")
    return [name for name, file in files.items() if _is_other(folder / name, file.text)]


def refuse(folder: Path, names: Sequence[str]) -> None:
    """Raise Refusal where there are conflicts, naming all of them."""
    if names:
        raise Refusal(
            f"{folder} has these already, and they say something else: {', '.join(names)}. Nothing was written. Move"
            " them away and run this again, or name another folder; what an interrupted run has written is taken as it"
            " is, where it says the same."
        )


def write(folder: Path, files: Mapping[str, File]) -> list[str]:
    """Write what is not there yet, in order; give its paths. Raises Refusal, also where a file appears meanwhile."""
    refuse(folder, conflicts(folder, files))
    missing = [name for name in files if not os.path.lexists(folder / name)]
    for name in missing:
        try:
            _put(folder / name, files[name])
        except OSError as error:
            raise Refusal(
                f"{folder / name} cannot be written: {error.strerror}. What was written before it stays; run this"
                " again when that is mended, and it goes on."
            ) from None
    return missing


def _is_other(path: Path, text: str) -> bool:
    if any(parent.exists() and not parent.is_dir() for parent in path.parents):
        return True
    if not os.path.lexists(path):
        return False
    try:
        return path.read_bytes() != text.encode()
    except OSError:
        return True


def _put(path: Path, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new-{os.getpid()}")
    aside.write_text(file.text, encoding="utf-8")
    try:
        aside.chmod(0o755 if file.runs else 0o644)
        # A link, not a rename: it fails where somebody else has made the file meanwhile.
        path.hardlink_to(aside)
    finally:
        aside.unlink()
