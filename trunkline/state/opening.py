"""Which backend stands behind a URL."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from trunkline.errors import Problem, Refusal, SettingsError
from trunkline.extras import MODULES, needed
from trunkline.state.backend import Backend
from trunkline.state.diy import DiyBackend
from trunkline.state.pulumi_cli import CliBackend
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, NoSuchStack, Unreachable

_PATIENCE = 10.0  # seconds; a backend that gives no answer is no reason not to start
_LOOK_ALIKE = 10  # stacks that are looked at as often as one
_SELDOM = 60.0  # seconds; a reader that is silent for five minutes is started anew
_AT_ONCE = 32  # stacks that are asked for at the same time


def require_stack(address: StackAddress) -> None:
    """Raise SettingsError where the backend answers and has no such stack: a server would wait for it for ever.

    Raises Refusal where what the backend needs is not installed.
    """
    missing: list[NoSuchStack | Refusal] = []

    def look() -> None:
        try:
            with contextlib.closing(open_backend(address)) as backend:
                backend.stamp()
        except (NoSuchStack, Refusal) as error:
            missing.append(error)
        except (Unreachable, Broken):
            pass

    # A backend that hangs must not hold the start up.
    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(_PATIENCE)
    if missing and isinstance(missing[0], Refusal):
        raise missing[0]
    if missing:
        message = f"the backend holds no stack {address.name}"
        fix = "name one that `pulumi stack ls` shows; a new one is made by `pulumi stack init`"
        raise SettingsError([Problem(rule="stack-unknown", message=message, fix=fix)])


def require_stacks(addresses: Sequence[StackAddress]) -> None:
    """Ask for stacks at the same time, as `require_stack` does for one; what is wrong with each is told."""
    problems = list[Problem]()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for asked in [pool.submit(require_stack, address) for address in addresses]:
            try:
                asked.result()
            except SettingsError as error:
                problems += error.problems
    if problems:
        raise SettingsError(problems)


def open_backend(address: StackAddress) -> Backend:
    """Choose by the URL's scheme: a folder, bucket or table is read directly, anything else through the CLI.

    The stores are imported when chosen: boto3 alone costs 0.3 s. Raises Refusal where what one needs is not installed.
    """
    scheme = urlsplit(address.backend).scheme.replace("postgresql", "postgres")
    if scheme not in MODULES:
        backend = _unaided(scheme, address)
    else:
        with needed(scheme, f"a backend at {scheme}://"):
            backend = _aided(scheme, address)
    backend.interval = every(backend.interval, address.together)
    return backend


def every(usual: float, stacks: int) -> float:
    """Give the seconds between two looks at each of so many stacks: all together look no more often than ten do."""
    return max(usual, min(usual * stacks / _LOOK_ALIKE, _SELDOM))


def _unaided(scheme: str, address: StackAddress) -> Backend:
    """Open what needs no extra."""
    if scheme == "file":
        from trunkline.state.file_store import FileStore

        return DiyBackend(FileStore.open(address.backend, address.folder), address, interval=0.25)
    return CliBackend(address)


def _aided(scheme: str, address: StackAddress) -> Backend:
    """Open what needs the extra of its name."""
    if scheme == "s3":
        from trunkline.state.s3_store import S3Store

        return DiyBackend(S3Store.open(address.backend), address, interval=1.0)
    if scheme in ("gs", "azblob"):
        from trunkline.state.object_store import ObjectStore

        return DiyBackend(ObjectStore.open(address.backend, os.environ), address, interval=1.0)
    from trunkline.state.postgres_store import PostgresStore

    return DiyBackend(PostgresStore.open(address.backend), address, interval=0.5)
