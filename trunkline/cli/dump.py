"""`trunkline dump`: what the carriers and LiveKit hold, as a numbers.yaml that adopts it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from providers.calls import Policy
from providers.holdings import read
from providers.registry import connect
from trunkline.cli.command import Command, run
from trunkline.cli.options import FILE, as_json
from trunkline.cli.progress import progress
from trunkline.dump import Description, Holdings, compose, described, pick, render
from trunkline.errors import InventoryError, Refusal
from trunkline.inventory import parse, parts
from trunkline.settings import ACCESS, Settings

_EPILOG = f"""\
It reads, and writes at no vendor. Credentials come from the environment, as for `pulumi up`. In the file, every line
says `adopt: true`: the first `pulumi up` takes over what is there, and writes our tags alone. What is no line stands in
comments, each with its reason (docs/existing-account.md).

examples:
  trunkline dump -o numbers.yaml                all that the configured vendors hold
  trunkline dump --provider {next(iter(ACCESS)):<16}    what it carries, and what shares a trunk or a rule with it
  trunkline dump --only '+1650*' -o bay.yaml    the numbers of an area, a group at a time
  trunkline dump --import-file state.json --stack prod    a lost state, for `pulumi import --file`

exit codes: 0 written, 1 an error; a file that is there is never overwritten
"""


@dataclass(frozen=True, slots=True)
class Dumped:
    """A file's `text`, what it is made of, and the carriers that were not read (`unread`)."""

    text: str
    description: Description
    unread: Sequence[str]

    @property
    def said(self) -> str:
        """What is said beside the file, with the commands that set its passwords."""
        return "\n".join(filter(None, (_summary(self.description), _told_unread(self.unread))))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The commands that set its passwords."""
        return tuple(secret.command for secret in self.description.secrets)


Reading = Callable[[Mapping[str, str], Callable[[str], None]], Holdings]


def main(
    argv: Sequence[str],
    environ: Mapping[str, str] = os.environ,
    reading: Reading | None = None,
) -> int:
    """Write the file and say what stands in it. Gives 0. Raises TrunklineError.

    `reading` gives what the vendors hold; it is told whom to tell what it reads next.
    """
    return run(command, argv, environ, reading=reading)


@click.command(
    "dump",
    cls=Command,
    epilog=_EPILOG,
    help="Write a numbers.yaml that adopts what the configured carriers and LiveKit hold.",
)
@click.option(
    "--provider",
    multiple=True,
    type=click.Choice([*ACCESS, "custom"]),
    help="only what it carries, in whole groups; may be repeated",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PATTERN",
    help="only groups with a number, a trunk or an agent like it (* stands for any characters); may be repeated."
    " A group is what shares a trunk or a rule, and is taken whole",
)
@click.option(
    "--import-file",
    type=FILE,
    metavar="FILE",
    help="write what `pulumi import --file` takes to write a lost state of this stack anew, and no numbers.yaml",
)
@click.option(
    "--stack", default="", help="for --import-file; default TRUNKLINE_STACK, else PULUMI_STACK, else the selected one"
)
@click.option("--cwd", type=FILE, default=".", help="for --import-file: folder of Pulumi.yaml")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="where to write; default: standard output")
@as_json("what was written and what is no line as one JSON object; without -o with the text of the file")
@click.pass_obj
def command(
    environ: Mapping[str, str],
    provider: Sequence[str],
    only: Sequence[str],
    import_file: Path | None,
    stack: str,
    cwd: Path,
    output: Path | None,
    as_json: bool,
    reading: Reading | None = None,
) -> int:
    """Do what `main` says."""
    if import_file is not None:
        from trunkline.cli.dump_import import write
        from trunkline.state.stack import StackAddress

        written = write(import_file, StackAddress.find(stack, cwd, environ), environ)
        print(json.dumps(written.to_json(), indent=1) if as_json else written.said)
        return 0
    if output is not None and output.exists():
        raise Refusal(f"{output} is there already. Nothing was read or written. Move it, or choose another -o.")
    if output is not None and (folder := parts.folder_of(output)).exists():
        raise Refusal(
            f"{folder} is there already: its files would be parts of {output}. Nothing was read or written. Move it, or"
            " choose another -o."
        )
    if output is not None:
        _demand_place(output)
    with progress(quiet=as_json) as tell:
        holdings = (reading or read_vendors)(environ, lambda what: tell(f"reading {what}"))
    made = dumped(holdings, provider, only)
    if output is not None:
        output.write_text(made.text, encoding="utf-8")
    if as_json:
        file = {"file": str(output)} if output is not None else {"file": None, "text": made.text}
        print(json.dumps({**file, **described(made.description), "unread": made.unread}, indent=1, ensure_ascii=False))
        return 0
    if output is None:
        sys.stdout.write(made.text)
    print(made.said, file=sys.stderr)
    return 0


def _demand_place(output: Path) -> None:
    """Raise Refusal where no file can be made, before the vendors are asked for minutes."""
    try:
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise Refusal(
            f"{output} cannot be written: {error.strerror}. Nothing was read or written. Choose another -o."
        ) from None


def dumped(holdings: Holdings, providers: Sequence[str], patterns: Sequence[str]) -> Dumped:
    """Give the file of what the vendors hold, or of a part.

    Raises Refusal where it would be refused, and where nothing is like any of the patterns.
    """
    part, along = pick(holdings, providers, patterns)
    if patterns and not (part.numbers or part.outbound or any(one.props["numbers"] for one in part.inbound)):
        raise Refusal(
            f"nothing that was read is like {' or '.join(patterns)}: no number, and no trunk, rule or agent of one."
            " Nothing was written. * stands for any characters, as in --only '+1650*'."
        )
    description = replace(compose(part), along=along)
    text = render(description, _title(holdings, providers, patterns))
    _demand_valid(text)
    return Dumped(text, description, _unread(holdings))


def read_vendors(environ: Mapping[str, str], tell: Callable[[str], None]) -> Holdings:
    """Read what the configured vendors hold. Raises SettingsError where LiveKit is not configured."""
    settings = Settings.load(environ, lambda name: None, {"livekit"})
    if settings.livekit is None:
        raise Refusal("LiveKit is not configured. Nothing was read.")
    return read(connect(settings, Policy.of(environ)), settings.livekit.sip_host, tell)


def _demand_valid(text: str) -> None:
    try:
        parse(text, "numbers.yaml")
    except InventoryError as error:
        raise Refusal(
            f"the dumped file would be refused, so it was not written: {error}. Nothing was changed at any vendor."
            " Use --only to leave that part out, and report it."
        ) from error


def _title(holdings: Holdings, providers: Sequence[str], patterns: Sequence[str]) -> str:
    accounts = ", ".join(f"{vendor} {account}" for vendor, account in sorted(holdings.accounts.items()))
    part = "".join(f" --provider {name}" for name in providers) + "".join(f" --only {p}" for p in patterns)
    return f"Dumped from {accounts}{f' ({part.strip()})' if part else ''}. {_told_unread(_unread(holdings))}".rstrip()


def _unread(holdings: Holdings) -> list[str]:
    return [name for name in ACCESS if name not in holdings.accounts]


def _told_unread(unread: Sequence[str]) -> str:
    """Say whose numbers look as if no carrier had them, "" where every carrier was read."""
    return f"Not configured, so that their numbers are custom lines here: {', '.join(unread)}." if unread else ""


def _summary(description: Description) -> str:
    made, left = len(description.lines), len(description.left_out)
    number = "1 number is a line" if made == 1 else f"{made} numbers are lines"
    lines = [f"{number}, {left} {'is' if left == 1 else 'are'} not:"]
    counts: dict[str, int] = {}
    for one in description.left_out:
        counts[one.note.reason] = counts.get(one.note.reason, 0) + 1
    lines += [f"  {count} {reason}" for reason, count in sorted(counts.items())] or ["  (none)"]
    if description.along:
        lines.append(f"Along, since they share a trunk or a rule: {', '.join(description.along)}")
    lines += [secret.command for secret in description.secrets]
    return "\n".join(lines)
