"""The options that several subcommands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def stack(function: Any) -> Any:
    """Add `--stack` and `--cwd`: whose state is read."""
    return click.option(
        "--stack",
        default="",
        help="STACK or organization/PROJECT/STACK (default TRUNKLINE_STACK, else PULUMI_STACK, else the selected one)",
    )(folder(function))


def stacks(function: Any) -> Any:
    """Add `--stack`, which may be repeated, and `--cwd`: whose states are read."""
    return click.option(
        "--stack",
        "stacks",
        multiple=True,
        help="STACK or organization/PROJECT/STACK, repeated for several (default TRUNKLINE_STACK, which may name"
        " several, else PULUMI_STACK, else the selected one)",
    )(folder(function))


def folder(function: Any) -> Any:
    """Add `--cwd`."""
    return click.option("--cwd", type=FILE, default=".", help="folder of Pulumi.yaml (default the current one)")(
        function
    )


def inventory(function: Any) -> Any:
    """Add `--file`."""
    return click.option(
        "--file",
        type=FILE,
        default=inventory_file,
        help="the inventory, or a part of it, into which new entries go; default: $TRUNKLINE_INVENTORY, else"
        " numbers.yaml",
    )(function)


def inventory_file() -> str:
    """Give the inventory that is read where no argument names one."""
    return click.get_current_context().obj.get("TRUNKLINE_INVENTORY") or "numbers.yaml"


def as_json(help: str) -> Callable[[Any], Any]:
    """Give the decorator that adds `--json`."""
    return click.option("--json", "as_json", is_flag=True, help=help)


FILE = click.Path(path_type=Path)
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[str]]"]
