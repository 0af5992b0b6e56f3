"""`trunkline keys`: API keys, kept as hashes in a file."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trunkline.api.auth import keys
from trunkline.api.auth.keys import ApiKey
from trunkline.api.auth.principal import Role
from trunkline.api.settings import keys_file
from trunkline.cli.parser import Parser


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Create, list or revoke keys. Raises TrunklineError where that cannot be done."""
    arguments = _parser().parse_args(argv)
    path = arguments.file or keys_file(environ, Path.cwd())
    verb: Callable[[argparse.Namespace, Path], None] = arguments.verb
    verb(arguments, path)
    return 0


def _create(arguments: argparse.Namespace, path: Path) -> None:
    key = keys.generate(secrets.choice)
    kept = ApiKey(
        id=secrets.token_hex(4),
        name=arguments.name,
        role=Role(arguments.role),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        sha256=keys.digest(key.reveal()),
    )
    keys.add(path, kept)
    # The key alone on standard output, so that a script can take it; it is shown this once.
    print(key.reveal())
    print(f"Key {kept.id} ({kept.name}, {kept.role}) is in {path} as a hash; it is shown only now.", file=sys.stderr)


def _list(arguments: argparse.Namespace, path: Path) -> None:
    print(f"{'ID':10}{'ROLE':11}{'CREATED':22}NAME")
    for key in sorted(keys.read(path), key=lambda key: key.name):
        print(f"{key.id:10}{key.role:11}{key.created:22}{key.name}")


def _revoke(arguments: argparse.Namespace, path: Path) -> None:
    key = keys.revoke(path, arguments.key)
    print(f"Key {key.id} ({key.name}) is revoked; servers refuse it within a second.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="trunkline keys", description="Manage the API's keys.")
    parser.add_argument("--file", type=Path, help="the key file (default TRUNKLINE_KEYS_FILE, or .trunkline/keys.json)")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    create = verbs.add_parser("create", help="make a key and print it once")
    create.add_argument("--name", required=True, type=_name, help="who uses it; stands in the access log")
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.set_defaults(verb=_create)
    listing = verbs.add_parser("list", help="list the keys, without what opens a door")
    listing.set_defaults(verb=_list)
    revoke = verbs.add_parser("revoke", help="withdraw a key")
    revoke.add_argument("key", help="its name or id")
    revoke.set_defaults(verb=_revoke)
    return parser


def _name(text: str) -> str:
    if not 0 < len(text) <= 100 or not text.isprintable():
        raise argparse.ArgumentTypeError("is no printable text of up to 100 characters")
    return text
