"""What a preview without a change asks the vendors for: counted, never timed.

The stack is made in the model of the engine; the preview goes to a real provider process over gRPC, as many calls side
by side as the engine has under way. The served sandbox counts.
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

from bench import fleet
from providers.dynamic.workers import WORKERS
from sandbox import SandboxServer
from sandbox.environment import environment
from tests.support.model_engine import FLEET
from tests.support.model_state import Recorded
from tests.support.model_values import resolved
from tests.support.world import SECRETS, Stack, World, site
from tests.wire.provider_process import ProviderProcess
from trunkline.inventory import parse
from trunkline.model.spec import Key
from trunkline.plan import compile_plan

PAGE = 1000  # numbers, and trunks of LiveKit, in one answer
PARTS = ("OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList")


def unchanged(lines: int, folder: Path) -> Counter[str]:
    """Give the requests of a preview without a change over so many Twilio lines, as "vendor read" or "vendor write"."""
    text = fleet.of(lines)
    world = World()
    stack = Stack(world)
    stack.up(text)
    mark = world.sandbox.journal.mark()
    with SandboxServer(world.sandbox) as server:
        _preview(stack, text, server, folder)
    return Counter(
        f"{entry.vendor} {'write' if entry.write else 'read'}" for entry in world.sandbox.journal.entries(mark)
    )


def allowed(lines: int) -> dict[str, int]:
    """Give the most that such a preview may ask: whole pages of each kind, once, and Twilio's lists of a trunk's parts.

    An account of a carrier that no line uses is asked for its numbers, among which a leftover could be.
    """
    pages = ceil(lines / PAGE)
    return {"twilio read": pages + 2 + len(PARTS), "livekit read": 3 * (pages + 1), "vonage read": 1}


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
        for spec in plan.resources:
            _same(process, spec.key, resolved(dict(spec.props), outputs, SECRETS), read[spec.key])


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
