"""`trunkline plan`: the page that a reviewer reads, of a real preview."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from trunkline import approval
from trunkline.cli import engine
from trunkline.cli.command import ERROR, Command, run
from trunkline.cli.options import FILE, folder
from trunkline.cli.progress import progress
from trunkline.errors import TrunklineError
from trunkline.review import Page, Verdict, as_json, compose, markdown, text
from trunkline.settings import APPROVED

_EPILOG = """\
It runs `pulumi preview`, which reads the vendors and writes nothing, and needs the same settings.

examples:
  trunkline plan                                  the stack that is selected
  trunkline plan --stack prod --format markdown --output plan.md      for a comment in a pull request
  trunkline plan --format json | jq .bought
  trunkline plan --save plan.json                 for approval; `trunkline apply plan.json` does that and nothing else
  trunkline plan --check plan.json                whether it would do that still

exit codes: 0 nothing changes, 1 refused or an error, 2 changes; with --check 0 still what was approved, 2 moved
"""
_VERDICTS: Mapping[Verdict, int] = {Verdict.NOTHING: 0, Verdict.REFUSED: ERROR, Verdict.CHANGES: 2}
CODES: Mapping[str, int] = {"approved": 0, "applied": 0, "moved": 2, "failed": ERROR}
"""What came of a saved plan -> the exit code."""
_FORMATS = ("text", "markdown", "json")


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print or write the page. Gives 0 where nothing changes, 2 for changes, 1 where the update is refused.

    Raises TrunklineError where there is no preview to read; with --output the file has a page that says so.
    """
    return run(command, argv, environ)


@click.command("plan", cls=Command, epilog=_EPILOG, help="Show on one page what `pulumi up` would do.")
@click.option("--stack", default="", help="the stack (default the selected one, or PULUMI_STACK)")
@folder
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="default: text")
@click.option("--json", "form", flag_value="json", help="as --format json; with --check whether it moved")
@click.option("--output", type=FILE, metavar="FILE", help="write it there and print nothing")
@click.option("--save", type=FILE, metavar="FILE", help="save the plan too, for `trunkline apply FILE`")
@click.option("--check", type=FILE, metavar="FILE", help="say whether a saved plan would still do the same")
@click.pass_obj
def command(
    environ: Mapping[str, str],
    stack: str,
    cwd: Path,
    form: str,
    output: Path | None,
    save: Path | None,
    check: Path | None,
) -> int:
    """Do what `main` says."""
    if save is not None and check is not None:
        raise click.UsageError("--save and --check exclude each other.", click.get_current_context())
    if check is not None:
        return _check(check, cwd, environ, as_json=form == "json")
    named = (stack or environ.get("PULUMI_STACK", "")).rpartition("/")[2]
    colour = output is None and sys.stdout.isatty() and not environ.get("NO_COLOR")
    formats: Mapping[str, Callable[[Page], str]] = {
        "text": lambda page: text.render(page, colour=colour),
        "markdown": markdown.render,
        "json": as_json.render,
    }
    try:
        with progress(quiet=form == "json") as tell:
            # What an earlier plan approved says nothing of a new one.
            log = engine.run(("preview",), stack, cwd, {k: v for k, v in environ.items() if k != APPROVED}, tell=tell)
    except TrunklineError as error:
        if output is not None:
            # What stood there before, as the comment of an earlier push, must not pass for this plan.
            why = f"the plan could not be made: {error}"
            _write(output, formats[form](Page(stack=named, verdict=Verdict.REFUSED, refused=(why,))))
        raise
    page = compose(log)
    # A program that ends before its first resource tells no stack.
    page = replace(page, stack=page.stack or named)
    if save is not None and page.verdict is not Verdict.REFUSED:
        _write(save, approval.of(log, page).write())
    written = formats[form](page)
    if output is None:
        print(written, end="")
    else:
        _write(output, written)
    return _VERDICTS[page.verdict]


def _write(path: Path, written: str) -> None:
    try:
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        raise TrunklineError(f"{path} cannot be written: {error.strerror}") from error


def _check(path: Path, folder: Path, environ: Mapping[str, str], *, as_json: bool) -> int:
    """Say whether an update would still do what a saved plan says; writes nothing."""

    def look(plan: approval.Saved) -> Sequence[str]:
        with progress(quiet=as_json) as tell:
            bound = {**environ, APPROVED: str(path.absolute())}
            return engine.run(("preview",), plan.stack, folder, bound, tell=tell).errors

    if as_json:
        return as_object(path, "approved", look)
    plan = approval.load(path)
    errors = look(plan)
    print("\n".join(errors) or f"Plan of stack {plan.stack}: still what was approved.")
    return CODES[outcome(errors, "approved")]


def as_object(path: Path, well: str, done: Callable[[approval.Saved], Sequence[str]]) -> int:
    """Print what came of a saved plan as one JSON object, and give the exit code; `done` gives the errors.

    What keeps it from being tried, as a file that is not there, is told in the object like any other error.
    """
    stack = ""
    try:
        plan = approval.load(path)
        stack, errors = plan.stack, done(plan)
    except TrunklineError as error:
        errors = (str(error),)
    came = outcome(errors, well)
    print(json.dumps({"stack": stack, "file": str(path), "outcome": came, "errors": list(errors)}, indent=1))
    return CODES[came]


def outcome(errors: Sequence[str], well: str) -> str:
    """Give what came of a saved plan: `well` without errors, "moved" where it would not be what was approved."""
    if not errors:
        return well
    return "moved" if any(approval.NOT_APPROVED in error for error in errors) else "failed"
