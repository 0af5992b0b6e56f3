"""A `pulumi` command over Pulumi Cloud, as far as a reader of a stack uses it (flags and JSON of 3.259.0).

`$CLOUD` is a file: {"updates": [{"version", …}], "exports": {version: deployment}, "organization", "failing": {version:
how often}}. It lists 10 updates to those who name no page size, and knows a stack by its whole name alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--non-interactive", action="store_true", required=True)
    parser.add_argument("command", choices=["stack"])
    parts = parser.add_subparsers(dest="part", required=True)
    listing, history, export = (parts.add_parser(name) for name in ("ls", "history", "export"))
    listing.add_argument("--project", required=True)
    listing.add_argument("--organization", default="")
    history.add_argument("--page-size", type=int, default=10)
    history.add_argument("--page", type=int, default=1)
    export.add_argument("--version", default="")
    for part in (listing, history):
        part.add_argument("--json", action="store_true", required=True)
    for part in (history, export):
        part.add_argument("--stack", required=True)
    for part in (listing, history, export):
        part.add_argument("--non-interactive", action="store_true")
    return parser.parse_args(["--non-interactive", *sys.argv[1:]])


def _answer(asked: argparse.Namespace, cloud: dict[str, Any]) -> Any:
    whole = f"{cloud['organization']}/fleet/dev"
    if asked.part == "ls":
        mine = asked.organization == cloud["organization"] and asked.project == "fleet"
        newest = cloud["updates"][0]
        runs = newest["result"] == "in-progress"
        last = "in progress" if runs else newest["endTime"]
        return [{"name": whole, "lastUpdate": last, "updateInProgress": runs}] if mine else []
    if asked.stack != whole:
        sys.exit(f"error: no stack named '{asked.stack}' found")
    if asked.part == "history":
        start = (asked.page - 1) * asked.page_size
        return cloud["updates"][start : start + asked.page_size]
    version = asked.version or str(cloud["updates"][0]["version"])
    if cloud["failing"].get(version, 0) > 0:
        cloud["failing"][version] -= 1
        Path(os.environ["CLOUD"]).write_text(json.dumps(cloud), "utf-8")
        sys.exit("error: [503] Service Unavailable")
    return cloud["exports"][version]


if __name__ == "__main__":
    print(json.dumps(_answer(_parsed(), json.loads(Path(os.environ["CLOUD"]).read_text("utf-8")))))
