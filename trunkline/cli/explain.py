"""`trunkline explain`: which trunk, rule and agent a call hits, or exactly why none."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from trunkline.cli.parser import Parser

if TYPE_CHECKING:
    from trunkline.explain import Answer, Switchboard

# Found by name: no vendor's SDK is imported where none is asked.
_LIVE = "providers.switchboard"
_EPILOG = """\
sources:
  file    what numbers.yaml says, as if nothing else stood at LiveKit; asks nobody
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
    options = _parser(environ).parse_args(argv)
    from trunkline.calls import Call
    from trunkline.explain import explain

    call = Call(called=options.to, caller=options.caller, source=options.source_ip or "")
    answer = explain(_board(options, environ), call)
    if options.json:
        print(json.dumps({"on": options.on, **answer.to_json(call)}, indent=1))
    else:
        print(_text(answer, options), end="")
    return 0 if answer.answered else 2


def _board(options: argparse.Namespace, environ: Mapping[str, str]) -> Switchboard:
    from trunkline.explain import of_inventory, of_state

    if options.on == "file":
        from trunkline.inventory import load

        return of_inventory(load(options.file))
    if options.on == "state":
        from trunkline.state import checkpoint
        from trunkline.state.opening import open_backend
        from trunkline.state.stack import StackAddress

        address = StackAddress.find(options.stack, Path(options.cwd), environ)
        with contextlib.closing(open_backend(address)) as backend:
            return of_state(checkpoint.parse(backend.current()).outputs)
    board: Switchboard = import_module(_LIVE).live(environ)
    return board


def _text(answer: Answer, options: argparse.Namespace) -> str:
    caller = options.caller or "an unnamed caller"
    source = f" at {options.source_ip}" if options.source_ip else ""
    who = "" if answer.answered else "nobody answers: "
    rows = [
        ("line", answer.line),
        ("trunk", answer.trunk),
        ("rule", answer.rule),
        ("agent", ", ".join([*answer.agents, *(f"key {key}" for key in answer.keys)])),
    ]
    head = f"{options.to} from {caller}{source}, by the {_NAMES[options.on]}: {who}{answer.reason}."
    return "\n".join([head, *(f"  {name:6}{value}" for name, value in rows if value), ""])


_NAMES = {"file": "file", "state": "state", "live": "live lists"}
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,30}")


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write it as the carrier does: +16505551234")
    return text


def _address(text: str) -> str:
    from ipaddress import ip_address

    try:
        return str(ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address") from None


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="trunkline explain",
        description="Say which trunk, rule and agent a call hits at LiveKit, or exactly why none.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--to", type=_number, required=True, metavar="NUMBER", help="the number that is called")
    parser.add_argument(
        "--from", dest="caller", default="", metavar="NUMBER", help='who calls; default nobody that is named ("")'
    )
    parser.add_argument(
        "--source-ip", type=_address, metavar="ADDRESS", help="where it comes from; default: any is let in"
    )
    parser.add_argument("--on", choices=("file", "state", "live"), default="file", help="by what; default: file")
    parser.add_argument(
        "--file",
        type=Path,
        default=Path(environ.get("TRUNKLINE_INVENTORY") or "numbers.yaml"),
        help="the inventory; default: $TRUNKLINE_INVENTORY, else numbers.yaml",
    )
    parser.add_argument(
        "--stack", default="", help="STACK or organization/PROJECT/STACK (default TRUNKLINE_STACK, else PULUMI_STACK)"
    )
    parser.add_argument("--cwd", default=".", help="folder of Pulumi.yaml (default the current one)")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    return parser
