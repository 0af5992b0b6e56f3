"""Any other backend, such as Pulumi Cloud, through the `pulumi` command."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from trunkline.state import update
from trunkline.state.backend import Stamp
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, NoPulumi, NoSuchStack, Unreachable
from trunkline.state.update import Update

_TIMEOUT = 60.0  # seconds for one command
# Pulumi Cloud lists an update from its start on: one without an end would stand before all others, for ever.
_UNDER_WAY = frozenset({"in-progress", "not-started"})
_PAGE = 100  # updates that one command lists; it lists 10 where it is not told


class CliBackend:
    """A stack behind the CLI, which decrypts nothing here: secrets stay as it stores them."""

    interval = 10.0
    depth = 200
    patience = 2 * _TIMEOUT

    def __init__(self, address: StackAddress) -> None:
        self._address = address
        self._documents: Mapping[str, Any] = {}

    def stamp(self) -> Stamp:
        organization = ("--organization", self._address.organization) if self._address.organization else ()
        stacks = self._json("stack", "ls", "--json", "--project", self._address.project, *organization)
        for item in stacks if isinstance(stacks, list) else ():
            if str(item.get("name", "")).rpartition("/")[2] == self._address.stack:
                mark = f"{item.get('lastUpdate')} {item.get('resourceCount')}"
                return Stamp(mark=mark, updating=bool(item.get("updateInProgress")))
        raise NoSuchStack

    def current(self) -> bytes:
        return self._run("stack", "export", *self._stack)

    def opened(self) -> bytes:
        """Give the current state with its secrets in clear. Raises Unreachable, as without the stack's key."""
        return self._run("stack", "export", "--show-secrets", *self._stack)

    def updates(self) -> Sequence[str]:
        ended = [document for document in self._history() if document.get("result") not in _UNDER_WAY]
        self._documents = {name: document for document in ended[::-1] if (name := _name(document))}
        return list(self._documents)

    def update(self, id: str) -> Update:
        return update.from_document(id, self._documents.get(id))

    def checkpoint(self, id: str) -> bytes | None:
        if not self._documents[id].get("version"):
            return None  # only Pulumi Cloud, which numbers its updates, keeps what the CLI can export
        return self._run("stack", "export", *self._stack, "--version", id)

    @property
    def _stack(self) -> tuple[str, str]:
        return "--stack", self._address.name

    def _history(self) -> list[Mapping[str, Any]]:
        """Read every page of the history, newest first."""
        found: list[Mapping[str, Any]] = []
        for page in itertools.count(1):
            numbers = ("--page-size", str(_PAGE), "--page", str(page))
            listed = self._json("stack", "history", "--json", *self._stack, *numbers)
            rows = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
            found += rows
            if len(rows) < _PAGE:
                return found
        raise AssertionError("a count has no end")

    def close(self) -> None:
        pass

    def _json(self, *arguments: str) -> Any:
        try:
            return json.loads(self._run(*arguments))
        except ValueError:
            raise Broken(f"`pulumi {' '.join(arguments[:2])}` gave no JSON") from None

    def _run(self, *arguments: str) -> bytes:
        environ = {**os.environ, "PULUMI_BACKEND_URL": self._address.backend, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        what = f"`pulumi {' '.join(arguments[:2])}`"
        try:
            done = subprocess.run(
                ["pulumi", *arguments, "--non-interactive"],
                cwd=self._address.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT,
                check=True,
            )
        except FileNotFoundError:
            raise NoPulumi("the command `pulumi` is not on PATH") from None
        except subprocess.TimeoutExpired:
            raise Unreachable(f"{what} gave no answer within {_TIMEOUT:.0f} s") from None
        except subprocess.CalledProcessError as error:
            # Its words can quote a URL with a password, so they are not passed on.
            raise Unreachable(f"{what} ended with exit code {error.returncode}") from None
        return done.stdout


def _name(document: Mapping[str, Any]) -> str:
    """Name an update for ever: by its version, or, where the backend gives all the version 0, by when it started.

    A stack's lock lets two updates not start in one second.
    """
    return str(document.get("version") or "") or str(document.get("startTime") or "")
