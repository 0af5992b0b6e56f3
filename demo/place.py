"""Where the demo keeps what it makes: `.demo/` beside the project's files, and nothing elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.environment import pulumi_environment

STACK = "demo"
# A demo's secrets protect nothing; a passphrase lets the commands that it prints work as they are.
PASSPHRASE = "demo"
SECRETS: Mapping[str, str] = {"ukOfficePassword": "Demo-Uk-Office-0001", "twilioTermination": "Demo-Termination-0001"}


@dataclass(frozen=True, slots=True)
class Place:
    """The demo's files. `root` is the project's folder."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".demo"

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def trunkline(self) -> Path:
        return self.root / ".venv" / "bin" / "trunkline"

    @property
    def sandbox_state(self) -> Path:
        """What the sandbox's vendors hold, so that the demo survives a restart of the machine."""
        return self.folder / "sandbox-state.json"

    @property
    def backend(self) -> Path:
        return self.folder / "state"

    @property
    def env_script(self) -> Path:
        return self.folder / "env.sh"

    @property
    def stack_config(self) -> Path:
        return self.root / "stacks" / f"Pulumi.{STACK}.yaml"

    def variables(self, vendors: Mapping[str, str]) -> dict[str, str]:
        """What the demo's `pulumi` needs beside the toolchain's own variables."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.backend}?metadata=skip",
            "PULUMI_HOME": str(self.folder / "pulumi-home"),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_STACK": STACK,
            **vendors,
        }

    def environment(self, vendors: Mapping[str, str]) -> dict[str, str]:
        """The whole environment of a process of the demo."""
        return {**pulumi_environment(self.root), **self.variables(vendors)}

    def write_env_script(self, vendors: Mapping[str, str]) -> None:
        """Write the file that makes a shell work on the demo's stack."""
        exports = [f"export {name}={shlex.quote(value)}" for name, value in self.variables(vendors).items()]
        lines = [f". {shlex.quote(str(self.root / '.tools' / 'env.sh'))}", *exports]
        self.env_script.write_text("\n".join(lines) + "\n", encoding="utf-8")
