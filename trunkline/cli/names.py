"""Names of the inventory, for a shell that completes a word."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import yaml
from click.shell_completion import CompletionItem

from trunkline.cli.options import Completer, inventory_file


def names(section: str) -> Completer:
    """Give what completes the key of an entry: "numbers", "trunks" or "agents"."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        return [CompletionItem(name) for name in _entries(ctx, section) if name.startswith(incomplete)]

    return complete


def numbers(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Complete the number of a line that has one, with the line's name."""
    found = ((str(entry.get("phone_number") or ""), name) for name, entry in _entries(ctx, "numbers").items())
    return [CompletionItem(number, help=name) for number, name in found if number and number.startswith(incomplete)]


def _entries(ctx: click.Context, section: str) -> dict[str, dict[str, Any]]:
    """Give a section's entries; none where the file cannot be read, since a shell shows no error in a word."""
    with ctx.scope(cleanup=False):
        file = Path(ctx.params.get("file") or inventory_file())
    # Of a part, those of the others too.
    parts = file.parent.glob("*.yaml") if file.parent.suffix == ".d" else file.with_suffix(".d").glob("*.yaml")
    root = file.parent.with_suffix(".yaml") if file.parent.suffix == ".d" else file
    found = [entry for each in (root, *sorted(parts)) for entry in _section(each, section)]
    return {str(name): entry if isinstance(entry, dict) else {} for name, entry in found}


def _section(file: Path, section: str) -> Iterable[tuple[Any, Any]]:
    try:
        # The quick loader: between two presses of a key nobody waits for the checks.
        data = yaml.load(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError):
        return ()
    found = data.get(section) if isinstance(data, dict) else None
    return found.items() if isinstance(found, dict) else ()
