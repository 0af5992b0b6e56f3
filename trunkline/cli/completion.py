"""`trunkline completion`: what a shell needs to complete commands, options, and names of the file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from trunkline.cli.command import Command, run
from trunkline.cli.main import COMPLETE

_SHELLS: Mapping[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
_EPILOG = """\
It completes commands, options and choices; and, for `edit`, `explain` and `history`, lines, agents and trunks of the
inventory.

examples:
  trunkline completion bash > ~/.local/share/bash-completion/completions/trunkline
  trunkline completion zsh > ~/.zfunc/_trunkline          with ~/.zfunc in $fpath
  trunkline completion fish > ~/.config/fish/completions/trunkline.fish

exit codes: 0 printed, 1 error
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print the script of a shell and give 0."""
    return run(command, argv, environ)


@click.command(
    "completion", cls=Command, epilog=_EPILOG, help="Print what makes a shell complete `trunkline`; save it once."
)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
def command(shell: str) -> int:
    """Print the script of a shell and give 0."""
    print(_SHELLS[shell](command, {}, "trunkline", COMPLETE).source(), end="")
    return 0
