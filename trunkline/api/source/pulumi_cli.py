"""Any other backend (Pulumi Cloud, GCS, Azure Blob …), through the `pulumi` command."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from trunkline.api.source import update
from trunkline.api.source.backend import Stamp
from trunkline.api.source.stack import StackAddress
from trunkline.api.source.store import Broken, Unreachable
from trunkline.api.source.update import Update

_TIMEOUT = 60.0  # seconds for one command


class CliBackend:
    """A stack behind the CLI, which decrypts nothing here: secrets stay as it stores them."""

    interval = 10.0

    def __init__(self, address: StackAddress) -> None:
        self._address = address
        self._documents: Mapping[str, Any] = {}

    def stamp(self) -> Stamp:
        stacks = self._json("stack", "ls", "--json", "--project", self._address.project)
        for item in stacks if isinstance(stacks, list) else ():
            if str(item.get("name", "")).rpartition("/")[2] == self._address.stack:
                mark = f"{item.get('lastUpdate')} {item.get('resourceCount')}"
                return Stamp(mark=mark, updating=bool(item.get("updateInProgress")))
        raise Broken("the backend holds no such stack; see `pulumi stack ls`")

    def current(self) -> bytes:
        return self._run("stack", "export", "--stack", self._address.stack)

    def updates(self) -> Sequence[str]:
        listed = self._json("stack", "history", "--json", "--stack", self._address.stack)
        newest_first = listed if isinstance(listed, list) else []
        # A self-managed backend gives every update the version 0; its place in the list then names it.
        self._documents = {
            str(document.get("version") or len(newest_first) - index): document
            for index, document in enumerate(newest_first)
        }
        return list(self._documents)[::-1]

    def update(self, id: str) -> Update:
        return update.from_document(id, self._documents.get(id))

    def checkpoint(self, id: str) -> bytes | None:
        try:
            return self._run("stack", "export", "--stack", self._address.stack, "--version", id)
        except Unreachable:
            return None  # only Pulumi Cloud keeps earlier versions where the CLI can reach them

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
            raise Unreachable("the command `pulumi` is not on PATH") from None
        except subprocess.TimeoutExpired:
            raise Unreachable(f"{what} gave no answer within {_TIMEOUT:.0f} s") from None
        except subprocess.CalledProcessError as error:
            # Its words can quote a URL with a password, so they are not passed on.
            raise Unreachable(f"{what} ended with exit code {error.returncode}") from None
        return done.stdout
