"""`trunkline validate`: every problem and warning of an inventory, without any account or network."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from trunkline.cli import report
from trunkline.cli.parser import ERROR, Parser
from trunkline.errors import InventoryError, Problem, SettingsError
from trunkline.inventory import load, shape, warnings
from trunkline.settings import Settings

_EPILOG = """\
formats:
  text    a line for each problem: FILE:LINE:COLUMN: what is wrong [rule]; what to do
          a warning likewise, with "warning:" after the place
  json    {"file": ..., "problems": [{"file", "line", "column", "rule", "message", "fix"}, ...], "warnings": [...]}
  github  workflow commands, which GitHub shows beside the lines of a pull request

exit codes: 0 without problems (warnings may stand), 1 with problems
"""


def parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """Give the command's parser; the environment sets the default file."""
    made = Parser(
        prog="trunkline validate",
        description="Check an inventory offline: its YAML, its keys and values, and what fits together;"
        " and the settings that the environment has.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        default=Path(environ.get("TRUNKLINE_INVENTORY") or "numbers.yaml"),
        help="the inventory; default: $TRUNKLINE_INVENTORY, else numbers.yaml",
    )
    made.add_argument("--format", choices=sorted(report.FORMATS), default="text", help="how to report; default: text")
    made.add_argument(
        "--print-schema", action="store_true", help="print the JSON Schema for editors and do nothing else"
    )
    return made


def main(argv: Sequence[str]) -> int:
    """Validate one file and print the report. Gives 0 without problems, else 1."""
    options = parser(os.environ).parse_args(argv)
    if options.print_schema:
        print(shape.schema_text(), end="")
        return 0
    render = report.FORMATS[options.format]
    problems = list(_settings_problems(os.environ))
    odd: tuple[Problem, ...] = ()
    inventory = None
    try:
        inventory = load(options.file)
        odd = warnings(inventory)
    except InventoryError as error:
        problems, odd = [*error.problems, *problems], error.warnings
    print(render(str(options.file), problems, None if problems else inventory, odd))
    return ERROR if problems else 0


def _settings_problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give what is wrong with the settings that the environment has; those that it lacks may be the stack's."""
    try:
        Settings.load(environ, lambda name: None)
    except SettingsError as error:
        return error.problems
    return ()
