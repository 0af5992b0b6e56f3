"""A real stack, made by the real engine in a backend of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.state import fleet
from toolchain.environment import pulumi_environment
from toolchain.layout import Layout
from trunkline.outputs import Line
from trunkline.state.stack import StackAddress

REPOSITORY = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "program"
_LIMIT = 480  # seconds for one command


@dataclass(frozen=True)
class PulumiStack:
    """The stack `dev` of the project `fleet`, in `backend`."""

    folder: Path
    backend: str
    environ: Mapping[str, str]

    @classmethod
    def create(cls, folder: Path, backend: str, **variables: str) -> PulumiStack:
        if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
            pytest.skip("no engine: run `make setup`")
        project = folder / "project"
        shutil.copytree(PROGRAM, project)
        chosen = {
            "PULUMI_BACKEND_URL": backend,
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(folder / "home"),
            "FLEET": str(project / "fleet.json"),
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        stack = cls(project, backend, pulumi_environment(REPOSITORY, {**inherited, **chosen, **variables}))
        stack.pulumi("stack", "init", "dev")
        return stack

    @property
    def address(self) -> StackAddress:
        return StackAddress.find("dev", self.folder, self.environ)

    def apply(
        self,
        lines: Iterable[Line] = fleet.LINES,
        *,
        held: Iterable[Line] | None = None,
        fails: bool = False,
        secrets: Mapping[str, str] | None = None,
        message: str = "",
    ) -> None:
        """Run `pulumi up` so that the outputs hold these lines; `held` are those whose resources the state holds."""
        kept = tuple(lines)
        wanted = {
            "outputs": fleet.document(kept),
            "held": {line.id: fleet.resources(line) for line in (kept if held is None else held)},
            "fails": fails,
            "secrets": dict(secrets or {}),
        }
        (self.folder / "fleet.json").write_text(json.dumps(wanted), "utf-8")
        self.pulumi("up", "--yes", "--skip-preview", "--message", message, code=255 if fails else 0)

    def pulumi(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            ("pulumi", *arguments, "--non-interactive", "--color", "never"),
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LIMIT,
        )
        assert (done.returncode == 0) == (code == 0), done.stdout
        return done.stdout
