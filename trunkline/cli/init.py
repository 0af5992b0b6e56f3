"""`trunkline init`: a repository of one's own, with the numbers of an account that is there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trunkline.cli.command import ERROR, Command, run
from trunkline.cli.options import FILE, as_json
from trunkline.cli.progress import progress
from trunkline.cli.questions import Terminal
from trunkline.errors import Refusal
from trunkline.repository import environment, files, writing
from trunkline.settings import ACCESS, SECRETS, Settings

if TYPE_CHECKING:
    from providers.registry import Vendors

CUSTOM = "custom"
_ONE = next(iter(ACCESS))
_EPILOG = f"""\
It reads the vendors, and writes nothing there. Credentials come from the environment, as for `pulumi up`; at a terminal
those that are missing are asked for, used once and kept nowhere. At a terminal every flag that is missing is a question
too. A file that exists is never overwritten: all that are in the way are named, and nothing is written. An interrupted
run is run again, and goes on.

examples:
  trunkline init numbers                                    at a terminal: asks for the rest
  trunkline init numbers --provider {_ONE} --all
                                                            what it and LiveKit have
  trunkline init numbers --provider {_ONE} --only '+1650*'
                                                            a part, in whole groups
  trunkline init numbers --provider {_ONE} --nothing --ci gitlab
                                                            an empty file, to buy the first number with

exit codes: 0 written (with --preview: and previewed), 1 an error
"""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to manage: numbers of these carriers, all or those like a pattern, or nothing yet."""

    carriers: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class _Inventory:
    """The file's text, what is said beside it, and the commands that set its passwords."""

    text: str
    said: str = ""
    secrets: tuple[str, ...] = ()


def main(
    argv: Sequence[str],
    environ: Mapping[str, str] = os.environ,
    terminal: Terminal | None = None,
    connecting: Callable[[Settings], Vendors] | None = None,
) -> int:
    """Write the repository and say what comes next. Gives 0, or with `--preview` 1 where that was refused.

    `terminal`: who answers, by default this process's terminal, if it has one. `connecting` gives the vendors of
    settings. Raises TrunklineError, with nothing written.
    """
    return run(command, argv, environ, terminal=terminal, connecting=connecting)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    provider: tuple[str, ...]
    all: bool
    only: tuple[str, ...]
    nothing: bool
    project: str | None
    ci: str
    preview: bool
    as_json: bool


