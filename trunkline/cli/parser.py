"""Argument parsing that all subcommands share."""

from __future__ import annotations

import argparse
from typing import NoReturn

ERROR = 1


class Parser(argparse.ArgumentParser):
    """Exits with 1 where the arguments are wrong: argparse's own 2 means changes or findings here."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how the command is used, and exit."""
        self.exit(ERROR, f"{self.format_usage()}{self.prog}: {message}\n")
