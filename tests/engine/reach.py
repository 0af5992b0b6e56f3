"""Which numbers find their agent, looked at after every write at a vendor; and the ledger of purchases and releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import Sandbox
from sandbox.credentials import LIVEKIT_SIP_URI, OTHER_TWILIO, OTHER_VONAGE
from sandbox.journal import Entry
from tests.engine.stage import brief

HOST = LIVEKIT_SIP_URI.removeprefix("sip:")


def answered(sandbox: Sandbox, moved: Mapping[str, Sandbox] | None = None) -> frozenset[str]:
    """Give the numbers whose calls reach an agent: routed to LiveKit, and there in a trunk that has a rule.

    `moved`: SIP host -> the world of a further LiveKit project. A number that no carrier routes may stand in any; one
    that two carriers have, as while it is ported, is routed by either.
    """
    held = {host: _held(world) for host, world in {HOST: sandbox, **(moved or {})}.items()}
    routes = _routes(sandbox)
    return frozenset(
        number
        for host, numbers in held.items()
        for number in numbers
        if any(host in route for route in routes.get(number, [host]))
    )


def misled(sandbox: Sandbox) -> frozenset[str]:
    """Give the numbers whose carrier sends calls to LiveKit, where no trunk with a rule takes them."""
    sent = (number for number, routes in _routes(sandbox).items() if any(HOST in route for route in routes))
    return frozenset(sent) - _held(sandbox)


def _routes(sandbox: Sandbox) -> dict[str, list[str]]:
    """Give where each number's carriers send its calls; a trunk at Twilio may have several places."""
    routes: dict[str, list[str]] = {}
    urls: dict[str, list[str]] = {}
    for url in sandbox.twilio.store.table("origination_urls").values():
        if url.get("enabled", True):
            urls.setdefault(url["trunk_sid"], []).append(url["sip_url"])
    for number in (*sandbox.twilio.numbers(), *sandbox.twilio.numbers(OTHER_TWILIO.sid)):
        trunk = (sandbox.twilio.number(number) or {}).get("trunk_sid", "")
        routes.setdefault(number, []).extend(urls.get(trunk, [""]))
    for number in (*sandbox.vonage.numbers(), *sandbox.vonage.numbers(OTHER_VONAGE.api_key)):
        routes.setdefault(number, []).append((sandbox.vonage.number(number) or {}).get("voiceCallbackValue", ""))
    return routes


def _held(world: Sandbox) -> frozenset[str]:
    """Give the numbers that stand in a trunk for calls in that has a rule."""
    ruled = {trunk for rule in world.livekit.dispatch_rules() for trunk in rule.get("trunk_ids", ())}
    trunks = (trunk for trunk in world.livekit.inbound_trunks() if trunk["sip_trunk_id"] in ruled)
    return frozenset(number for trunk in trunks for number in trunk.get("numbers", ()))


@dataclass
class Reach:
    """What the writes in a world did to calls, as "number, by which write".

    `cut`: it stopped finding its agent. `led_astray`: its carrier began to send it to LiveKit while no
    agent was there.
    """

    sandbox: Sandbox
    cut: list[str] = field(default_factory=list)
    led_astray: list[str] = field(default_factory=list)
    moved: dict[str, Sandbox] = field(default_factory=dict)
    """SIP host -> the world of a LiveKit project beside the first."""
    _now: frozenset[str] = frozenset()
    _astray: frozenset[str] = frozenset()
    _owned: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._watch(self.sandbox)
        self.take_for_given()

    def move_to(self, host: str, world: Sandbox) -> None:
        """Look after the writes of another LiveKit project too."""
        self.moved[host] = world
        self._watch(world)

    def _watch(self, world: Sandbox) -> None:
        record = world.journal.add

        def add(**fields: Any) -> Entry:
            entry = record(**fields)
            if entry.write:
                self.look(entry)
            return entry

        world.journal.add = add  # type: ignore[method-assign]

    def look(self, entry: Entry) -> None:
        now, owned = answered(self.sandbox, self.moved), frozenset(_routes(self.sandbox))
        # A number that this write bought was nobody's before: no call to it has ended.
        self.cut += [f"{number}, by {brief(entry)}" for number in sorted(self._now - now - (owned - self._owned))]
        astray = misled(self.sandbox)
        self.led_astray += [f"{number}, by {brief(entry)}" for number in sorted(astray - self._astray)]
        self._now, self._astray, self._owned = now, astray, owned

    def take_for_given(self) -> None:
        """What somebody has just done by hand cut no call by a write of ours."""
        self._now, self._astray = answered(self.sandbox, self.moved), misled(self.sandbox)
        self._owned = frozenset(_routes(self.sandbox))

    @property
    def charged(self) -> list[str]:
        return [one.number for one in self.sandbox.ledger.charges()]

    @property
    def released(self) -> list[str]:
        return [one.number for one in self.sandbox.ledger.releases()]
