"""`trunkline apply`: an update that does what a saved plan says, or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from trunkline import approval
from trunkline.cli import engine
from trunkline.cli.command import Command, run
from trunkline.cli.options import FILE, as_json, folder
from trunkline.cli.plan import CODES, as_object, outcome
from trunkline.settings import APPROVED

_EPILOG = """\
It runs `TRUNKLINE_APPROVED=FILE pulumi up --yes --skip-preview`, with its progress. What would do something else than
the plan says is refused before the first write, with all that moved.

examples:
  trunkline plan --stack prod --save plan.json    and have it approved
  trunkline apply plan.json
  trunkline apply plan.json --json                {stack, file, outcome: applied, moved or failed, errors}

exit codes: 0 done, 1 an error, 2 refused, since something moved
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Apply a saved plan. Gives 0 where it is done, 2 where something moved and nothing was written, 1 for an error.

    Raises TrunklineError where the file is no saved plan of this version, or `pulumi` cannot be run.
    """
    return run(command, argv, environ)


@click.command("apply", cls=Command, epilog=_EPILOG, help="Do what a saved plan says, or nothing.")
@click.argument("file", type=FILE)
@folder
@as_json("what came of it as one JSON object, in place of the progress")
@click.pass_obj
def command(environ: Mapping[str, str], file: Path, cwd: Path, as_json: bool) -> int:
    """Do what `main` says; FILE is what `trunkline plan --save FILE` wrote."""

    def update(plan: approval.Saved) -> Sequence[str]:
        bound = {**environ, APPROVED: str(file.absolute())}
        return engine.run(("up", "--yes", "--skip-preview"), plan.stack, cwd, bound, shows=not as_json).errors

    if as_json:
        return as_object(file, "applied", update)
    plan = approval.load(file)
    errors = update(plan)
    came = outcome(errors, "applied")
    if not errors:
        print(f"Stack {plan.stack}: applied as approved.")
    else:
        what = "refused, nothing was changed" if came == "moved" else "the update failed"
        print(f"trunkline apply: {what}", file=sys.stderr)
    return CODES[came]
