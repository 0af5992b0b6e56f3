"""Running `pulumi` on a project, as a shell after `. .tools/env.sh` does."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolchain.layout import Layout

REPOSITORY = Path(__file__).parents[2]
COMMAND_LIMIT = 480  # seconds; a machine with other work previews two thousand resources within some minutes


def has_stand_ins() -> bool:
    """Whether `make setup` built the engine, so that our programs stand in for those of an official release."""
    return (Layout.of(REPOSITORY).bin / "pulumi-resource-pulumi-python").exists()


@dataclass(frozen=True)
class Project:
    """A Pulumi project and what to run `pulumi` on it with: its own backend, its own home, no terminal."""

    directory: Path
    environment: dict[str, str]

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ("pulumi", *arguments, "--non-interactive", "--color", "never"),
            cwd=self.directory,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pulumi(self, *arguments: str, code: int = 0, **variables: str) -> str:
        """What the command printed; it must end with exit code `code`."""
        process = self.start(*arguments, **variables)
        try:
            printed, _ = process.communicate(timeout=COMMAND_LIMIT)
        finally:
            process.kill()
        assert process.returncode == code, printed
        return printed
