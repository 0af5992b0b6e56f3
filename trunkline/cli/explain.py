"""`trunkline explain`: which trunk, rule and agent a call hits, or exactly why none."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trunkline.cli.command import Command, run
from trunkline.cli.names import numbers
from trunkline.cli.options import as_json, inventory, stack

if TYPE_CHECKING:
    from trunkline.calls import Call
    from trunkline.explain import Answer, Switchboard

# Found by name: no vendor's SDK is imported where none is asked.
_LIVE = "providers.switchboard"
_NAMES = {"file": "file", "state": "state", "live": "live lists"}
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,30}")
_EPILOG = """\
sources:
  file    what numbers.yaml says (with --stack of that stack), as if nothing else stood at LiveKit; asks nobody
  state   the stack's lines as their resources are, read from its backend; asks no vendor
  live    LiveKit's own lists, ours and all others; needs LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET

examples:
  trunkline explain --to +16505551234
  trunkline explain --to +442071234567 --from +13035550100 --source-ip 203.0.113.7 --on state --stack prod
  trunkline explain --to +16505551234 --on live --json

exit codes: 0 an agent answers, 1 error, 2 nobody answers
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print what becomes of a call. Gives 0 where an agent answers, 2 where nobody does.

    Raises TrunklineError where the source cannot be read.
    """
    return run(command, argv, environ)


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no number; write it as the carrier does: +16505551234")
    return text


def _address(text: str) -> str:
    from ipaddress import ip_address

    try:
        return str(ip_address(text))
    except ValueError:
        raise click.BadParameter(f"{text!r} is no IP address") from None


@click.command(
    "explain",
    cls=Command,
    epilog=_EPILOG,
    help="Say which trunk, rule and agent a call hits at LiveKit, or exactly why none.",
)
@click.option(
    "--to",
    "called",
    type=_number,
    required=True,
    metavar="NUMBER",
    help="the number that is called",
    shell_complete=numbers,
)
@click.option("--from", "caller", default="", metavar="NUMBER", help='who calls; default nobody that is named ("")')
@click.option("--source-ip", type=_address, metavar="ADDRESS", help="where it comes from; default: any is let in")
@click.option("--on", type=click.Choice(list(_NAMES)), default="file", help="by what; default: file")
@inventory
@stack
@as_json("as one JSON object")
@click.pass_obj
def command(
    environ: Mapping[str, str],
    called: str,
    caller: str,
    source_ip: str | None,
    on: str,
    file: Path,
    stack: str,
    cwd: Path,
    as_json: bool,
) -> int:
    """Do what `main` says."""
    from trunkline.calls import Call
    from trunkline.explain import explain

    call = Call(called=called, caller=caller, source=source_ip or "")
    answer = explain(_board(environ, on, file, stack, cwd), call)
    if as_json:
        print(json.dumps({"on": on, **answer.to_json(call)}, indent=1))
    else:
        print(_text(answer, call, on), end="")
    return 0 if answer.answered else 2


def _board(environ: Mapping[str, str], on: str, file: Path, stack: str, cwd: Path) -> Switchboard:
    from trunkline.explain import of_inventory, of_state

    if on == "file":
        from trunkline.inventory import load, parts

        inventory = load(parts.inventory_of(file))
        return of_inventory(inventory.for_stack(stack.rpartition("/")[2]) if stack else inventory)
    if on == "state":
        from trunkline.state import checkpoint
        from trunkline.state.opening import open_backend
        from trunkline.state.stack import StackAddress

        address = StackAddress.find(stack, cwd, environ)
        with contextlib.closing(open_backend(address)) as backend:
            return of_state(checkpoint.parse(backend.current()).outputs)
    board: Switchboard = import_module(_LIVE).live(environ)
    return board


def _text(answer: Answer, call: Call, on: str) -> str:
    caller = call.caller or "an unnamed caller"
    source = f" at {call.source}" if call.source else ""
    who = "" if answer.answered else "nobody answers: "
    rows = [
        ("line", answer.line),
        ("trunk", answer.trunk),
        ("rule", answer.rule),
        ("agent", ", ".join([*answer.agents, *(f"key {key}" for key in answer.keys)])),
        ("else", answer.otherwise),
    ]
    head = f"{call.called} from {caller}{source}, by the {_NAMES[on]}: {who}{answer.reason}."
    return "\n".join([head, *(f"  {name:6}{value}" for name, value in rows if value), ""])
