"""API keys: `tl_`, 32 random base62 characters (190 bits) and a checksum; only their SHA-256 is kept, in a file.

The checksum lets scanners for leaked secrets and this service refuse a mistyped key without a look-up.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import logging
import os
import string
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trunkline.api.auth import small_file, strict_json
from trunkline.api.auth.principal import Principal, Role
from trunkline.errors import Refusal, TrunklineError
from trunkline.secret import Secret

_log = logging.getLogger("trunkline.api")

PREFIX = "tl_"
_ALPHABET = string.digits + string.ascii_letters
# Digits of base 62 by two, since every request with a key has its checksum made.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM, _CHECK = 32, 6  # a CRC of 32 bits has six digits of base 62
_LENGTH = len(PREFIX) + _RANDOM + _CHECK
_MAX_SIZE = 1 << 24  # bytes of a key file; some 80,000 keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key: `id` names it in lists and in the log, `created` is RFC 3339 in UTC."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    id: str
    name: str
    role: Role
    created: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @property
    def principal(self) -> Principal:
        return Principal(name=self.name, role=self.role, via="key")


class _KeyFile(BaseModel):
    """The file's one form. A word that is not known is refused: it may be there to close a door."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: Annotated[int, Field(ge=1, le=1)] = 1
    keys: tuple[ApiKey, ...]

    @model_validator(mode="after")
    def _once(self) -> _KeyFile:
        # As after a merge by hand: of two keys of one name a revocation takes away one, and one key may have two roles.
        for name in ("id", "name", "sha256"):
            if len({getattr(key, name) for key in self.keys}) < len(self.keys):
                raise ValueError(f"a key's {name} stands twice")
        return self


@dataclass(frozen=True, slots=True)
class _Known:
    """The keys of one look, by their SHA-256, and those that were shown since, by its bytes.

    Both go together when a key may have been revoked. In `met` stands no text but a key's, of its one form.
    """

    keys: Mapping[str, ApiKey]
    met: dict[bytes, ApiKey] = field(default_factory=dict)


_NONE = _Known({})

# When it was written, when its owner or mode was changed, which file it is, and how long.
Stamp = tuple[int, int, int, int]


class KeyFileBroken(TrunklineError):
    """The key file is not as this program writes it; no key is accepted till it is mended."""


class KeyFileMissing(KeyFileBroken):
    """There is no key file."""


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
        return load(path)
    except KeyFileMissing:
        return ()


def load(path: Path) -> tuple[ApiKey, ...]:
    """Read a key file. Raises KeyFileMissing where there is none, KeyFileBroken where it cannot be used."""
    try:
        data = small_file.read(path, _MAX_SIZE)
        strict_json.loads(data)  # of a name that stands twice pydantic would take the last
        return _KeyFile.model_validate_json(data).keys
    except FileNotFoundError:
        raise KeyFileMissing(
            f"{path}: the key file is not there. No key is accepted. Restore it, or create keys with"
            " `trunkline keys create`."
        ) from None
    except (OSError, ValueError, RecursionError):
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
    """The keys in the file now, looked at again after `pause` seconds, so that a revocation soon holds.

    A file that cannot be used closes every door that it opened, until it can be used again; `fault` says why. One that
    is not `expected` and was never seen is no fault: its first keys are taken up when it appears.

    A look that hangs, as at a dead file system, holds no request up for longer than `patience` seconds. Meanwhile the
    keys of the last look count, until it has hung for `hangs` seconds: then nobody knows which of them are revoked. The
    first look has no last one: whoever asks while it is under way waits for it, too.
    """

    pause, patience, hangs = 0.25, 0.25, 10.0

    def __init__(self, path: Path, clock: Callable[[], float], *, expected: bool = True) -> None:
        self._path, self._clock, self._expected = path, clock, expected
        self._looked = float("-inf")
        self._stamp: Stamp | None = None
        self._keys = _NONE
        self._told = ""
        self._aside = small_file.Aside(self._look)
        self._first: asyncio.Future[None] | None = None
        self.fault = ""
        """Why no key is accepted; "" while the file is good."""

    @property
    def broken(self) -> bool:
        return bool(self.fault)

    async def refresh(self) -> None:
        """Look at the file again, beside all else, where the last look is long enough ago."""
        now = self._clock()
        if self._first is None and now - self._looked < self.pause:
            return
        if not self._aside.busy and now - self._looked >= self.pause:
            first, self._looked = self._looked < 0, now
            look = self._aside.begin()
            if first:
                self._first = look
            await asyncio.wait({look}, timeout=self.patience)
            if look.done():
                self._first = None
                look.result()
            elif first:
                self._hang()
        elif self._first is not None and not self.fault:
            await asyncio.wait({self._first}, timeout=self.patience)
        elif self._aside.busy and now - self._looked >= self.hangs:
            self._hang()

    def known(self, text: str) -> ApiKey | None:
        """Give the key of this text as of the last look; None for anything else."""
        # Taken once: a look in another thread may replace it, and a key that is met must not outlive its look.
        known, name = self._keys, hashlib.sha256(text.encode()).digest()
        key = known.met.get(name)
        if key is None and well_formed(text) and (key := known.keys.get(name.hex())) is not None:
            known.met[name] = key
        return key

    def all(self) -> Sequence[ApiKey]:
        """Give all keys as of the last look."""
        return tuple(self._keys.keys.values())

    def find(self, text: str) -> ApiKey | None:
        """Look, and give the key of this text; None for anything else."""
        self.keys()
        return self.known(text)

    def keys(self) -> Mapping[str, ApiKey]:
        """Give all keys by their SHA-256; none where the file cannot be used."""
        now = self._clock()
        if now - self._looked >= self.pause:
            self._looked = now
            self._look()
        return self._keys.keys

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp is not None and stamp == self._stamp and not self.fault:
            return
        try:
            self._keys, self.fault = _Known({key.sha256: key for key in load(self._path)}), ""
            self._expected = True
        except KeyFileMissing as missing:
            self._keys, self.fault = _NONE, str(missing) if self._expected else ""
        except KeyFileBroken as broken:
            self._keys, self.fault, self._expected = _NONE, str(broken), True
        self._stamp = stamp
        self._tell()

    def _hang(self) -> None:
        self._keys, self._expected = _NONE, True
        self.fault = f"{self._path}: the file system of the key file gives no answer. No key is accepted till it does."
        self._tell()

    def _tell(self) -> None:
        if self.fault and self.fault != self._told:
            _log.error("%s", self.fault)
        elif self._told and not self.fault:
            _log.warning("%s: can be used again; %d keys are accepted.", self._path, len(self._keys.keys))
        self._told = self.fault


def _checksum(body: str) -> str:
    rest, low = divmod(zlib.crc32(body.encode()), len(_PAIRS))
    high, middle = divmod(rest, len(_PAIRS))
    return _PAIRS[high] + _PAIRS[middle] + _PAIRS[low]


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size


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
