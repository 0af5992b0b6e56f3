"""`trunkline edit`: everyday edits of numbers.yaml, shown as a diff and checked before they are written."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trunkline.cli import edit_options

if TYPE_CHECKING:
    from trunkline.edit import Edited
    from trunkline.edit.entries import Entries

Edit = Callable[["Entries"], "Edited"]


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Edit the file. Gives 0 where it was written or says it already, 2 where `--dry-run` found a change.

    Raises TrunklineError, with nothing written, for an edit that cannot be made or whose result would not be sound.
    """
    options = edit_options.parser(environ).parse_args(argv)
    return apply(options.file, lambda file: _edited(options, file), dry_run=options.dry_run, as_json=options.json)


def apply(path: Path, edit: Edit, *, dry_run: bool, as_json: bool) -> int:
    """Make one edit of the file at `path` and print its diff. Gives and raises what `main` does."""
    from trunkline.edit.entries import Entries
    from trunkline.edit.file import checked, difference, read, write

    before = read(path)
    edited = edit(Entries(before, str(path)))
    diff = difference(before, edited.text, str(path))
    if diff:
        checked(edited.text, str(path))
        if not dry_run:
            write(path, before, edited.text)
    written = bool(diff) and not dry_run
    if as_json:
        print(json.dumps({"file": str(path), "written": written, "diff": diff, "notes": edited.notes}, indent=1))
    else:
        print(_told(str(path), diff, edited.notes, written=written), end="")
    return 2 if diff and dry_run else 0


def _edited(options: argparse.Namespace, file: Entries) -> Edited:
    from trunkline import edit
    from trunkline.errors import Refusal

    keys = edit_options.line_keys(options)
    line: str = options.line
    match options.edit:
        case "map-agent":
            return edit.map_agent(file, line, options.agent, options.agent_name)
        case "register":
            return edit.register(file, line, edit_options.trunk_keys(options), keys, options.agent_name)
        case "release" if options.remove:
            return edit.remove(file, line)
        case "release":
            return edit.release(file, line, "keep" if options.keep else "release")
        case "rename":
            return edit.rename(file, line, options.name)
        case "swap":
            return edit.swap(file, line, options.other)
        case "add":
            return edit.add(file, line, keys, options.agent_name)
    if not keys:
        raise Refusal("There is nothing to set. Nothing was written; `trunkline edit set --help` lists what can be.")
    return edit.set_keys(file, line, keys)


def _told(file: str, diff: str, notes: Sequence[str], *, written: bool) -> str:
    if not diff:
        return f"{file} says so already; nothing was written.\n"
    done = f"{file} is written." if written else f"Nothing was written; without --dry-run {file} would be."
    return "\n".join([diff.rstrip("\n"), "", *notes, f"{done} `pulumi preview --diff` shows what it does.", ""])
