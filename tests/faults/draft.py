"""A numbers.yaml as the simulation writes it: drawn at random, edited step by step, and always one that loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.faults.market import CARRIERS, of_livekit

Line = Mapping[str, Any]

AGENTS: Mapping[str, Mapping[str, Any]] = {
    "support": {"agent_name": "support-agent", "metadata": {"tier": "gold"}},
    "sales": {"agent_name": "sales"},
}
# What a drawn line can be. Those of a `shared` trunk name their number: a search needs a trunk of its own as its claim.
KINDS = ("twilio-number", "twilio-search", "vonage-number", "vonage-search", "custom", "shared", "outbound", "mute")
OWN_KINDS = ("livekit-number", "livekit-search")
OWN_AREA = "212"
"""Where LiveKit is searched: nobody else sells numbers there."""
CALLERS = ("+13035550100", "+13035550101", "+13035550102", "+13035550103")
"""Who call, and may have an agent of their own."""
_BASE: Line = {"provider": "custom", "sip_address": "sip.example.com", "inbound": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the file says of one stack. `lines` are entries of `numbers:` by name.

    `serial` counts the names and numbers given out so far. `trunk` is the one that Twilio lines name, which may be
    another stack's ("": the implicit one), `pool` the shared one ("": none). `accepted`: ids of somebody else's.
    `own`: lines may have numbers that LiveKit itself sells. `calling`: others may answer some of their callers.
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    trunks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    trunk: str = ""
    pool: str = ""
    area_code: str = "650"
    guard: Mapping[str, Any] = field(default_factory=lambda: {"max_purchases": 20, "max_releases": 20})
    accepted: tuple[str, ...] = ()
    serial: int = 0
    own: bool = False
    calling: bool = False

    def text(self) -> str:
        """Give the file of a stack that is alone."""
        return _file(self.guard, self.trunks, self.lines, [_accepted(id_) for id_ in self.accepted])

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


def shared_file(mine: Draft, me: str, others: Mapping[str, Draft]) -> str:
    """Give the file of several stacks, by name, of which `mine` is the one that runs.

    A line that several drafts have is a line of each of those stacks where it searches; one that names its number is of
    one stack alone, and so are a number and the former name of a line. Each stack has a line that never leaves, without
    which the file would not know the stack.
    """
    drafts = {**others, me: mine}
    lines: dict[str, Line] = {}
    numbers = {line["phone_number"] for line in mine.lines.values() if "phone_number" in line}
    names = {*mine.lines, *(line["renamed_from"] for line in mine.lines.values() if "renamed_from" in line)}
    for index, name in enumerate(sorted(drafts)):
        lines[f"base-{name}"] = {**_BASE, "phone_number": number_of(900 + index, "custom"), "stacks": [name]}
        for line, wish in drafts[name].lines.items():
            if line not in names and wish.get("phone_number") not in numbers:
                lines[line] = {**wish, "stacks": [name]}
    for line, wish in mine.lines.items():
        sharing = [name for name in sorted(others) if "search" in wish and line in others[name].lines]
        lines[line] = {**wish, "stacks": sorted([me, *sharing])}
    trunks = {
        trunk: {**record, "owner": name} for name in sorted(drafts) for trunk, record in drafts[name].trunks.items()
    }
    given: dict[str, list[str]] = {}
    for name in sorted(drafts):
        for id_ in drafts[name].accepted:
            given.setdefault(id_, []).append(name)
    return _file(mine.guard, trunks, lines, [_accepted(id_, stacks=names) for id_, names in given.items()])


def _accepted(id_: str, **stacks: list[str]) -> dict[str, Any]:
    return {"id": id_, "reason": "meant to be there", **stacks}


def _file(
    guard: Mapping[str, Any], trunks: Mapping[str, Any], lines: Mapping[str, Line], accepted: list[dict[str, Any]]
) -> str:
    """Write JSON: it is YAML, and its parser is the fastest way through."""
    head: dict[str, Any] = {"version": 1, "guard": guard, "defaults": {"country": "US"}, "agents": AGENTS}
    head |= {"accepted": accepted} if accepted else {}
    return json.dumps({**head, "trunks": trunks, "numbers": lines})


def draw(
    rng: Random,
    suffix: str = "",
    serial: int = 0,
    borrowed: str = "",
    area_code: str = "650",
    *,
    own: bool = False,
    calling: bool = False,
) -> Draft:
    """Draw a fleet of one to three lines, with one of the ways in which Twilio's trunks can be declared.

    `suffix` and `serial` keep names and numbers apart from those of another stack, whose trunk may be `borrowed`.
    """
    ways: tuple[tuple[str, ...], ...] = ((), ("main",), ("main", "pool"))
    names = [f"{name}{suffix}" for name in (ways[1 + (rng.random() < 0.5)] if suffix else rng.choice(ways))]
    if borrowed:
        names = []
    draft = Draft(
        trunks={name: _trunk(name) for name in names},
        trunk=borrowed or (names[0] if names else ""),
        pool=names[1] if len(names) > 1 else "",
        serial=serial,
        area_code=area_code,
        own=own,
        calling=calling,
    )
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        draft = add_line(rng, draft)
    return draft


def is_pool(trunk: Any) -> bool:
    return str(trunk).startswith("pool")


def add_line(rng: Random, draft: Draft, kind: str = "") -> Draft:
    """Give the draft with one more line, under a name and a number that no line had before."""
    serial = draft.serial + 1
    kind = kind or rng.choice((*KINDS, *OWN_KINDS * 3) if draft.own else KINDS)
    if kind == "shared" and not draft.pool:
        kind = "twilio-number"
    line: dict[str, Any] = {"agent": rng.choice(sorted(AGENTS)), **_number(rng, kind, serial, draft.area_code)}
    if kind == "outbound":
        line |= {"inbound": False}
        del line["agent"]
    if kind == "mute":
        line |= {"outbound": False}
    if line["provider"] == "twilio" and draft.trunk:
        line |= {"trunk": draft.trunk}
    if kind == "shared":
        # The lines of a shared trunk agree in everything but their numbers.
        mate = next((each for each in draft.lines.values() if is_pool(each.get("trunk"))), {"agent": "support"})
        agreed = {
            key: mate[key] for key in ("agent", "krisp_enabled", "allowed_callers", "headers", "callers") if key in mate
        }
        line |= {"trunk": draft.pool, **agreed}
    elif rng.random() < 0.3:
        line |= {"label": rng.choice(("Sales, US", "Ünïcode", "x"))}
    if rng.random() < 0.3:
        line |= {"removal": rng.choice(("release", "release", "keep"))}
    return replace(draft.having(f"l{serial}", line), serial=serial)


def adopt_line(draft: Draft, number: str) -> Draft:
    """Give the draft with one more line, which takes over a number that the account has already."""
    serial = draft.serial + 1
    line = {"provider": "twilio", "phone_number": number, "agent": "support", "adopt": True}
    line |= {"trunk": draft.trunk} if draft.trunk else {}
    return replace(draft.having(f"l{serial}", line), serial=serial)


def common_line(rng: Random, owner: Draft) -> Line:
    """Give a line that searches a number for each of two stacks; at Twilio on the trunk of the one that owns it."""
    if rng.random() < 0.5:
        wish = {"country": "GB", "type": "mobile"}
        return {"provider": "vonage", "country": "GB", "search": wish, "agent": "support"}
    wish = {"country": "US", "area_code": owner.area_code}
    return {"provider": "twilio", "search": wish, "agent": "sales", "trunk": owner.trunk}


def number_of(serial: int, provider: str) -> str:
    """The number of the line with this serial where it names one; each carrier sells its own."""
    if provider == "livekit":
        return of_livekit(serial)
    return {"twilio": f"+1650555{1000 + serial}", "vonage": f"+447400{100000 + serial}"}.get(
        provider, f"+44207123{4000 + serial}"
    )


def _number(rng: Random, kind: str, serial: int, area_code: str) -> dict[str, Any]:
    provider = kind.partition("-")[0]
    if kind in ("outbound", "mute"):
        kind = rng.choice(("twilio-number", "twilio-search", "vonage-number", "vonage-search"))
        provider = kind.partition("-")[0]
    if kind == "custom":
        return {"provider": "custom", "phone_number": number_of(serial, "custom"), "sip_address": "sip.example.com"}
    if kind == "shared":
        return {"provider": "twilio", "phone_number": number_of(serial, "twilio")}
    if kind == "livekit-search":
        return {"provider": provider, "search": {"country": "US", "area_code": OWN_AREA}}
    if kind.endswith("search"):
        wish = {"country": "GB", "type": "mobile" if area_code == "650" else "local"}
        wish = {"country": "US", "area_code": area_code} if provider == "twilio" else wish
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
        **({"shared": True} if is_pool(name) else {}),
    }
