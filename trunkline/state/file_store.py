"""A backend in a folder: `file://…`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trunkline.state.store import Broken, Unreachable, Version


class FileStore:
    """Files below `root`. Pulumi replaces each by a rename, so an opened file stays whole (reliable on one host)."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @classmethod
    def open(cls, url: str, folder: str) -> FileStore:
        """Take `file:///abs`, `file://~` or `file://./relative` to the project's folder; options do not matter here."""
        text = unquote(urlsplit(url).netloc + urlsplit(url).path)
        return cls(Path(folder, Path(text).expanduser()))

    def versions(self, prefix: str) -> Mapping[str, Version]:
        parent = prefix.rpartition("/")[0]
        try:
            return {
                key: _version(entry)
                for entry in os.scandir(self._root / parent)
                if (key := f"{parent}/{entry.name}").startswith(prefix) and entry.is_file()
            }
        except FileNotFoundError:
            if self._root.is_dir():
                return {}
            raise Unreachable("the backend's folder does not exist") from None
        except OSError as error:
            raise Unreachable(f"the backend's folder cannot be read: {error.strerror}") from None

    def read(self, key: str) -> bytes:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            raise Broken(f"{key} is gone") from None
        except OSError as error:
            raise Unreachable(f"{key} cannot be read: {error.strerror}") from None

    def close(self) -> None:
        pass


def _version(entry: os.DirEntry[str]) -> Version:
    try:
        stat = entry.stat()
    except FileNotFoundError:
        return Version(0.0, "")
    # A rename gives a new inode; a time alone could be equal for two writes within the clock's grain.
    return Version(stat.st_mtime, f"{stat.st_mtime_ns}-{stat.st_ino}-{stat.st_size}")
