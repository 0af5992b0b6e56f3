"""Rules about `fallback`, of a trunk and of `defaults`, and about what must hold at LiveKit for a carrier to ask it."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Finding
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, fallback_of, trunk_of
from trunkline.model.entries import Line, Trunk
from trunkline.model.fallback import STATUS

_STATUS_KEY = "ringing_timeout_status"


def problems(inventory: Inventory) -> Iterator[Problem]:
    """Give what carriers refuse of the trunks' fallbacks; where it is that of `defaults`, it stands there, once."""
    made = {line.provider for line in inventory.lines.values() if trunk_of(inventory, line) is None}
    found: dict[tuple[str, str, str], Problem] = {}
    for trunk in (*inventory.trunks.values(), *(_made(inventory, provider) for provider in sorted(made))):
        own = inventory.has("trunks", trunk.name, "fallback")
        path = ("trunks", trunk.name, "fallback") if own else ("defaults", "fallback")
        who = f'trunk "{trunk.name}"' if trunk.name in inventory.trunks else f"the trunk of {trunk.name} lines"
        for _, rule, message, fix in CARRIERS[trunk.provider].fallback_findings(trunk) if trunk.fallback else ():
            problem = inventory.problem(path, rule, f"{who}: {message}", fix)
            found.setdefault((problem.message, *path[:2]), problem)
    yield from found.values()


def line_findings(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """Give a status that a line has LiveKit refuse with, and after which its carrier asks no fallback."""
    carrier, fallback = CARRIERS[line.provider], fallback_of(inventory, line)
    trunk = trunk_of(inventory, line)
    status = line.options.get(_STATUS_KEY) or (trunk.options.get(_STATUS_KEY) if trunk else None)
    if fallback and line.inbound and status and carrier.fails_over and not carrier.fails_over(status):
        message = f"LiveKit would refuse its calls with {status}, after which {carrier.label} asks no fallback"
        yield _STATUS_KEY, "fallback", message, f"write {STATUS}, or delete `{_STATUS_KEY}`, which is {STATUS} then"


def idle(inventory: Inventory, line: Line) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Give, as warnings, that the fallback of `defaults` is not for a line, or that no agent's silence leads to one."""
    trunk = trunk_of(inventory, line)
    said = line.options.get(_STATUS_KEY) or (trunk.options.get(_STATUS_KEY) if trunk else None)
    if inventory.fallback and line.inbound and CARRIERS[line.provider].fails_over is None and not said:
        why = CARRIERS[line.provider].lacking_trunk_keys.get("fallback", "nothing of ours makes it ask another")
        message = f"the fallback of `defaults` is not for a {line.provider} line: {why}"
        of_trunk = f"write both, or `{_STATUS_KEY}` alone, which ends this warning"
        of_none = "nothing; or write `fallback` on the trunks of the others, in place of `defaults`"
        yield (), "fallback", message, of_trunk if CARRIERS[line.provider].has_trunks else of_none
    if line.inbound and fallback_of(inventory, line) and asks_pin(inventory, line):
        message = "its callers are asked for a PIN, so LiveKit has answered them: they take no fallback once it has"
        yield (), "fallback", message, "nothing, where it is for LiveKit that is down; else take `pin` off the agent"


def asks_pin(inventory: Inventory, line: Line) -> bool:
    """Whether callers enter a PIN: LiveKit accepts a call before it asks (livekit/sip `inbound.go`, read 2026-11)."""
    agent = inventory.agents.get(line.agent)
    return bool(agent and agent.options.get("pin"))


def _made(inventory: Inventory, provider: str) -> Trunk:
    fails_over = CARRIERS[provider].fails_over is not None
    return Trunk(name=provider, provider=provider, fallback=inventory.fallback if fails_over else "")
