"""What all subcommands share: how one is run and how its help looks.

`trunkline --help` imports it, so it imports little itself; what the options need is in `options.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import partial

import click

ERROR = 1


class Several(click.Option):
    """An option that takes one or more words, up to the next option: `--stacks prod staging`."""


_HELP = ("-h", "--help")


class Command(click.Command):
    """A command whose epilog is shown as it is written."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """Give them for whatever context asks first: click keeps what it made of the answer."""
        return list(_HELP)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; those of an option of class Several are its own, one by one."""
        several = {name for each in self.params if isinstance(each, Several) for name in each.opts}
        return super().parse_args(ctx, list(_one_by_one(args, several)))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and exit codes."""
        _write_as_it_is(self.epilog, formatter)


class Group(click.Group):
    """A command of commands, whose epilog is shown as it is written."""

    command_class = Command

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """Give them as a command does."""
        return list(_HELP)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order in which the commands are declared."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and exit codes."""
        _write_as_it_is(self.epilog, formatter)


def run(command: click.Command, argv: Sequence[str], environ: Mapping[str, str], **parts: object) -> int:
    """Run a command and give its exit code; the environment is its context's `obj`.

    `parts` stand in for parameters of its function that no option sets. Wrong arguments are told with the usage and are
    ERROR: click's own 2 means changes or findings here. Raises what the command raises.
    """
    made = copy(command)
    if command.callback is not None and parts:
        made.callback = partial(command.callback, **parts)
    name = command.name if command.name == "trunkline" else f"trunkline {command.name}"
    try:
        with made.make_context(name, list(argv), obj=environ, max_content_width=100) as context:
            code: int = made.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        error.show()
        return ERROR
    return code


def _write_as_it_is(epilog: str | None, formatter: click.HelpFormatter) -> None:
    if epilog:
        formatter.write(f"\n{epilog.rstrip()}\n")


def _one_by_one(words: Sequence[str], several: set[str]) -> Iterator[str]:
    """Give the words with such an option before each of its values: `--stacks a --stacks b` for `--stacks a b`."""
    option, fresh = "", False
    for word in words:
        if word.startswith("-"):
            option, fresh = word if word in several else "", True
        elif option and not fresh:
            yield option
        else:
            fresh = False
        yield word