def _project(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None and not files.is_project(text):
        raise click.BadParameter(f"{text!r} is not small letters, digits and hyphens, at most 24, a letter first")
    return text


@click.command(
    "init",
    cls=Command,
    epilog=_EPILOG,
    help="Make a repository of your own for the numbers of an account: its files, and what is there as lines that adopt"
    " it, in DIR, which is made if it is not there.",
)
@click.argument("folder", type=FILE, metavar="DIR")
@click.option(
    "--provider",
    multiple=True,
    type=click.Choice([*ACCESS, CUSTOM]),
    help=f"a carrier with numbers of yours; may be repeated; {CUSTOM}: none",
)
@click.option("--all", is_flag=True, help="manage all that these carriers and LiveKit have")
@click.option(
    "--only",
    multiple=True,
    metavar="PATTERN",
    help="manage groups with a number, a trunk or an agent like it, as `trunkline dump --only`; may be repeated",
)
@click.option("--nothing", is_flag=True, help="manage nothing yet")
@click.option("--project", callback=_project, metavar="NAME", help="Pulumi's name for it; default: DIR's name")
@click.option("--ci", type=click.Choice([*files.WORKFLOWS, "none"]), default="github", help="default: github")
@click.option("--preview", is_flag=True, help="make the stack prod and show the first preview")
@as_json("the files that it wrote, and the next commands, as one JSON object; asks nothing")
@click.pass_obj
def command(
    environ: Mapping[str, str],
    /,
    folder: Path,
    terminal: Terminal | None = None,
    connecting: Callable[[Settings], Vendors] | None = None,
    **given: Any,
) -> int:
    """Do what `main` says."""
    options = _Options(**given)
    if options.all + bool(options.only) + options.nothing > 1:
        raise click.UsageError("--all, --only and --nothing exclude one another")
    if options.as_json and options.preview:
        raise click.UsageError("--json and --preview exclude one another")
    terminal = None if options.as_json else terminal or Terminal.here()
    if terminal is None:
        _demand_flags(options)
    _refuse_early(folder, options)
    try:
        wishes = _wishes(options, terminal)
        asked = _asked(environ, wishes, terminal)
    except EOFError:
        raise Refusal("the answers ended before the questions did. Nothing was written.") from None
    known = {**environ, **asked}
    inventory = _inventory(wishes, known, connecting or partial(_connect, known), quiet=options.as_json)
    written = writing.write(folder, files.files(_values(folder, options, inventory.text)))
    steps = _next(folder, inventory, sorted(asked))
    if options.as_json:
        print(json.dumps({"folder": str(folder), "written": written, "next": steps}, indent=1))
        return 0
    print(f"{folder}: {len(written)} files written" if written else f"{folder}: everything was there already")
    print(*filter(None, [inventory.said]), sep="\n", end="\n" if inventory.said else "")
    if options.preview and not inventory.secrets:
        return _previewed(folder, {**environ, **asked})
    if options.preview:
        print("No preview yet: the passwords come first.")
    print("\n".join(["Next:", *(f"  {step}" for step in steps)]))
    return 0


def _wishes(options: _Options, terminal: Terminal | None) -> Wishes:
    carriers = options.provider
    if not carriers and terminal:
        carriers = tuple(terminal.some_of("Carriers with numbers of yours", list(ACCESS)))
    patterns, nothing = options.only, options.nothing
    if not (options.all or patterns or nothing) and terminal:
        question = "Manage all that is there, nothing yet, or numbers, trunks and agents like a pattern"
        answer = terminal.value(f"{question} [all, nothing, +1650* …]", secret=False)
        nothing, patterns = answer == "nothing", () if answer in ("all", "nothing") else tuple(answer.split())
    return Wishes(tuple(name for name in carriers if name != CUSTOM), patterns, nothing)


def _asked(environ: Mapping[str, str], wishes: Wishes, terminal: Terminal | None) -> dict[str, str]:
    """Give what the environment lacks, from the terminal. Raises Refusal, without one, for all that is missing."""
    absent = Settings.load(environ, _no_config).missing
    missing = {vendor: absent[vendor] for vendor in ("livekit", *wishes.carriers) if vendor in absent}
    names = list(dict.fromkeys(name for names in missing.values() for name in names))
    if terminal is None and names:
        told = "; ".join(f"{vendor}: {', '.join(lacking)}" for vendor, lacking in missing.items())
        raise Refusal(f"the environment lacks what reaches these vendors ({told}). Nothing was written. Export them.")
    return {name: terminal.value(name, secret=name in SECRETS) for name in names} if terminal else {}


def _inventory(
    wishes: Wishes, environ: Mapping[str, str], connecting: Callable[[Settings], Vendors], *, quiet: bool
) -> _Inventory:
    """Check every key with one listing, and dump what is wished for. Raises the vendors' errors as one Refusal."""
    from providers.holdings import closed_doors, read
    from trunkline.cli.dump import dumped

    settings = Settings.load(environ, _no_config, {"livekit", *wishes.carriers})
    if settings.livekit is None:
        raise Refusal("LiveKit is not configured. Nothing was written.")
    vendors = connecting(settings)
    if closed := closed_doors(vendors):
        raise Refusal("\n".join(["no listing came with these keys, so nothing was written:", *map(str, closed)]))
    if wishes.nothing:
        return _Inventory(files.EMPTY)
    everyone = set(settings.carriers) <= set(wishes.carriers)
    providers = () if everyone else (*wishes.carriers, CUSTOM)
    with progress(quiet=quiet) as tell:
        holdings = read(vendors, settings.livekit.sip_host, lambda what: tell(f"reading {what}"))
    made = dumped(holdings, providers, wishes.patterns)
    return _Inventory(made.text, made.said, made.secrets)


def _connect(environ: Mapping[str, str], settings: Settings) -> Vendors:
    from providers.calls import Policy
    from providers.registry import connect

    return connect(settings, Policy.of(environ))


def _values(folder: Path, options: _Options, inventory: str) -> files.Values:
    import trunkline
    from trunkline.inventory.shapes import schema

    return files.Values(
        project=options.project or files.project_of(folder.resolve().name),
        ci="" if options.ci == "none" else options.ci,
        version=trunkline.__version__,
        schema=schema.schema_text(),
        inventory=inventory,
    )


def _refuse_early(folder: Path, options: _Options) -> None:
    """Refuse what is in the way before anybody is asked or read; an inventory alone may be an interrupted run's."""
    made = files.files(_values(folder, options, files.EMPTY))
    found = writing.conflicts(folder, made)
    if found != [files.INVENTORY]:
        writing.refuse(folder, found)


def _previewed(folder: Path, environ: Mapping[str, str]) -> int:
    """Make the stack and show the first preview, with the interpreter that runs this."""
    root = folder.resolve()
    variables = environment.pulumi_environment(root, Path(sys.executable), environ)
    if "PULUMI_BACKEND_URL" not in environ:
        (root / environment.STATE).mkdir(exist_ok=True)
    sys.stdout.flush()
    for command in (["stack", "select", "--create", files.STACK], ["preview", "--diff", "--stack", files.STACK]):
        try:
            ended = subprocess.run(["pulumi", *command], cwd=root, env=variables, check=False)
        except OSError as error:
            raise Refusal(
                f"`pulumi` cannot be run: {error.strerror}. The files are written; nothing else was changed. Install"
                " Pulumi 3.216 or newer, and run this again."
            ) from None
        if ended.returncode:
            print(
                f"`pulumi {shlex.join(command)}` ended with {ended.returncode}; the files are written", file=sys.stderr
            )
            return ERROR
    return 0


def _next(folder: Path, inventory: _Inventory, credentials: Sequence[str]) -> list[str]:
    return [
        f"cd {shlex.quote(str(folder))}",
        "git init --initial-branch main",
        "make setup",
        ". .tools/env.sh",
        *([f"export {' '.join(credentials)}    # with the values that you gave"] if credentials else []),
        f"pulumi stack init {files.STACK}",
        *inventory.secrets,
        "pulumi preview --diff",
    ]


def _no_config(_name: str) -> None:
    return None


def _demand_flags(options: _Options) -> None:
    """End as on any wrong usage where nobody can be asked for what is missing."""
    missing = [] if options.provider else ["--provider"]
    missing += [] if options.all or options.only or options.nothing else ["one of --all, --only, --nothing"]
    if missing:
        raise click.UsageError(f"there is no terminal to ask at, so this is needed: {', '.join(missing)}")
