"""What LiveKit does with a call that comes in: which trunk takes it, which dispatch rule answers it, or why none does.

Pure. Read from livekit/protocol `sip/sip.go` and `livekit/sip.go` (1.50.5, 2026-07-28; the same in 1.54.0 of
2026-11-12) and livekit-server `pkg/service/ioservice_sip.go` (1.13.5); the tables of its own tests are among ours, and
tests/livekit/test_calls_differential.py puts the same calls to a real server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network

# Only what looks like a number is normalised (`NormalizeNumber`).
_NUMBER = re.compile(r"\+?[0-9\- ()]+")
_PUNCTUATION = str.maketrans("", "", " -()")
# What makes LiveKit drop an entry of a trunk's allowed addresses, as if nobody had written it.
_NO_ADDRESS = frozenset("()+*;, \t\n\r")
_FORMS = {"direct": 0, "individual": 1, "callee": 2}
_OPEN, _UNNAMED = 100, 1000


def canonical(number: str) -> str:
    """Give a number as LiveKit compares it: without spaces, dashes and brackets, and with a plus.

    Text that is no number (a SIP user such as "desk", a pattern) stays as it is.
    """
    if not _NUMBER.fullmatch(number):
        return number
    digits = number.translate(_PUNCTUATION)
    return digits if digits.startswith("+") else f"+{digits}"


def has_number(numbers: Iterable[str], number: str) -> bool:
    """Tell whether LiveKit finds a number among those of a trunk, however either is written."""
    return canonical(number) in map(canonical, numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it arrives: `called` and `caller` as the carrier spells them.

    `source` is the IP address that it comes from ("" where it is not known: LiveKit then admits every address), `host`
    the host in its From header, `pin` what the caller has entered.
    """

    called: str
    caller: str = ""
    source: str = ""
    host: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """An inbound trunk; empty `numbers` mean every number, empty `allowed_…` everybody."""

    id: str
    numbers: tuple[str, ...] = ()
    allowed_numbers: tuple[str, ...] = ()
    allowed_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A dispatch rule; empty `trunk_ids`, `callers` (`inbound_numbers`) and `numbers` mean every one.

    `form` is direct | individual | callee, "" for one that LiveKit does not know; `room` is its room or the prefix of
    its rooms. `agents` are the names of those whom it calls into the room.
    """

    id: str
    name: str = ""
    trunk_ids: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    form: str = "individual"
    room: str = ""
    pin: str = field(default="", repr=False)
    agents: tuple[str, ...] = ()

    @property
    def precedence(self) -> tuple[int, str]:
        """The smallest answers: PIN before none, by form, callers and numbers named before not; then by room."""
        rank = _FORMS[self.form] + (0 if self.pin else _OPEN)
        return rank + _UNNAMED * (not self.callers) + _UNNAMED * (not self.numbers), self.room

    def keys(self, trunk_id: str | None) -> Iterator[tuple[str, str, str, str]]:
        """What no other rule may have too, or LiveKit refuses to look any further; at one trunk, or at all (None).

        Rules that share another trunk too clash at this one already. One that names a trunk twice clashes with itself.
        """
        twice = len(set(self.trunk_ids)) < len(self.trunk_ids)
        here = self.trunk_ids if trunk_id is None or twice else tuple({trunk_id} & set(self.trunk_ids))
        for trunk in here if self.trunk_ids else ("",):
            for caller in self.callers or ("",):
                for number in self.numbers or ("",):
                    yield self.pin, trunk, canonical(caller), canonical(number)


class Outcome(StrEnum):
    """How a call ends at LiveKit."""

    ANSWERED = "answered"
    ASKS_PIN = "asks-pin"
    NO_TRUNK = "no-trunk"
    SEVERAL_TRUNKS = "several-trunks"
    NO_RULE = "no-rule"
    RULES_CLASH = "rules-clash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which trunk and rule a call meets; None where it does not come that far.

    `rivals`: the ids that cannot stand beside each other where trunks or rules clash. `turned_away`: trunk id -> why
    it does not take the call, of the trunks that list its number.
    """

    outcome: Outcome
    trunk: Trunk | None = None
    rule: Rule | None = None
    rivals: tuple[str, ...] = ()
    turned_away: tuple[tuple[str, str], ...] = ()

    @property
    def reached(self) -> bool:
        """Whether somebody, or the question for a PIN, answers."""
        return self.outcome in (Outcome.ANSWERED, Outcome.ASKS_PIN)

    @property
    def reason(self) -> str:
        """Why nobody answers, with what the caller's carrier hears; "" where somebody does."""
        between = " and ".join(self.rivals)
        away = "; ".join(f"{id} {why}" for id, why in self.turned_away)
        return {
            Outcome.ANSWERED: "",
            Outcome.ASKS_PIN: "",
            Outcome.NO_TRUNK: f"LiveKit finds no trunk and answers 404{f' ({away})' if away else ''}",
            Outcome.SEVERAL_TRUNKS: f"LiveKit finds several trunks, {between}, and refuses the call",
            Outcome.NO_RULE: "LiveKit finds no dispatch rule and drops the call with 486",
            Outcome.RULES_CLASH: f"LiveKit cannot tell the rules {between} apart and refuses the call",
        }[self.outcome]


