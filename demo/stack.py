"""The stack `demo`, driven by the real `pulumi`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from demo.place import SECRETS, STACK, Place
from trunkline.outputs import StackOutputs, from_json


class PulumiFailedError(Exception):
    """A pulumi command ended with an error; what it printed is on the terminal already."""


@dataclass(frozen=True, slots=True)
class Stack:
    """`environment` of every command; `inventory` overrides the project's numbers.yaml."""

    place: Place
    environment: Mapping[str, str]

    def prepare(self) -> None:
        """Make backend and stack, and set its secrets, where that is not done yet."""
        self.place.backend.mkdir(parents=True, exist_ok=True)
        self._quiet("stack", "select", "--create", STACK)
        for name, value in SECRETS.items():
            if subprocess.run(self._command("config", "get", f"trunkline:{name}"), **self._silent()).returncode:
                self._quiet("config", "set", "--secret", f"trunkline:{name}", value)

    def allow_account_change(self, allowed: bool) -> None:
        """Let the next update accept other base URLs than the recorded ones, or no longer."""
        if allowed:
            self._quiet("config", "set", "trunkline:allowAccountChange", "true")
        else:
            self._quiet("config", "rm", "trunkline:allowAccountChange")

    def up(self, *, inventory: Path | None = None) -> dict[str, int]:
        """Run `pulumi up --yes`, its output on the terminal. Gives how many resources had which operation."""
        self._loud("up", "--yes", "--suppress-outputs", environment=self._over(inventory))
        history = json.loads(self._quiet("stack", "history", "--json", "--page-size", "1"))
        changes: dict[str, int] = history[0].get("resourceChanges", {})
        return changes

    def outputs(self) -> StackOutputs:
        return from_json(json.loads(self._quiet("stack", "output", "--json")))

    def destroy(self, *, inventory: Path) -> None:
        """Delete everything that the stack holds, and the stack; the program runs for that too, over this file."""
        self._loud("destroy", "--yes", "--suppress-outputs", environment=self._over(inventory))
        self._quiet("stack", "rm", "--yes", STACK)

    def exists(self) -> bool:
        return self.place.stack_config.exists() and self.place.backend.exists()

    def _over(self, inventory: Path | None) -> Mapping[str, str]:
        return {**self.environment, **({"TRUNKLINE_INVENTORY": str(inventory)} if inventory else {})}

    def _loud(self, *arguments: str, environment: Mapping[str, str]) -> None:
        command = self._command(*arguments)
        if subprocess.run(
            command, cwd=self.place.root, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode:
            raise PulumiFailedError(f"`pulumi {' '.join(arguments)}` failed")

    def _quiet(self, *arguments: str) -> str:
        done = subprocess.run(self._command(*arguments), **self._silent())
        if done.returncode:
            raise PulumiFailedError(f"`pulumi {' '.join(arguments)}` failed:\n{done.stderr or done.stdout}")
        return str(done.stdout)

    def _command(self, *arguments: str) -> list[str]:
        return [str(self.place.root / ".tools" / "bin" / "pulumi"), *arguments, "--non-interactive"]

    def _silent(self) -> dict[str, Any]:
        return {
            "cwd": self.place.root,
            "env": self.environment,
            "stdin": subprocess.DEVNULL,
            "capture_output": True,
            "text": True,
            "check": False,
        }


def marked_for_release(inventory: Path, marked: Path) -> Path:
    """Write a copy of the inventory in which every line is marked for release, and the guard allows that many."""
    content = yaml.safe_load(inventory.read_text(encoding="utf-8"))
    lines = content.get("numbers") or {}
    for line in lines.values():
        line["removal"] = "release"
    content["guard"] = {**content.get("guard", {}), "max_releases": max(1, len(lines))}
    marked.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return marked
