"""`trunkline audit`: findings over a stack's outputs."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from trunkline.audit.finding import Finding, Severity
from trunkline.cli.command import Command, as_json, run, stack
from trunkline.cli.progress import progress

_EPILOG = """\
It reads the stack's backend and asks no vendor.

examples:
  trunkline audit --stack prod
  trunkline audit --stack prod --all --json

exit codes: 0 nothing but facts, 1 error, 2 warnings or errors
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print the findings. Gives 0 where there are none but facts, 2 for warnings and errors.

    Raises TrunklineError where the stack cannot be read.
    """
    return run(command, argv, environ)


@click.command("audit", cls=Command, epilog=_EPILOG, help="Audit a stack's outputs.")
@stack
@click.option("--all", "facts", is_flag=True, help="facts too: costs by tag, last changes, what is protected")
@as_json("as JSON, as /audit gives it")
@click.pass_obj
def command(environ: Mapping[str, str], stack: str, cwd: Path, facts: bool, as_json: bool) -> int:
    """Do what `main` says."""
    from trunkline.state.opening import open_backend
    from trunkline.state.reader import Reader
    from trunkline.state.stack import StackAddress

    address = StackAddress.find(stack, cwd, environ)
    with progress(quiet=as_json) as tell, contextlib.closing(open_backend(address)) as backend:
        tell(f"reading the state of stack {address.stack}")
        found = Reader(backend).once().findings
    shown = [finding for finding in found if facts or finding.severity != Severity.INFO]
    print(json.dumps([finding.to_json() for finding in shown], indent=1) if as_json else _text(shown))
    return 2 if any(finding.severity != Severity.INFO for finding in found) else 0


def _text(findings: Sequence[Finding]) -> str:
    return "\n".join(_line(finding) for finding in findings) or "No findings."


def _line(finding: Finding) -> str:
    fix = f"; {finding.fix}" if finding.fix else ""
    return f"{finding.severity:8}{finding.code}: {finding.message}{fix}"
