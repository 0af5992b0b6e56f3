"""`trunkline audit`: findings over a stack's outputs."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from trunkline.audit.finding import Finding, Severity
from trunkline.cli.parser import Parser


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print the findings. Gives 0 where there are none but facts, 2 for warnings and errors.

    Raises TrunklineError where the stack cannot be read.
    """
    arguments = _parser().parse_args(argv)
    from trunkline.state.opening import open_backend
    from trunkline.state.reader import Reader
    from trunkline.state.stack import StackAddress

    address = StackAddress.find(arguments.stack, Path(arguments.cwd), environ)
    with contextlib.closing(open_backend(address)) as backend:
        found = Reader(backend).once().findings
    shown = [finding for finding in found if arguments.all or finding.severity != Severity.INFO]
    print(json.dumps([finding.to_json() for finding in shown], indent=1) if arguments.json else _text(shown))
    return 2 if any(finding.severity != Severity.INFO for finding in found) else 0


def _text(findings: Sequence[Finding]) -> str:
    return "\n".join(_line(finding) for finding in findings) or "No findings."


def _line(finding: Finding) -> str:
    fix = f"; {finding.fix}" if finding.fix else ""
    return f"{finding.severity:8}{finding.code}: {finding.message}{fix}"


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="trunkline audit", description="Audit a stack's outputs.")
    parser.add_argument(
        "--stack", default="", help="STACK or organization/PROJECT/STACK (default TRUNKLINE_STACK, else PULUMI_STACK)"
    )
    parser.add_argument("--cwd", default=".", help="folder of Pulumi.yaml (default the current one)")
    parser.add_argument("--all", action="store_true", help="facts too: costs by tag, last changes, what is protected")
    parser.add_argument("--json", action="store_true", help="as JSON, as /audit gives it")
    return parser
