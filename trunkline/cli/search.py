"""`trunkline search`: numbers on offer at a carrier, and one of them written into the file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from trunkline.cli import edit_options
from trunkline.cli.command import Command, run
from trunkline.cli.edit_options import Given
from trunkline.cli.names import names
from trunkline.cli.options import as_json
from trunkline.errors import Refusal

if TYPE_CHECKING:
    from trunkline.offers import Offer

# Found by name: no vendor's SDK is imported where none is asked.
_OFFERS = "providers.offers"
_EPILOG = """\
It asks the carrier, buys nothing and holds nothing: `pulumi up` buys. A carrier may answer each search with other
numbers.

examples:
  trunkline search --country US --area-code 650 --provider PROVIDER
  trunkline search --country GB --type mobile --contains 77 --provider PROVIDER --json
  trunkline search --country US --locality "Palo Alto" --provider PROVIDER --pin desk-us --agent support

exit codes: 0 found, and written with --pin; 1 error; 2 nothing is on offer, or with --dry-run it would be written
"""
# What a purchase needs -> what that is.
_NEEDS = {"address_sid": "an address", "bundle_sid": "a regulatory bundle"}


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print what is on offer, or write the first of it into the file. Gives 0, or 2 where nothing is.

    Raises TrunklineError where the carrier cannot be asked, or the file not be edited.
    """
    return run(command, argv, environ)


def _like(pattern: str, what: str) -> Callable[[str], str]:
    """Give the reader of an option that must match as a whole."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise click.BadParameter(f"{text!r} is not {what}")
        return text

    return read


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in range(1, 51):
        raise click.BadParameter(f"{text!r} is no number from 1 to 50")
    return int(text)


_DIGITS, _PATTERN = _like("[0-9]{1,7}", "digits"), _like("[0-9A-Z*]{2,16}", "a pattern of digits and *")


@click.command(
    "search",
    cls=Command,
    epilog=_EPILOG,
    help="List numbers on offer at a carrier, with the monthly price and what buying them needs. With --pin the first"
    " one is written into the file, as `trunkline edit` does.",
)
@click.option("--provider", required=True, metavar="PROVIDER", help="the carrier")
@click.option(
    "--country",
    required=True,
    type=_like("[A-Z]{2}", "two capital letters"),
    metavar="CODE",
    help="two letters: US, GB, DE",
)
@click.option("--area-code", type=_DIGITS, metavar="DIGITS", help="area code")
@click.option("--contains", type=_PATTERN, metavar="DIGITS", help="digits that it has; * stands for any digit")
@click.option("--locality", default="", metavar="TOWN", help="where the carrier can look for that")
@click.option("--type", type=click.Choice(["local", "mobile", "toll_free"]), default="local", help="default: local")
@click.option("--limit", type=_limit, default="10", metavar="COUNT", help="at most so many; default 10")
@as_json("as one JSON object")
@click.option(
    "--pin",
    metavar="LINE",
    shell_complete=names("numbers"),
    help="write the first one into this line: one that looks for a number, or a new one. What follows is of --pin",
)
@edit_options.file
@edit_options.agent_name
@edit_options.any_line
@click.pass_obj
def command(environ: Mapping[str, str], /, **given: Any) -> int:
    """Do what `main` says."""
    found = _found(given, environ)
    if given["pin"] and found:
        return _pinned(given, found[0])
    if given["as_json"]:
        print(json.dumps({"provider": given["provider"], "numbers": [each.to_json() for each in found]}, indent=1))
    else:
        print(_table(found) or f"{given['provider']} offers no such number now.")
    return 0 if found else 2


def _found(given: Given, environ: Mapping[str, str]) -> Sequence[Offer]:
    from trunkline.offers import Wanted

    search = import_module(_OFFERS).search(environ)
    wanted = Wanted(
        provider=given["provider"],
        country=given["country"],
        area_code=given["area_code"] or "",
        contains=given["contains"] or "",
        type=given["type"],
        locality=given["locality"],
        limit=given["limit"],
    )
    try:
        found: Sequence[Offer] = search(wanted) if search else _of_none(wanted.provider)
    except LookupError:
        raise Refusal(
            f"no carrier {wanted.provider!r} is configured here, so nothing was asked. Export its credentials; the"
            " README lists them under Credentials."
        ) from None
    return found


def _of_none(provider: str) -> Sequence[Offer]:
    raise LookupError(provider)


def _pinned(given: Given, offer: Offer) -> int:
    from trunkline.cli.edit import apply
    from trunkline.edit import Edited, Files, pin

    needs = [_needed(need) for need in offer.requires if not given.get(need)]
    price = _price(offer)

    def edit(file: Files) -> Edited:
        keys = {key: value for key, value in edit_options.line_keys(given).items() if key not in _SEARCHED}
        edited = pin(file, given["pin"], given["provider"], offer.number, keys, given["agent_name"])
        told = (f"{offer.number} costs {price} a month.", *(f"Buying it needs {need}." for need in needs))
        return replace(edited, notes=(*told, *edited.notes))

    return apply(given["file"], edit, dry_run=given["dry_run"], as_json=given["as_json"])


# Of the search and not of the line, though they are called as there.
_SEARCHED = ("provider", "search")


def _table(found: Sequence[Offer]) -> str:
    """Give a row for each number, in columns."""
    head = ("number", "country", "type", "a month", "needs")
    rows = [
        (each.number, each.country, each.type, _price(each), ", ".join(map(_needed, each.requires))) for each in found
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    shown = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join(line.rstrip() for line in shown) if found else ""


def _price(offer: Offer) -> str:
    return "unknown" if offer.monthly is None else " ".join(offer.monthly)


def _needed(need: str) -> str:
    return f"{_NEEDS.get(need, need)} (`{need}`)"
