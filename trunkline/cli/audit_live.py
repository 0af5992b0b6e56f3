"""The part of `trunkline audit --live` that has effects: reads file, state and vendors, and puts them together.

The vendors are asked while the state is read, and `pulumi` opens its passwords meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from trunkline.comparison import LiveFinding, Sides, compare, whole, without_line
from trunkline.dump import Holdings
from trunkline.inventory import Inventory
from trunkline.model.spec import Site
from trunkline.model.tag import Tag
from trunkline.plan.gate import accepted, routes
from trunkline.state import checkpoint
from trunkline.state import held as states
from trunkline.state.opening import open_backend
from trunkline.state.pulumi_cli import CliBackend
from trunkline.state.reader import Reader
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, Unreachable

# Found by name: no vendor's SDK and no Pulumi is imported where the state alone is audited.
_LIVE = "providers.dynamic.audited"
Tell = Callable[[str], None]


def findings(
    address: StackAddress,
    file: Inventory | None,
    environ: Mapping[str, str],
    tell: Tell,
    process: tuple[Any, str] | None = None,
) -> tuple[LiveFinding, ...]:
    """Give the findings of the state and those of the comparison, the gravest first.

    `file`: the whole one, None where there is none. `process`: the vendors' connections and LiveKit's SIP host, else
    those of the environment. Raises TrunklineError where the state cannot be read, the file has no such stack, or
    LiveKit is not configured; a vendor that does not answer is a finding.
    """
    inventory = file.for_stack(address.stack) if file is not None else None
    live = import_module(_LIVE)
    run, sip_host = process or live.process(environ)
    ahead = live.begin(run)
    tell("the state")
    with contextlib.closing(open_backend(address)) as backend:
        published = Reader(backend).once()
        data = backend.current()
    outputs, held = checkpoint.parse(data).outputs, states.read(data)
    passwords = ahead.later(lambda: _passwords(address, held))
    record, facts = _as_the_file_says(held.fleet, inventory, address)
    seen = live.read(run, sip_host, record, outputs.lines, held.objects, facts, tell, ahead)
    if held.sealed:
        tell("the state's secrets")
    sides = Sides(
        live=seen.holdings,
        file=inventory,
        lines=outputs.lines,
        held=held.ids,
        scopes=_scopes(address, held.ids, seen.holdings),
        unread=seen.unread,
        passwords=passwords(),
        unseen=dict.fromkeys(held.credentials, run.vendors.vendor_of.get("Credential", "")),
        trunkless=seen.trunkless,
        deployed=seen.deployed,
        unlisted=seen.unlisted,
        changed=seen.changed,
    )
    tell("prices")
    costs = {one.number: cost for one in without_line(sides) if (cost := seen.cost(one)) is not None}
    return whole(published.findings, outputs, seen.neighbours, compare(replace(sides, costs=costs)), inventory)


def _as_the_file_says(
    record: Mapping[str, Any], inventory: Inventory | None, address: StackAddress
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
    """Give the Fleet's record with what the file accepts now, and what it says of the owners of carriers' trunks."""
    if inventory is None or not record.get("lines"):
        return record, {}
    site = Site(
        fleet=record["fleet"], stack=address.stack, accounts=record["accounts"], sip_host=record.get("sipHost", "")
    )
    return {**record, "accepted": accepted(inventory)}, routes(inventory, site)


def _scopes(address: StackAddress, ids: frozenset[str], live: Holdings) -> frozenset[str]:
    """Give what this stack's tags name: the default, and what the tags of the objects name that its state has."""
    objects = (*live.inbound, *live.outbound, *live.rules, *(one.trunk for one in live.trunks))
    tags = (Tag.parse(one.tag) for one in objects if one.id in ids)
    return frozenset({f"{address.project}/{address.stack}", *(tag.fleet for tag in tags if tag)})


def _passwords(address: StackAddress, held: states.Held) -> Mapping[str, str] | None:
    """Give the passwords of the state's trunks, opened by `pulumi` where they are encrypted; None where it cannot."""
    if not held.sealed:
        return held.passwords
    try:
        opened = states.read(CliBackend(address).opened())
    except (Unreachable, Broken):
        return None
    return None if opened.sealed else opened.passwords
