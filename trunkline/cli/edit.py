"""`trunkline edit`: everyday edits of numbers.yaml, shown as a diff and checked before they are written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trunkline.cli import edit_options
from trunkline.cli.command import Group, run
from trunkline.cli.edit_options import Given
from trunkline.cli.names import names
from trunkline.cli.options import as_json

if TYPE_CHECKING:
    from trunkline.edit import Edited, Files

Edit = Callable[["Files"], "Edited"]
_CODES = (
    "exit codes: 0 written, or the file says it already; 1 refused, and nothing was written;"
    " 2 with --dry-run: it would be written"
)
_EPILOG = f"""\
examples:
  trunkline edit map-agent sales-us support --dry-run
  trunkline edit add sales-us --phone-number=+16505551234 --agent=sales
  trunkline edit release support-gb

`trunkline edit <edit> --help` explains one.
{_CODES}
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Edit the file. Gives 0 where it was written or says it already, 2 where `--dry-run` found a change.

    Raises TrunklineError, with nothing written, for an edit that cannot be made or whose result would not be sound.
    """
    return run(command, argv, environ)


@click.group(
    "edit",
    cls=Group,
    epilog=_EPILOG,
    help="Change numbers.yaml: comments, order and all that the edit is not about stay as they are. The result is"
    " checked before it is written, and shown as a diff.",
)
def command() -> None:
    """Stand before the edits, and do nothing itself."""


def apply(path: Path, edit: Edit, *, dry_run: bool, as_json: bool) -> int:
    """Make one edit of the inventory at `path` and print its diff. Gives and raises what `main` does."""
    from trunkline.edit.file import changed, checked, difference, read, write_all

    before = read(path)
    edited = edit(before)
    changes = changed(before, edited.files)
    diff = "".join(difference(*texts, file) for file, texts in changes.items())
    if changes:
        checked(edited.files)
        if not dry_run:
            write_all(changes)
    written = bool(changes) and not dry_run
    about = list(changes or dict.fromkeys(edited.files.file_of(("numbers", line)) for line in edited.lines))
    if as_json:
        told = {"file": " and ".join(about), "files": about, "written": written, "diff": diff, "notes": edited.notes}
        print(json.dumps(told, indent=1))
    else:
        print(_told(about, diff, edited.notes, written=written), end="")
    return 2 if diff and dry_run else 0


def _told(files: Sequence[str], diff: str, notes: Sequence[str], *, written: bool) -> str:
    named, several = " and ".join(files), len(files) > 1
    if not diff:
        return f"{named} {'say' if several else 'says'} so already; nothing was written.\n"
    done = f"{named} {'are' if several else 'is'} written."
    dry = f"Nothing was written; without --dry-run {named} would be."
    return "\n".join(
        [diff.rstrip("\n"), "", *notes, f"{done if written else dry} `pulumi preview --diff` shows what it does.", ""]
    )


def _edit(name: str, summary: str, *examples: str) -> Callable[[Callable[[Files, Given], Edited]], click.Command]:
    """Give the decorator that makes a subcommand of an edit of LINE; below it stand the options of its own."""
    shown = "".join(f"  trunkline edit {name} {example}\n" for example in examples)
    common = edit_options.options(
        command.command(
            name, short_help=summary, help=f"{summary[0].upper()}{summary[1:]}.", epilog=f"examples:\n{shown}\n{_CODES}"
        ),
        click.argument("line", shell_complete=names("numbers")),
    )
    last = edit_options.options(
        edit_options.file, as_json("print file, diff, notes and whether it was written as JSON")
    )

    def decorate(edit: Callable[[Files, Given], Edited]) -> click.Command:
        @wraps(last(edit))  # takes the options along, which click keeps at the function
        def callback(**given: object) -> int:
            dry_run, as_json = bool(given["dry_run"]), bool(given["as_json"])
            return apply(Path(str(given["file"])), lambda file: edit(file, given), dry_run=dry_run, as_json=as_json)

        made: click.Command = common(callback)
        return made

    return decorate


@_edit("map-agent", "let another agent answer a line", "sales-us support", "sales-us night --agent-name=night-agent")
@click.argument("agent", shell_complete=names("agents"))
@edit_options.agent_name
def _map_agent(file: Files, given: Given) -> Edited:
    from trunkline import edit

    return edit.map_agent(file, given["line"], given["agent"], given["agent_name"])


@_edit(
    "register",
    "add a SIP trunk that no carrier manages, with its line",
    "uk-office --phone-number=+442071234567 --sip-address=sip.example.com --agent=support",
)
@edit_options.registration
def _register(file: Files, given: Given) -> Edited:
    from trunkline import edit

    keys = edit_options.line_keys(given)
    return edit.register(file, given["line"], edit_options.trunk_keys(given), keys, given["agent_name"])


@_edit(
    "release",
    "mark a line for its removal, or take a marked one out",
    "support-gb",
    "support-gb --remove    # once that is applied",
)
@click.option("--keep", is_flag=True, help="leave the number in the account, detached")
@click.option("--remove", is_flag=True, help="the second step: take the marked line out")
def _release(file: Files, given: Given) -> Edited:
    from trunkline import edit

    if given["remove"]:
        return edit.remove(file, given["line"])
    return edit.release(file, given["line"], "keep" if given["keep"] else "release")


@_edit("rename", "give a line another name", "sales-us sales-america")
@click.argument("name")
def _rename(file: Files, given: Given) -> Edited:
    from trunkline import edit

    return edit.rename(file, given["line"], given["name"])


@_edit(
    "add",
    "add a line: its number is known, looked for or adopted",
    "sales-us --phone-number=+16505551234 --agent=sales",
    "support-gb --country=GB --type=mobile --agent=support",
    "hotline --phone-number=+14155550100 --adopt --agent=support",
)
@edit_options.addition
def _add(file: Files, given: Given) -> Edited:
    from trunkline import edit

    return edit.add(file, given["line"], edit_options.line_keys(given), given["agent_name"])


@_edit("set", "set keys of a line", 'uk-office --label="UK front desk" --krisp-enabled')
@edit_options.any_line
def _set(file: Files, given: Given) -> Edited:
    from trunkline import edit
    from trunkline.errors import Refusal

    keys = edit_options.line_keys(given)
    if not keys:
        raise Refusal("There is nothing to set. Nothing was written; `trunkline edit set --help` lists what can be.")
    return edit.set_keys(file, given["line"], keys)


@_edit("swap", "exchange agent, label and tags of two lines", "sales-us support-us")
@click.argument("other", shell_complete=names("numbers"))
def _swap(file: Files, given: Given) -> Edited:
    from trunkline import edit

    return edit.swap(file, given["line"], given["other"])
