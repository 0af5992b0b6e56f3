"""Running `pulumi` on a project, as a shell after `. .tools/env.sh` does."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
COMMAND_LIMIT = 120  # seconds; a busy machine previews two thousand resources within one minute


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
