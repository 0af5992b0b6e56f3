"""The `trunkline` command: finds the subcommand, imports that one alone, and runs it.

`--help` is to answer at once, so what only some runs need is imported where they need it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from trunkline.cli.command import ERROR, Group, run

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETE = "_TRUNKLINE_COMPLETE"
"""Set by the scripts of `trunkline completion`: the shell asks what could come next."""


class Entry(NamedTuple):
    """A subcommand: `place` is "module:attribute" of its click command."""

    place: str
    summary: str

    def load(self) -> click.Command:
        """Import the subcommand's module; nothing else does."""
        module, _, attribute = self.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


COMMANDS: Mapping[str, Entry] = {
    "validate": Entry("trunkline.cli.validate:command", "check numbers.yaml offline and report every problem"),
    "edit": Entry("trunkline.cli.edit:command", "change numbers.yaml: map an agent, add or release a line …"),
    "search": Entry("trunkline.cli.search:command", "list numbers on offer, with price and what buying them needs"),
    "init": Entry("trunkline.cli.init:command", "make a repository of one's own, with the numbers of an account"),
    "dump": Entry("trunkline.cli.dump:command", "write a numbers.yaml that adopts what the vendors hold"),
    "plan": Entry("trunkline.cli.plan:command", "show on one page what `pulumi up` would do"),
    "apply": Entry("trunkline.cli.apply:command", "do what a plan saved by `trunkline plan --save` says, or nothing"),
    "explain": Entry("trunkline.cli.explain:command", "say which trunk, rule and agent a call hits, or why none"),
    "history": Entry("trunkline.cli.history:command", "say who answered a line when, by which update and commit"),
    "serve": Entry("trunkline.cli.serve:command", "serve the read-only API and its page over a stack's outputs"),
    "keys": Entry("trunkline.cli.keys:command", "create, list or revoke the API's keys"),
    "audit": Entry("trunkline.cli.audit:command", "audit a stack's outputs"),
    "sandbox": Entry("sandbox.cli:command", "run emulators of the carriers and of LiveKit SIP on this machine"),
    "completion": Entry("trunkline.cli.completion:command", "print what makes a shell complete `trunkline`"),
}
_EPILOG = """\
examples:
  trunkline validate                              is the file sound?
  trunkline plan --stack prod                     what would an update do?
  trunkline edit map-agent sales-us support       let another agent answer

`trunkline <command> --help` explains one. Exit codes: 0 clean, 1 error, 2 changes or findings.
"""


class _Front(Group):
    """Knows the subcommands by name and summary, and imports the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give all names, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one."""
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the one that is run; click suggests names only of what is imported."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.exceptions.NoSuchCommand(name, possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write every name with its summary."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Give the names that begin so; click would import every one for its summary."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=entry.summary) for name, entry in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


@click.command("trunkline", cls=_Front, epilog=_EPILOG, help="Phone numbers of LiveKit voice agents as code.")
@click.version_option(package_name="trunkline", message="trunkline %(version)s")
def front() -> None:
    """Stand before the subcommands, and do nothing itself."""


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one subcommand. Gives 0 for clean, 1 for an error, 2 for changes or findings, 130 when interrupted, and 141
    where nobody reads the output any more, as after `| head`.
    """
    _open_what_is_closed()
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        code = _main(arguments, environ)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        if _is_read():
            raise
        import signal

        _forget_what_is_left()
        return 128 + signal.SIGPIPE
    except OSError as error:
        from trunkline.cli.refused_by_system import told

        if (text := told(error)) is None:
            raise
        print(f"trunkline {' '.join(arguments[:1])}: {text}", file=sys.stderr)
        if error.filename is None:
            _forget_what_is_left()
        return ERROR


def _open_what_is_closed() -> None:
    """Let the streams that whoever started this has closed (`>&-`) lead nowhere, as Python itself does not.

    Otherwise the next file that is opened would be the closed one, and an error would be printed among the data.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))


def _forget_what_is_left() -> None:
    """Let nothing of the output be written, or told, when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_read() -> bool:
    """Say whether somebody reads the output: another pipe may have broken, which is an error."""
    import select

    asking = select.poll()
    asking.register(sys.stdout, 0)
    return not asking.poll(0)


def _main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    if instruction := environ.get(COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(front, {"obj": environ}, "trunkline", COMPLETE, instruction)
    if not arguments:
        run(front, ["--help"], environ)
        return ERROR
    try:
        return run(front, arguments, environ)
    except Exception as error:
        from trunkline.errors import TrunklineError

        if not isinstance(error, TrunklineError):
            raise
        print(f"trunkline {arguments[0]}: {error}{error.way_out}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
