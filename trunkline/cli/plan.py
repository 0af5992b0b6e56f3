"""`trunkline plan`: the page that a reviewer reads, of a real preview."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from trunkline.cli.parser import ERROR, Parser
from trunkline.errors import TrunklineError
from trunkline.review import EngineLog, Page, Verdict, as_json, compose, markdown, read, text

_EPILOG = """\
It runs `pulumi preview`, which reads the vendors and writes nothing, and needs the same settings.

examples:
  trunkline plan                                  the stack that is selected
  trunkline plan --stack prod --format markdown --output plan.md      for a comment in a pull request
  trunkline plan --format json | jq .bought

exit codes: 0 nothing changes, 1 refused or an error, 2 changes
"""
_CODES: Mapping[Verdict, int] = {Verdict.NOTHING: 0, Verdict.REFUSED: ERROR, Verdict.CHANGES: 2}
_LAST = 20  # lines of what the engine printed, where its log tells no error


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print or write the page. Gives 0 where nothing changes, 2 for changes, 1 where the update is refused.

    Raises TrunklineError where there is no preview to read.
    """
    options = _parser().parse_args(argv)
    page = compose(_previewed(options.stack, Path(options.cwd), environ))
    colour = options.output is None and sys.stdout.isatty() and not environ.get("NO_COLOR")
    formats: Mapping[str, Callable[[Page], str]] = {
        "text": lambda page: text.render(page, colour=colour),
        "markdown": markdown.render,
        "json": as_json.render,
    }
    written = formats[options.format](page)
    if options.output is None:
        print(written, end="")
    else:
        _write(options.output, written)
    return _CODES[page.verdict]


def _write(path: Path, written: str) -> None:
    try:
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        raise TrunklineError(f"{path} cannot be written: {error.strerror}") from error


def _previewed(stack: str, folder: Path, environ: Mapping[str, str]) -> EngineLog:
    """Run the preview and read its events, which no other user of the machine can."""
    with tempfile.TemporaryDirectory(prefix="trunkline-plan-") as private:
        log = Path(private, "events.jsonl")
        command = ["pulumi", "preview", "--non-interactive", "--color", "never", "--event-log", str(log)]
        command += ["--stack", stack] if stack else []
        try:
            # The flag is hidden without the variable (3.259.0).
            variables = {**environ, "PULUMI_DEBUG_COMMANDS": "true"}
            ended = subprocess.run(
                command,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise TrunklineError(
                f"`pulumi` cannot be run in {folder}: {error.strerror}. Nothing was changed. Put it on PATH"
                " (`. .tools/env.sh` after `make setup`)."
            ) from error
        found = read(log.read_text(encoding="utf-8").splitlines()) if log.exists() else EngineLog(stack=stack)
    if ended.returncode and not found.errors:
        said = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-_LAST:])
        raise TrunklineError(f"`pulumi preview` ended with {ended.returncode}. Nothing was changed. Its words:\n{said}")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="trunkline plan",
        description="Show on one page what `pulumi up` would do.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", default="", help="the stack (default the selected one, or PULUMI_STACK)")
    parser.add_argument("--cwd", default=".", help="folder of Pulumi.yaml (default the current one)")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="default: text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there and print nothing")
    return parser
