"""The files of an edit: read as they are, checked as they would be, shown as a diff, written whole or not at all."""

from __future__ import annotations

import contextlib
import difflib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from trunkline.edit.files import Files
from trunkline.errors import InventoryError, Refusal
from trunkline.inventory import parse, parts, spelling


def read(path: Path) -> Files:
    """Give the inventory's text and those of its parts, their line ends as they are. Raises Refusal or InventoryError.

    `path`: the inventory, or one of its parts, into which new entries go then.
    """
    root = parts.inventory_of(path)
    found = {str(root): root, **parts.find(root, str(root))}
    return Files.of({file: _text(each) for file, each in found.items()}, home=str(path))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(spelling.MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(
            f"{path} cannot be read: {error.strerror}. Nothing was written. Name the inventory by --file, or run this"
            " beside it."
        ) from None
    return spelling.decode(content, str(path))


def checked(files: Files) -> None:
    """Raise Refusal where the texts are no sound inventory."""
    file, of_parts = files.file, files.texts
    try:
        parse(of_parts.pop(file), file, of_parts)
    except InventoryError as error:
        raise Refusal(
            f"after this edit {file} would not be sound (lines as in the edited file). Nothing was written.\n{error}"
        ) from None


def changed(before: Files, after: Files) -> dict[str, tuple[str, str]]:
    """Give the files that differ: name -> text before and after."""
    former = before.texts
    return {file: (former[file], text) for file, text in after.texts.items() if text != former[file]}


def difference(before: str, after: str, file: str) -> str:
    """Give the unified diff as people read it, "" where there is none."""
    lines = difflib.unified_diff(_lines(before), _lines(after), file, file, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def write_all(changes: Mapping[str, tuple[str, str]]) -> None:
    """Write each file as `write` does; where one cannot be, those before it are put back. Raises Refusal."""
    done: list[str] = []
    try:
        for file, (before, after) in changes.items():
            write(Path(file), before, after)
            done.append(file)
    except Refusal:
        for file in done:
            before, after = changes[file]
            write(Path(file), after, before)
        raise


def write(path: Path, before: str, after: str) -> None:
    """Put `after` in the place of `before`, whole or not at all; a link stays one, and the file keeps its mode.

    Raises Refusal where the file is not as it was read any more, or cannot be written.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != before.encode():
            raise Refusal(f"{path} was changed by somebody else meanwhile. Nothing was written. Run the command again.")
        _replace(target, after.encode())
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}. It is as it was.") from None


def _replace(target: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _lines(text: str) -> list[str]:
    """Give the lines without their ends, of which a file has one kind."""
    return text.replace("\r\n", "\n").split("\n")[: None if text and not text.endswith("\n") else -1]
