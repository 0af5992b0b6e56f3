"""`trunkline validate`: every problem and warning of an inventory, without any account or network."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from trunkline.cli import report
from trunkline.cli.command import ERROR, Command, run
from trunkline.cli.options import FILE, inventory_file
from trunkline.errors import InventoryError, Problem, SettingsError
from trunkline.inventory import load, parts, warnings
from trunkline.inventory.shapes import schema
from trunkline.settings import Settings

_EPILOG = """\
formats:
  text    a line for each problem: FILE:LINE:COLUMN: what is wrong [rule]; what to do
          a warning likewise, with "warning:" after the place
  json    {"file": ..., "problems": [{"file", "line", "column", "rule", "message", "fix"}, ...], "warnings": [...]}
  github  workflow commands, which GitHub shows beside the lines of a pull request

examples:
  trunkline validate
  trunkline validate fleet/numbers.yaml --format json
  trunkline validate --print-schema > numbers.schema.json

exit codes: 0 without problems (warnings may stand), 1 with problems
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Validate one inventory and print the report. Gives 0 without problems, else 1."""
    return run(command, argv, environ)


@click.command(
    "validate",
    cls=Command,
    epilog=_EPILOG,
    help="Check an inventory offline: its YAML, its keys and values, and what fits together; and the settings that the"
    " environment has. FILE is the inventory, or a part of it, which stands for the whole; default:"
    " $TRUNKLINE_INVENTORY, else numbers.yaml.",
)
@click.argument("file", required=False, type=FILE, default=inventory_file)
@click.option("--format", "form", type=click.Choice(sorted(report.FORMATS)), default="text", help="default: text")
@click.option("--json", "form", flag_value="json", help="as --format json")
@click.option("--print-schema", is_flag=True, help="print the JSON Schema for editors and do nothing else")
@click.option("--print-part-schema", is_flag=True, help="print that of a part, likewise")
@click.pass_obj
def command(environ: Mapping[str, str], file: Path, form: str, print_schema: bool, print_part_schema: bool) -> int:
    """Do what `main` says."""
    if print_schema or print_part_schema:
        print(schema.schema_text(schema.InventoryShape if print_schema else schema.PartShape), end="")
        return 0
    render = report.FORMATS[form]
    problems = list(_settings_problems(environ))
    odd: tuple[Problem, ...] = ()
    inventory = None
    try:
        file = parts.inventory_of(file)
        inventory = load(file)
        odd = warnings(inventory)
    except InventoryError as error:
        problems, odd = [*error.problems, *problems], error.warnings
    print(render(str(file), problems, None if problems else inventory, odd))
    return ERROR if problems else 0


def _settings_problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Give what is wrong with the settings that the environment has; those that it lacks may be the stack's."""
    try:
        Settings.load(environ, lambda name: None)
    except SettingsError as error:
        return error.problems
    return ()
