"""What two objects may not share: the numbers of inbound trunks, the callers and PINs of dispatch rules.

The scans walk objects in the order given and raise for the first conflict, so that order decides the message.
Source: livekit/protocol `sip/sip.go` (2026-07-28).
"""

import json
import re
from collections.abc import Hashable, Iterable, Sequence
from itertools import product
from typing import TypeAlias

from livekit.protocol.sip import SIPDispatchRuleInfo, SIPInboundTrunkInfo

from sandbox.livekit.twirp import InvalidError, TwirpError

NUMBER = re.compile(r"\+?[0-9\- ()]+")
PUNCTUATION = str.maketrans("", "", " -()")
ANY = ("",)
UNUSABLE = ("unusable", "unusable")

TrunkKey: TypeAlias = tuple[str, str]
"""The called number and the allowed caller, each normalised, or "" for any."""
RuleKey: TypeAlias = tuple[str, str, str, str]
"""The PIN, the trunk's id, the caller and the called number, or "" for none or any."""


def normalize(number: str) -> str:
    """A phone number without punctuation and with a leading `+`; anything else as it is."""
    if not NUMBER.fullmatch(number):
        return number
    digits = number.translate(PUNCTUATION)
    return digits if digits.startswith("+") else f"+{digits}"


def trunk_claims(trunk: SIPInboundTrunkInfo) -> Sequence[TrunkKey]:
    """What no other inbound trunk may hold; each key once."""
    called = dict.fromkeys(normalize(number) for number in trunk.numbers or ANY)
    callers = dict.fromkeys(normalize(number) for number in trunk.allowed_numbers or ANY)
    return list(product(called, callers))


def rule_keys(rule: SIPDispatchRuleInfo) -> Sequence[RuleKey]:
    """What no other dispatch rule may hold. A key can occur twice: then the rule conflicts with itself."""
    return [
        (_pin(rule), trunk, normalize(caller), normalize(called))
        for trunk, caller, called in product(rule.trunk_ids or ANY, rule.inbound_numbers or ANY, rule.numbers or ANY)
    ]


def rule_claims(rule: SIPDispatchRuleInfo) -> Sequence[Hashable]:
    """The keys of a rule. One without a kind fails every scan that meets it, so it claims something twice."""
    return UNUSABLE if rule.rule.WhichOneof("rule") is None else rule_keys(rule)


def _pin(rule: SIPDispatchRuleInfo) -> str:
    """The PIN of whichever rule is set; raises `InvalidError` where none is."""
    kind = rule.rule.WhichOneof("rule")
    if kind is None:
        raise InvalidError("unsupported SIP Dispatch Rule: <nil>", coded=True)
    pin: str = getattr(rule.rule, kind).pin
    return pin


def scan_trunks(trunks: Iterable[SIPInboundTrunkInfo]) -> None:
    """Raise for the first trunk that shares a called number, and callers, with one before it."""
    holders: dict[TrunkKey, SIPInboundTrunkInfo] = {}
    for trunk in trunks:
        for key in trunk_claims(trunk):
            holder = holders.get(key)
            if holder is not None and holder.sip_trunk_id != trunk.sip_trunk_id:
                raise TwirpError("invalid_argument", _trunk_conflict(trunk, holder, key))
            holders[key] = trunk


def scan_rules(rules: Iterable[SIPDispatchRuleInfo]) -> None:
    """Raise for the first rule that would be chosen for the same calls as one before it, or as itself."""
    holders: dict[RuleKey, SIPDispatchRuleInfo] = {}
    for rule in rules:
        try:
            keys = rule_keys(rule)
        except InvalidError as invalid:
            raise invalid.on_result() from invalid
        for key in keys:
            if key in holders:
                raise TwirpError("invalid_argument", _rule_conflict(holders[key]))
            holders[key] = rule


def _trunk_conflict(trunk: SIPInboundTrunkInfo, holder: SIPInboundTrunkInfo, key: TrunkKey) -> str:
    ids = f"{_quoted(trunk.sip_trunk_id or '<new>')} and {_quoted(holder.sip_trunk_id or '<new>')}"
    numbers = f"[{' '.join(map(_quoted, trunk.numbers))}]" if trunk.numbers else "<any>"
    message = f"Conflicting inbound SIP Trunks: {ids}, using the same number(s) {numbers}"
    if not trunk.allowed_numbers:
        return f"{message} without AllowedNumbers set"
    caller = next(number for number in trunk.allowed_numbers if normalize(number) == key[1])
    return f"{message} and AllowedNumber {_quoted(caller)}"


def _rule_conflict(holder: SIPDispatchRuleInfo) -> str:
    place = f"{_quoted(holder.sip_dispatch_rule_id or '<new>')} {_quoted(holder.name or '<blank name>')}"
    return (
        "Dispatch rule for the same trunk, inbound number, number, and PIN combination "
        f"already exists in dispatch rule {place}"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # as Go's %q, but for control characters
