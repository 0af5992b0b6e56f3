"""Questions to somebody at a terminal: each is asked until its answer can be used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from getpass import getpass


@dataclass(frozen=True, slots=True)
class Terminal:
    """Who answers: `ask` gives a line, `ask_secret` one that is not shown. Both take the question."""

    ask: Callable[[str], str]
    ask_secret: Callable[[str], str]

    @classmethod
    def here(cls) -> Terminal | None:
        """Give the terminal of this process, None where its input is none."""
        return cls(_line, getpass) if sys.stdin.isatty() else None

    def some_of(self, question: str, known: Sequence[str]) -> list[str]:
        """Ask for some of the known words, or none of them: an empty line."""
        while True:
            words = self.ask(f"{question} [{' '.join(known)}; empty for none]: ").replace(",", " ").split()
            if not (unknown := [word for word in words if word not in known]):
                return list(dict.fromkeys(words))
            self.ask_again(unknown)

    def value(self, name: str, *, secret: bool) -> str:
        """Ask for a value until there is one."""
        while not (value := (self.ask_secret if secret else self.ask)(f"{name}: ").strip()):
            continue
        return value

    @staticmethod
    def ask_again(unknown: Sequence[str]) -> None:
        """Say what cannot be used."""
        print(f"unknown: {', '.join(unknown)}", file=sys.stderr)


def _line(question: str) -> str:
    # On standard error, as getpass does: what a command prints may go to a file.
    print(question, end="", file=sys.stderr, flush=True)
    return input()
