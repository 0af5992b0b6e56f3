"""A numbers.yaml as the simulation writes it: drawn at random, edited step by step, and always one that loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

Line = Mapping[str, Any]

AGENTS = {"support": {"agent_name": "support-agent", "metadata": {"tier": "gold"}}, "sales": {"agent_name": "sales"}}
# What a drawn line can be. Those of a `shared` trunk name their number: a search needs a trunk of its own as its claim.
KINDS = ("twilio-number", "twilio-search", "vonage-number", "vonage-search", "custom", "shared", "outbound", "mute")
CARRIERS = ("twilio", "vonage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`lines` are entries of `numbers:` by name; `serial` counts the names and numbers given out so far."""

    lines: Mapping[str, Line] = field(default_factory=dict)
    trunks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    guard: Mapping[str, Any] = field(default_factory=lambda: {"max_purchases": 20, "max_releases": 20})
    serial: int = 0

    def text(self) -> str:
        """Give the file. JSON is YAML, and its parser is the fastest way through."""
        return json.dumps(
            {
                "version": 1,
                "guard": self.guard,
                "defaults": {"country": "US"},
                "agents": AGENTS,
                "trunks": self.trunks,
                "numbers": self.lines,
            }
        )

    def having(self, name: str, line: Line) -> Draft:
        return replace(self, lines={**self.lines, name: line})

    def setting(self, name: str, **fields: Any) -> Draft:
        """Set fields of one line; None takes a field away."""
        merged = {**self.lines[name], **fields}
        return self.having(name, {key: value for key, value in merged.items() if value is not None})

    def without(self, name: str) -> Draft:
        return replace(self, lines={key: line for key, line in self.lines.items() if key != name})

    def named(self, old: str, new: str, **fields: Any) -> Draft:
        """Give the line another name, at the end of the file."""
        return self.without(old).having(new, {**self.lines[old], **fields})

    def carried(self) -> list[str]:
        """The lines whose numbers a carrier has."""
        return [name for name, line in sorted(self.lines.items()) if line["provider"] in CARRIERS]

    def marked(self, mark: str) -> list[str]:
        return [name for name, line in sorted(self.lines.items()) if line.get("removal") == mark]


def draw(rng: Random) -> Draft:
    """Draw a fleet of one to three lines, with one of the ways in which Twilio's trunks can be declared."""
    draft = Draft(trunks=rng.choice(({}, {"main": _trunk("main")}, {"main": _trunk("main"), "pool": _trunk("pool")})))
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        draft = add_line(rng, draft)
    return draft


def add_line(rng: Random, draft: Draft, kind: str = "") -> Draft:
    """Give the draft with one more line, under a name and a number that no line had before."""
    serial = draft.serial + 1
    kind = kind or rng.choice(KINDS)
    if kind == "shared" and "pool" not in draft.trunks:
        kind = "twilio-number"
    line: dict[str, Any] = {"agent": rng.choice(sorted(AGENTS)), **_number(rng, kind, serial)}
    if kind == "outbound":
        line |= {"inbound": False}
        del line["agent"]
    if kind == "mute":
        line |= {"outbound": False}
    if line["provider"] == "twilio" and draft.trunks:
        line |= {"trunk": "main"}
    if kind == "shared":
        # The lines of a shared trunk agree in everything but their numbers.
        mate = next((each for each in draft.lines.values() if each.get("trunk") == "pool"), {"agent": "support"})
        agreed = {key: mate[key] for key in ("agent", "krisp_enabled", "allowed_callers", "headers") if key in mate}
        line |= {"trunk": "pool", **agreed}
    elif rng.random() < 0.3:
        line |= {"label": rng.choice(("Sales, US", "Ünïcode", "x"))}
    if rng.random() < 0.3:
        line |= {"removal": rng.choice(("release", "release", "keep"))}
    return replace(draft.having(f"l{serial}", line), serial=serial)


def number_of(serial: int, provider: str) -> str:
    """The number of the line with this serial where it names one; each carrier sells its own."""
    return {"twilio": f"+1650555{1000 + serial}", "vonage": f"+447400{100000 + serial}"}.get(
        provider, f"+44207123{4000 + serial}"
    )


def _number(rng: Random, kind: str, serial: int) -> dict[str, Any]:
    provider = kind.partition("-")[0]
    if kind in ("outbound", "mute"):
        kind = rng.choice(("twilio-number", "twilio-search", "vonage-number", "vonage-search"))
        provider = kind.partition("-")[0]
    if kind == "custom":
        return {"provider": "custom", "phone_number": number_of(serial, "custom"), "sip_address": "sip.example.com"}
    if kind == "shared":
        return {"provider": "twilio", "phone_number": number_of(serial, "twilio")}
    if kind.endswith("search"):
        wish = {"country": "US", "area_code": "650"} if provider == "twilio" else {"country": "GB", "type": "mobile"}
        return {"provider": provider, "search": wish, **({"country": "GB"} if provider == "vonage" else {})}
    return {
        "provider": provider,
        "phone_number": number_of(serial, provider),
        **({"country": "GB"} if provider == "vonage" else {}),
    }


def _trunk(name: str) -> dict[str, Any]:
    return {
        "provider": "twilio",
        "domain_name": f"acme-{name}.pstn.twilio.com",
        "auth_username": "livekit",
        "auth_password": {"secret": "twilioTermination"},
        **({"shared": True} if name == "pool" else {}),
    }
