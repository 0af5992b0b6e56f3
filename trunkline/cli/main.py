"""The `trunkline` command: finds the subcommand, imports that one alone, and runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata

from trunkline.cli.parser import ERROR
from trunkline.errors import TrunklineError

Main = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: `entry` is "module:function"; the function takes its arguments and gives the exit code."""

    entry: str
    summary: str

    def load(self) -> Main:
        """Import the subcommand's module; nothing else does."""
        module, _, function = self.entry.partition(":")
        main: Main = getattr(import_module(module), function)
        return main


COMMANDS: Mapping[str, Command] = {
    "validate": Command("trunkline.cli.validate:main", "check numbers.yaml offline and report every problem"),
    "edit": Command("trunkline.cli.edit:main", "change numbers.yaml: map an agent, add, register, release, rename …"),
    "search": Command("trunkline.cli.search:main", "list numbers on offer, with price and what buying them needs"),
    "dump": Command("trunkline.cli.dump:main", "write a numbers.yaml that adopts what the vendors hold"),
    "plan": Command("trunkline.cli.plan:main", "show on one page what `pulumi up` would do"),
    "apply": Command("trunkline.cli.apply:main", "do what a plan saved by `trunkline plan --save` says, or nothing"),
    "explain": Command("trunkline.cli.explain:main", "say which trunk, rule and agent a call hits, or why none"),
    "history": Command("trunkline.cli.history:main", "say who answered a line when, by which update and commit"),
    "serve": Command("trunkline.cli.serve:main", "serve the read-only API and its page over a stack's outputs"),
    "keys": Command("trunkline.cli.keys:main", "create, list or revoke the API's keys"),
    "audit": Command("trunkline.cli.audit:main", "audit a stack's outputs"),
    "sandbox": Command("sandbox.cli:main", "run emulators of the carriers and of LiveKit SIP on this machine"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand. Gives 0 for clean, 1 for an error, 2 for changes or findings, 130 when interrupted."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help"):
        print(usage(COMMANDS))
        return 0 if arguments else ERROR
    if first == "--version":
        print(f"trunkline {metadata.version('trunkline')}")
        return 0
    command = COMMANDS.get(first)
    if command is None:
        print(f'trunkline: there is no command "{first}"; `trunkline --help` lists them', file=sys.stderr)
        return ERROR
    return _run(first, command, arguments[1:])


def usage(commands: Mapping[str, Command]) -> str:
    """Give the help text: every command with its summary."""
    width = max(map(len, commands))
    rows = "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in commands.items())
    return (
        "usage: trunkline <command> [arguments]\n\n"
        "Phone numbers of LiveKit voice agents as code.\n\n"
        f"commands:\n{rows}\n\n"
        "`trunkline <command> --help` explains one. Exit codes: 0 clean, 1 error, 2 changes or findings."
    )


def _run(name: str, command: Command, arguments: Sequence[str]) -> int:
    try:
        return command.load()(arguments)
    except TrunklineError as error:
        print(f"trunkline {name}: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
