"""The arguments of `trunkline edit`, and what they say as keys of the file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trunkline.cli.parser import Parser

_CODES = (
    "exit codes: 0 written, or the file says it already; 1 refused, and nothing was written;"
    " 2 with --dry-run: it would be written"
)
Options = argparse.ArgumentParser | argparse._ArgumentGroup
_EXAMPLES: Mapping[str, tuple[str, str]] = {
    "map-agent": (
        "let another agent answer a line",
        "trunkline edit map-agent sales-us support\n  trunkline edit map-agent sales-us night --agent-name=night-agent",
    ),
    "register": (
        "add a SIP trunk that no carrier manages, with its line",
        "trunkline edit register uk-office --phone-number=+442071234567 --sip-address=sip.example.com --agent=support",
    ),
    "release": (
        "mark a line for its removal, or take a marked one out",
        "trunkline edit release support-gb\n  trunkline edit release support-gb --remove    # once that is applied",
    ),
    "rename": ("give a line another name", "trunkline edit rename sales-us sales-america"),
    "add": (
        "add a line: its number is known, looked for or adopted",
        "trunkline edit add sales-us --phone-number=+16505551234 --agent=sales\n"
        "  trunkline edit add support-gb --country=GB --type=mobile --agent=support\n"
        "  trunkline edit add hotline --phone-number=+14155550100 --adopt --agent=support",
    ),
    "set": ("set keys of a line", 'trunkline edit set uk-office --label="UK front desk" --krisp-enabled'),
    "swap": (
        "exchange agent, label and tags of two lines",
        "trunkline edit swap sales-us support-us",
    ),
}
_EPILOG = f"""\
examples:
  trunkline edit map-agent sales-us support --dry-run
  trunkline edit add sales-us --phone-number=+16505551234 --agent=sales
  trunkline edit release support-gb

`trunkline edit <edit> --help` explains one.
{_CODES}
"""


def parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """Give the command's parser; the environment sets the default file."""
    made = Parser(
        prog="trunkline edit",
        description="Change numbers.yaml: comments, order and all that the edit is not about stay as they are. The"
        " result is checked before it is written, and shown as a diff.",
        epilog=_EPILOG,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, max_help_position=18),
    )
    edits = made.add_subparsers(dest="edit", required=True, metavar="<edit>")
    each = {name: _sub(edits, name, summary, example, environ) for name, (summary, example) in _EXAMPLES.items()}
    each["map-agent"].add_argument("agent", metavar="AGENT", help="key under `agents`")
    add_agent_name(each["map-agent"])
    _registration(each["register"])
    each["release"].add_argument("--keep", action="store_true", help="leave the number in the account, detached")
    each["release"].add_argument("--remove", action="store_true", help="the second step: take the marked line out")
    each["rename"].add_argument("name", metavar="NAME", help="the new name")
    _addition(each["add"])
    add_line_keys(each["set"])
    each["swap"].add_argument("other", metavar="OTHER", help="the other line")
    return made


def line_keys(options: argparse.Namespace) -> dict[str, Any]:
    """Give the keys of the line that the arguments name, in the order in which people write them."""
    given = vars(options)
    keys = {key: given.get(key) for key in ("provider", "phone_number")}
    keys["search"] = None if given.get("phone_number") else _search(given)
    keys |= {key: given.get(key) for key in ("trunk", "adopt", "agent", "label")}
    keys["tags"] = dict(given.get("tag") or ())
    keys |= {key: given.get(key) for key in ("krisp_enabled", "inbound", "outbound", "address_sid", "bundle_sid")}
    keys |= {"allowed_callers": given.get("allowed_caller"), "allowed_addresses": given.get("allowed_address")}
    keys["stacks"] = given.get("stacks")
    return {key: value for key, value in keys.items() if value or value is False}


def trunk_keys(options: argparse.Namespace) -> dict[str, Any]:
    """Give the keys of the trunk that is registered."""
    keys = {key: getattr(options, key) for key in ("sip_address", "transport", "auth_username")}
    keys["auth_password"] = {"secret": options.secret} if options.secret else None
    return {key: value for key, value in keys.items() if value}


