"""What previews ask the vendors for: counted, never timed.

A stack is made in the model of the engine (`bench/copies.py`); its preview without a change goes to a real provider
process over gRPC, as many calls side by side as the engine has under way. The served sandbox counts. The first preview
of a new fleet is the Fleet's check alone, which the model runs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

from bench import copies, fleet
from providers.dynamic.workers import WORKERS
from sandbox import SandboxServer
from sandbox.environment import environment
from tests.support.model_engine import FLEET
from tests.support.model_state import Recorded
from tests.support.model_values import resolved
from tests.support.world import SECRETS, Stack, World, site
from tests.wire.provider_process import ProviderProcess
from trunkline.inventory import parse
from trunkline.model.spec import Key, ResourceSpec
from trunkline.plan import compile_plan

PAGE = 1000  # numbers, and trunks of LiveKit, in one answer
VONAGE_PAGE = 100
BALANCE = "1000000.00"  # USD: the sandbox's own account pays for 8,695 numbers
OFFERED, SPARE = 100, 30  # numbers that one question shows to a search, and how many more than lines it asks for
PARTS = ("OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList")


def unchanged(lines: int, folder: Path, foreign: int = 0) -> Counter[str]:
    """Give the requests of a preview without a change over so many Twilio lines, as "vendor read" or "vendor write".

    `foreign`: how many numbers and objects of each kind that no line has are in each account beside them.
    """
    world = World()
    _fill(world, foreign)
    stack = Stack(world)
    copies.up(stack, lines, BALANCE)
    mark = world.sandbox.journal.mark()
    with SandboxServer(world.sandbox) as server:
        _preview(stack, fleet.of(lines), server, folder)
    return Counter(
        f"{entry.vendor} {'write' if entry.write else 'read'}" for entry in world.sandbox.journal.entries(mark)
    )


def allowed(lines: int, foreign: int = 0) -> dict[str, int]:
    """Give the most that such a preview may ask: whole pages of each kind, once, and Twilio's lists of a trunk's parts.

    An account of a carrier that no line uses is asked for its numbers, among which a leftover could be.
    """
    pages = ceil((lines + foreign) / PAGE)
    vonage = max(ceil(foreign / VONAGE_PAGE), 1)
    return {"twilio read": pages + 2 + len(PARTS), "livekit read": 3 * (pages + 1), "vonage read": vonage}


def first(lines: int, by: str = fleet.NUMBERED, provider: str = "twilio") -> int:
    """Give the requests of the first preview of so many new lines; those that are adopted are in their account."""
    world = World()
    if by == fleet.ADOPTED:
        for line in range(lines):
            world.sandbox.carriers[provider].add_number(fleet.number(line, provider))
    Stack(world).preview(fleet.of(lines, by=by, provider=provider))
    return len(world.sandbox.journal.entries())


def allowed_first(lines: int, by: str = fleet.NUMBERED, provider: str = "twilio") -> int:
    """Give the most that it may ask: the lists, one question a line whose number no list has, one for a search of all.

    The lists are three of LiveKit's, Twilio's trunks and credential lists, and both carriers' numbers. Lines that are
    searched have them listed again just before the choice, and share the pages of their search. Twilio says besides
    what a country's numbers cost, and need where some are bought; at Vonage the offer says it, and of numbers that are
    there one search.
    """
    pages = ceil(lines / (PAGE if provider == "twilio" else VONAGE_PAGE)) if by == fleet.ADOPTED else 1
    lists = 3 + 2 + pages + 1
    searched = lists + ceil((lines + SPARE) / OFFERED)
    exact = {fleet.NUMBERED: lines, fleet.SEARCHED: searched, fleet.ADOPTED: int(provider == "vonage")}
    country = (1 if by == fleet.ADOPTED else 2) if provider == "twilio" else 0
    return lists + exact[by] + country


def _fill(world: World, foreign: int) -> None:
    """Put into each account what is nobody's: numbers, and trunks with rules that answer other numbers."""
    livekit = world.sandbox.livekit
    for number in range(foreign):
        world.sandbox.twilio.add_number(f"+1212{2_000_000 + number}")
        world.sandbox.vonage.add_number(f"+44207{1_000_000 + number}")
        trunk = livekit.add_inbound_trunk(numbers=[f"+1212{2_000_000 + number}"])["sip_trunk_id"]
        livekit.add_outbound_trunk(numbers=[f"+1212{2_000_000 + number}"], address="sip.example.com")
        livekit.add_dispatch_rule(trunk_ids=[trunk], rule={"dispatch_rule_individual": {"room_prefix": "theirs-"}})


def _preview(stack: Stack, text: str, server: SandboxServer, folder: Path) -> None:
    variables = environment(server.url)
    host = variables["LIVEKIT_URL"].rpartition("/")[2]
    known = site(stack.name, stack.fleet)
    plan = compile_plan(
        parse(text, "numbers.yaml").for_stack(stack.name),
        replace(known, accounts={**known.accounts, "livekit": host}),
    )
    state = stack.engine.state
    with ProviderProcess("ours", folder, variables) as process, ThreadPoolExecutor(WORKERS) as callers:
        process.configure(**SECRETS)
        recorded = {key: _at(host, one) for key, one in state.resources.items()}
        read = dict(zip(recorded, callers.map(lambda each: _read(process, *each), recorded.items()), strict=True))
        told = {"settled": state.settled, "known": state.known, "marks": state.marks, "active": state.active}
        gate = {**plan.fleet, **told, "facts": plan.facts, "adoption": plan.adoption}
        judged, refusals = process.checked("Fleet", gate, read[FLEET].inputs)
        if refusals:
            raise SystemExit(refusals[0])
        outputs = {key: one.outputs for key, one in read.items()} | {FLEET: judged}

        def compared(spec: ResourceSpec) -> None:
            _same(process, spec.key, resolved(dict(spec.props), outputs, SECRETS), read[spec.key])

        for _ in callers.map(compared, plan.resources):
            pass


def _at(host: str, one: Recorded) -> Recorded:
    """Give an entry as if its stack had been made where the sandbox is served."""

    def there(props: Mapping[str, Any]) -> dict[str, Any]:
        moved: dict[str, Any] = json.loads(json.dumps(props).replace('"sandbox"', f'"{host}"'))
        return moved

    return replace(one, inputs=there(one.inputs), outputs=there(one.outputs))


def _read(process: ProviderProcess, key: Key, one: Recorded) -> Recorded:
    id_, outputs, inputs = process.read(key[0], one.id, one.outputs)
    if not id_:
        raise SystemExit(f"{key[0]} {key[1]} is gone")
    return Recorded(id_, inputs, outputs)


def _same(process: ProviderProcess, key: Key, props: Mapping[str, Any], one: Recorded) -> None:
    inputs = process.check(key[0], props, one.inputs)
    changes, _ = process.diff(key[0], one.id, one.outputs, inputs)
    if changes != "NONE":
        raise SystemExit(f"{key[0]} {key[1]} changes: {changes}")