def match(call: Call, trunks: Iterable[Trunk], rules: Sequence[Rule], *, trunkless: bool = False) -> Match:
    """Say what becomes of a call.

    `rules` in the order of LiveKit's lists, by id. `trunkless`: whether a call that no trunk takes is handed on to the
    rules that name no trunk, as a self-hosted server does; LiveKit Cloud answers it with 404.
    """
    listed = tuple(trunks)
    taking = [trunk for trunk in listed if not _refusal(call, trunk)]
    named = [trunk for trunk in taking if trunk.numbers]
    if len(named) > 1 or (not named and len(taking) > 1):
        return Match(outcome=Outcome.SEVERAL_TRUNKS, rivals=tuple(trunk.id for trunk in named or taking))
    trunk = next(iter(named or taking), None)
    away = tuple(
        (one.id, why) for one in listed if has_number(one.numbers, call.called) and (why := _refusal(call, one))
    )
    if trunk is None and not trunkless:
        return Match(outcome=Outcome.NO_TRUNK, turned_away=away)
    seen = [rule for rule in rules if trunk is None or not rule.trunk_ids or trunk.id in rule.trunk_ids]
    if rivals := clashing(seen, trunk.id if trunk else None):
        return Match(outcome=Outcome.RULES_CLASH, trunk=trunk, rivals=rivals)
    fitting = [rule for rule in seen if fits(call, rule)]
    specific = [rule for rule in fitting if trunk is not None and rule.trunk_ids]
    general = [rule for rule in fitting if not rule.trunk_ids]
    rule = min(specific or general, key=lambda rule: rule.precedence, default=None)
    if rule is None:
        outcome = Outcome.NO_RULE if trunk is not None else Outcome.NO_TRUNK
        return Match(outcome=outcome, trunk=trunk, turned_away=away)
    asks = bool(rule.pin) and not call.pin
    return Match(outcome=Outcome.ASKS_PIN if asks else Outcome.ANSWERED, trunk=trunk, rule=rule, turned_away=away)


def clashing(rules: Iterable[Rule], trunk_id: str | None) -> tuple[str, ...]:
    """Give the ids of two rules that have a key in common (one, twice, where it clashes with itself), () for none.

    `trunk_id`: the trunk that all rules with trunks name, None where they have none in common.
    """
    held: dict[tuple[str, str, str, str], str] = {}
    for rule in rules:
        for key in rule.keys(trunk_id):
            if key in held:
                return held[key], rule.id
            held[key] = rule.id
    return ()


def fits(call: Call, rule: Rule) -> bool:
    """Whether a rule may answer a call at its trunks.

    Rules compare numbers letter by letter, unlike trunks; once a PIN is entered only the rules with it count.
    """
    if rule.form not in _FORMS or (rule.callers and call.caller not in rule.callers):
        return False
    return (not rule.numbers or call.called in rule.numbers) and call.pin in ("", rule.pin)


def admits(call: Call, addresses: Sequence[str]) -> bool:
    """Whether a trunk's allowed addresses admit the call.

    They fail open: an entry that LiveKit cannot read is dropped, and a list of which nothing is left admits everybody.
    An entry may be the host that the caller itself writes into its From header.
    """
    try:
        source = ip_address(call.source)
    except ValueError:
        return True
    usable = [entry for entry in addresses if not _NO_ADDRESS & set(entry) and "://" not in entry]
    return not usable or any(entry == call.host or _holds(entry, source) for entry in usable)


def _refusal(call: Call, trunk: Trunk) -> str:
    """Give why a trunk does not take a call, or ""."""
    if trunk.numbers and not has_number(trunk.numbers, call.called):
        return "does not list the number"
    if trunk.allowed_numbers and not has_number(trunk.allowed_numbers, call.caller):
        return f"does not admit {call.caller or 'a caller without a number'}"
    if not admits(call, trunk.allowed_addresses):
        return f"does not admit the address {call.source}"
    return ""


def _holds(entry: str, source: object) -> bool:
    _, slash, bits = entry.partition("/")
    try:
        # Not a network mask in dots, which Python would take and LiveKit does not.
        return source in ip_network(entry, strict=False) if bits.isdecimal() or not slash else False
    except ValueError:
        return False
