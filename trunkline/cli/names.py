"""Names of the inventory, for a shell that completes a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml
from click.shell_completion import CompletionItem

from trunkline.cli.command import Completer, inventory_file


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
    try:
        # The quick loader: between two presses of a key nobody waits for the checks.
        data = yaml.load(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    found = data.get(section) if isinstance(data, dict) else None
    entries = found.items() if isinstance(found, dict) else ()
    return {str(name): entry if isinstance(entry, dict) else {} for name, entry in entries}