def _sub(edits: Any, name: str, summary: str, example: str, environ: Mapping[str, str]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = edits.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n  {example}\n\n{_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("line", metavar="LINE", help="the line's name")
    add_file(made, environ)
    made.add_argument("--json", action="store_true", help="print file, diff, notes and whether it was written as JSON")
    return made


def add_file(made: Options, environ: Mapping[str, str]) -> None:
    """Add which file is edited, and whether it is."""
    made.add_argument(
        "--file",
        type=Path,
        default=Path(environ.get("TRUNKLINE_INVENTORY") or "numbers.yaml"),
        help="the inventory; default: $TRUNKLINE_INVENTORY, else numbers.yaml",
    )
    made.add_argument("--dry-run", action="store_true", help="show the diff and write nothing")


def _registration(made: argparse.ArgumentParser) -> None:
    made.add_argument("--phone-number", required=True, metavar="NUMBER", help="the line's number, E.164")
    made.add_argument(
        "--sip-address", required=True, metavar="HOST", help="where calls out are sent: host or host:port"
    )
    made.add_argument("--transport", choices=("auto", "udp", "tcp", "tls"), help="SIP transport")
    made.add_argument("--auth-username", metavar="USER", help="user for calls out")
    made.add_argument("--secret", metavar="NAME", help="the config secret that holds the password")
    add_agent_name(made)
    add_line_keys(made)


def _addition(made: argparse.ArgumentParser) -> None:
    number = made.add_argument_group("the number: one that you know, or what to look for")
    number.add_argument("--phone-number", metavar="NUMBER", help="E.164")
    number.add_argument("--country", help="two letters: US, GB, DE")
    number.add_argument("--area-code", metavar="DIGITS", help="area code")
    number.add_argument("--type", choices=("local", "mobile", "toll_free"), help="kind of number")
    number.add_argument("--contains", metavar="DIGITS", help="digits that the number has; * stands for any digit")
    made.add_argument("--provider", help="carrier, or custom; default that of `defaults`")
    made.add_argument("--trunk", help="key under `trunks`")
    made.add_argument(
        "--adopt", action="store_true", default=None, help="take over a number that the account has; never buys"
    )
    add_agent_name(made)
    add_line_keys(made)


def add_agent_name(made: Options) -> None:
    """Add how an agent that the file does not know is called."""
    made.add_argument("--agent-name", default="", metavar="NAME", help="add the agent, who registers so with LiveKit")


def add_line_keys(made: Options) -> None:
    """Add what any line can be given."""
    made.add_argument("--agent", help="key under `agents` of who answers")
    made.add_argument("--label", help="name for people")
    made.add_argument("--tag", action="append", type=_tag, metavar="KEY=TEXT", help="free text for reports; repeat it")
    made.add_argument("--krisp-enabled", action=argparse.BooleanOptionalAction, help="noise cancellation of callers")
    made.add_argument("--inbound", action=argparse.BooleanOptionalAction, help="calls come in")
    made.add_argument("--outbound", action=argparse.BooleanOptionalAction, help="calls go out")
    made.add_argument("--allowed-caller", action="append", metavar="NUMBER", help="who may call in; repeat it")
    made.add_argument(
        "--allowed-address", action="append", metavar="NETWORK", help="where calls may come from; repeat it"
    )
    made.add_argument("--address-sid", metavar="SID", help="address that the purchase names")
    made.add_argument("--bundle-sid", metavar="SID", help="regulatory bundle that the purchase names")
    made.add_argument("--stacks", nargs="+", metavar="STACK", help="the stacks that hold the line")


def _tag(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise argparse.ArgumentTypeError(f"{text!r} is no tag; write KEY=TEXT")
    return key, value


def _search(given: Mapping[str, Any]) -> dict[str, Any] | None:
    area = given.get("area_code") or ""
    # With a leading zero it is no number to YAML.
    code = int(area) if area.isascii() and area.isdigit() and not area.startswith("0") else area
    values = {"country": given.get("country"), "area_code": code, "type": given.get("type")}
    values["contains"] = given.get("contains")
    return {key: value for key, value in values.items() if value} or None
