"""`trunkline audit`: audits a stack's outputs, and beside them the file and the live systems."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trunkline.audit.finding import Finding, Severity
from trunkline.audit.report import FORMATS, of_stacks
from trunkline.cli.command import Command, run
from trunkline.cli.options import FILE, stacks
from trunkline.cli.progress import progress
from trunkline.errors import TrunklineError

if TYPE_CHECKING:
    from trunkline.inventory import Inventory
    from trunkline.state.stack import StackAddress

_EPILOG = """\
With --live it also reads numbers.yaml and what the vendors hold: numbers that are paid for and no line has, with their
price; trunks that are nobody's, or open to everybody; rules for every trunk; ids that do not exist; agents whom no call
reaches; objects of ours and passwords that were changed outside. It writes nothing. docs/audit.md explains each code.

examples:
  trunkline audit --stack prod                             what the stack's outputs tell
  trunkline audit --stack prod --live                      beside the file and the live systems
  trunkline audit --stack prod --live --format markdown    as a table, for an issue
  trunkline audit --stack prod --live --all --json         facts too, for programs
  trunkline audit --stack eu --stack us                    one after the other; one that fails stops no other

exit codes: 0 nothing but facts, 1 an error, 2 warnings or errors were found
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print the findings. Gives 0 where there are none but facts, else 2; 1 where one of several stacks cannot be read.

    Raises TrunklineError where a single stack cannot be read.
    """
    return run(command, argv, environ)


@click.command("audit", cls=Command, epilog=_EPILOG, help="Audit the outputs of one stack or of several.")
@stacks
@click.option("--live", is_flag=True, help="compare file, state and live systems too")
@click.option(
    "--file",
    type=FILE,
    metavar="FILE",
    help="the inventory; default: $TRUNKLINE_INVENTORY, else numbers.yaml beside Pulumi.yaml",
)
@click.option("--all", "facts", is_flag=True, help="facts too: costs by tag, last changes, what is protected")
@click.option("--json", "as_json", is_flag=True, help="as JSON, as /audit gives it; short for --format json")
@click.option(
    "--format", "form", type=click.Choice(tuple(FORMATS)), default="text", help="how it is printed; default: text"
)
@click.pass_obj
def command(
    environ: Mapping[str, str],
    stacks: Sequence[str],
    cwd: Path,
    live: bool,
    file: Path | None,
    facts: bool,
    as_json: bool,
    form: str,
) -> int:
    """Do what `main` says."""
    from trunkline.state.stack import StackAddress

    addresses = StackAddress.find_all(stacks, cwd, environ)
    shape = "json" if as_json else form
    found, failed = dict[str, Sequence[Finding]](), False
    with progress(quiet=shape == "json") as tell:
        inventory = _file(cwd, file, environ) if live else None
        for address in addresses:
            try:
                found[address.stack] = _found(address, inventory, environ, tell, live=live)
            except TrunklineError as error:
                if len(addresses) == 1:
                    raise
                failed = True
                print(f"stack {address.stack} could not be audited: {error}{error.way_out}", file=sys.stderr)
    shown = {
        stack: [finding for finding in each if facts or finding.severity != Severity.INFO]
        for stack, each in found.items()
    }
    print(FORMATS[shape](shown[addresses[0].stack]) if len(addresses) == 1 else of_stacks(shape, shown))
    if failed:
        return 1
    return 2 if any(finding.severity != Severity.INFO for each in found.values() for finding in each) else 0


def _found(
    address: StackAddress,
    file: Inventory | None,
    environ: Mapping[str, str],
    tell: Callable[[str], None],
    *,
    live: bool,
) -> Sequence[Finding]:
    if live:
        from trunkline.cli.audit_live import findings

        return findings(address, file, environ, lambda what: tell(f"reading {what}"))
    from trunkline.state.opening import open_backend
    from trunkline.state.reader import Reader

    tell(f"reading the state of stack {address.stack}")
    with contextlib.closing(open_backend(address)) as backend:
        return Reader(backend).once().findings


def _file(cwd: Path, file: Path | None, environ: Mapping[str, str]) -> Inventory | None:
    """Read the file to compare with; one that nobody named and that is not there is none. Raises InventoryError."""
    from trunkline.inventory import load

    if file is not None:
        return load(file)
    usual = Path(environ.get("TRUNKLINE_INVENTORY") or "numbers.yaml")
    if (cwd / usual).exists():
        return load(usual, within=cwd)
    print(f"{usual} is not there, so no file is compared; --file names one", file=sys.stderr)
    return None
