"""`trunkline keys`: API keys, kept as hashes in a file."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from trunkline.api.auth import keys
from trunkline.api.auth.keys import ApiKey
from trunkline.api.auth.principal import Role
from trunkline.api.settings import keys_file
from trunkline.cli.command import Group, run
from trunkline.cli.options import FILE, as_json

_EPILOG = """\
examples:
  trunkline keys create --role viewer --name grafana
  trunkline keys list
  trunkline keys revoke grafana

exit codes: 0 done, 1 error
"""


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Create, list or revoke keys and give 0. Raises TrunklineError where that cannot be done."""
    return run(command, argv, environ)


@click.group("keys", cls=Group, epilog=_EPILOG, help="Manage the API's keys.")
@click.option("--file", type=FILE, help="the key file (default TRUNKLINE_KEYS_FILE, or .trunkline/keys.json)")
@click.pass_context
def command(context: click.Context, file: Path | None) -> None:
    """Find the key file, which each verb gets."""
    context.obj = file or keys_file(context.obj, Path.cwd())


def _name(text: str) -> str:
    if not 0 < len(text) <= 100 or not text.isprintable():
        raise click.BadParameter(f"{text!r} is no printable text of up to 100 characters")
    return text


@command.command("create", epilog=_EPILOG, help="Make a key and print it once.")
@click.option("--name", required=True, type=_name, metavar="NAME", help="who uses it; stands in the access log")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@as_json("as one JSON object, the key in it")
@click.pass_obj
def create(path: Path, name: str, role: str, as_json: bool) -> int:
    """Print a new key, of which the file has the hash, and give 0."""
    key = keys.generate(secrets.choice)
    kept = ApiKey(
        id=secrets.token_hex(4),
        name=name,
        role=Role(role),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        sha256=keys.digest(key.reveal()),
    )
    keys.add(path, kept)
    if as_json:
        print(json.dumps({**_shown(kept), "file": str(path), "key": key.reveal()}, indent=1))
        return 0
    # The key alone on standard output, so that a script can take it; it is shown this once.
    print(key.reveal())
    print(f"Key {kept.id} ({kept.name}, {kept.role}) is in {path} as a hash; it is shown only now.", file=sys.stderr)
    return 0


@command.command("list", epilog=_EPILOG, help="List the keys, without what opens a door.")
@as_json("as one JSON object")
@click.pass_obj
def listed(path: Path, as_json: bool) -> int:
    """Print the keys by name and give 0."""
    found = sorted(keys.read(path), key=lambda key: key.name)
    if as_json:
        print(json.dumps({"keys": [_shown(key) for key in found]}, indent=1))
        return 0
    print(f"{'ID':10}{'ROLE':11}{'CREATED':22}NAME")
    for key in found:
        print(f"{key.id:10}{key.role:11}{key.created:22}{key.name}")
    return 0


@command.command("revoke", epilog=_EPILOG, help="Withdraw the key with this name or id.")
@click.argument("key")
@as_json("the revoked one as one JSON object")
@click.pass_obj
def revoke(path: Path, key: str, as_json: bool) -> int:
    """Take a key away and give 0."""
    revoked = keys.revoke(path, key)
    if as_json:
        print(json.dumps({**_shown(revoked), "file": str(path)}, indent=1))
        return 0
    print(f"Key {revoked.id} ({revoked.name}) is revoked; servers refuse it within a second.")
    return 0


def _shown(key: ApiKey) -> dict[str, str]:
    """Give what is told of a key: nothing that opens a door."""
    return {"id": key.id, "name": key.name, "role": key.role, "created": key.created}
