"""API keys: `tl_`, 32 random base62 characters (190 bits) and a checksum; only their SHA-256 is kept, in a file.

The checksum lets scanners for leaked secrets and this service refuse a mistyped key without a look-up.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import string
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from trunkline.api.principal import Principal, Role
from trunkline.errors import Refusal, TrunklineError
from trunkline.secret import Secret

PREFIX = "tl_"
_ALPHABET = string.digits + string.ascii_letters
_RANDOM, _CHECK = 32, 6
_LENGTH = len(PREFIX) + _RANDOM + _CHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key: `id` names it in lists and in the log, `created` is RFC 3339 in UTC."""

    id: str
    name: str
    role: Role
    created: str
    sha256: str

    @property
    def principal(self) -> Principal:
        return Principal(name=self.name, role=self.role, via="key")


class KeyFileBroken(TrunklineError):
    """The key file is not as this program writes it; no key is accepted till it is mended."""


def generate(choice: Callable[[str], str]) -> Secret:
    """Make a key. `choice` picks one character of a text by a cryptographic source (`secrets.choice`)."""
    body = "".join(choice(_ALPHABET) for _ in range(_RANDOM))
    return Secret(PREFIX + body + _checksum(body))


def well_formed(text: str) -> bool:
    """Say whether a text has a key's form and checksum, without looking it up."""
    if len(text) != _LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return False
    body, check = text[len(PREFIX) : -_CHECK], text[-_CHECK:]
    return check == _checksum(body)


def digest(key: str) -> str:
    """Give what is kept of a key: random keys of 190 bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def read(path: Path) -> tuple[ApiKey, ...]:
    """Read a key file; one that does not exist has no keys. Raises KeyFileBroken."""
    try:
        document = json.loads(path.read_bytes())
        return tuple(ApiKey(**{**item, "role": Role(item["role"])}) for item in document["keys"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError):
        raise KeyFileBroken(
            f"{path}: is not a key file that can be read. No key is accepted. Restore it, or remove it and create"
            " the keys again with `trunkline keys create`."
        ) from None


def add(path: Path, key: ApiKey) -> None:
    """Append a key. Raises Refusal where the name is taken."""
    with _locked(path):
        keys = read(path)
        if any(other.name == key.name for other in keys):
            raise Refusal(f"{path}: a key named {key.name!r} exists. Nothing was changed. Revoke it, or choose a name.")
        _write(path, (*keys, key))


def revoke(path: Path, name: str) -> ApiKey:
    """Remove the key of this name or id and give it back. Raises Refusal where there is none."""
    with _locked(path):
        keys = read(path)
        found = next((key for key in keys if name in (key.name, key.id)), None)
        if found is None:
            raise Refusal(f"{path}: has no key {name!r}. Nothing was changed. See `trunkline keys list`.")
        _write(path, [key for key in keys if key != found])
        return found


class KeyStore:
    """The keys in the file now, looked at again after `pause` seconds, so that a revocation soon holds."""

    pause = 0.25

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path, self._clock = path, clock
        self._looked = float("-inf")
        self._stamp: tuple[int, int, int] | None = None
        self._keys: Mapping[str, ApiKey] = {}
        self.broken = False

    def find(self, text: str) -> ApiKey | None:
        """Give the key of this text; None for anything else."""
        return self.keys().get(digest(text)) if well_formed(text) else None

    def keys(self) -> Mapping[str, ApiKey]:
        """Give all keys by their SHA-256; none where the file is broken."""
        now = self._clock()
        if now - self._looked >= self.pause:
            self._looked = now
            self._reload()
        return self._keys

    def _reload(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp and not self.broken:
            return
        try:
            self._keys, self.broken = {key.sha256: key for key in read(self._path)}, False
        except KeyFileBroken:
            self._keys, self.broken = {}, True
        self._stamp = stamp


def _checksum(body: str) -> str:
    value, text = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        value, index = divmod(value, len(_ALPHABET))
        text = _ALPHABET[index] + text
    return text


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other writers off while the file is read and replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, keys: Sequence[ApiKey]) -> None:
    document = {"version": 1, "keys": [asdict(key) for key in keys]}
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp: mode 0600
    with os.fdopen(handle, "w") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
