"""Where a self-managed backend keeps its files: two questions, asked of a folder, a bucket or a table alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from trunkline.errors import TrunklineError


class Unreachable(TrunklineError):
    """The backend gave no usable answer; the message has no secret in it."""

    way_out = (
        ". Nothing was changed. Check PULUMI_BACKEND_URL, or what `pulumi login` chose, and that the backend's login is"
        " in the environment here."
    )


class NoPulumi(Unreachable):
    """The backend is read through `pulumi`, which cannot be started."""

    way_out = ". Nothing was changed. Put it there: `. .tools/env.sh` after `make setup`."


class Broken(TrunklineError):
    """The backend answered, but what it holds is not a state of ours; the message has no secret in it."""


class NoSuchStack(Broken):
    """The backend answered, and holds no stack of this name."""

    def __init__(self) -> None:
        super().__init__("the backend holds no such stack; see `pulumi stack ls`")


class Version(NamedTuple):
    """When a file was last written (seconds of the Unix time) and a text that differs for every writing."""

    changed: float
    mark: str


class Store(Protocol):
    """A flat set of files under keys such as `.pulumi/stacks/PROJECT/STACK.json`.

    Both methods raise Unreachable where the backend does not answer.
    """

    def versions(self, prefix: str) -> Mapping[str, Version]:
        """Give the keys that begin with `prefix`, without those in folders below."""
        ...

    def read(self, key: str) -> bytes:
        """Give a whole file, never parts of two versions. Raises Broken where there is none."""
        ...

    def close(self) -> None:
        """Let go of connections; it may be used again."""
        ...
