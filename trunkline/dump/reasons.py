"""Why something that is live is no line, or no part of one: a closed list, told in docs/existing-account.md."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """`says` completes "… is no line: ". Those of `STAYS` are of lines, and say what of them is left as it is."""

    TAGGED = "tagged"
    NO_TRUNK = "no-trunk"
    TRUNK_FOR_ALL_NUMBERS = "trunk-for-all-numbers"
    SEVERAL_TRUNKS = "several-trunks"
    NO_PHONE_NUMBER = "no-phone-number"
    NO_RULE = "no-rule"
    RULE_FOR_ALL_TRUNKS = "rule-for-all-trunks"
    SEVERAL_RULES = "several-rules"
    RULE_OF_SEVERAL_TRUNKS = "rule-of-several-trunks"
    LIVEKIT_NUMBER = "livekit-number"
    OWN_NUMBER = "own-number"
    NO_AGENT = "no-agent"
    NO_LINE = "no-line"
    CARRIER_SIDE = "carrier-side"
    CALLS_OUT = "calls-out"
    FIELDS = "fields"
    SEVERAL_AGENTS = "several-agents"

    @property
    def says(self) -> str:
        """Give the fact in a sentence's second half."""
        return _SAYS[self]


_SAYS = {
    Reason.TAGGED: "it carries the tag of a stack, which has it already",
    Reason.NO_TRUNK: "no inbound trunk at LiveKit has it",
    Reason.TRUNK_FOR_ALL_NUMBERS: "it is answered over a trunk that takes every number, which no line can adopt",
    Reason.SEVERAL_TRUNKS: "several inbound trunks have it",
    Reason.NO_PHONE_NUMBER: "its trunk has something that is no phone number in E.164",
    Reason.NO_RULE: "no dispatch rule answers its trunk",
    Reason.RULE_FOR_ALL_TRUNKS: "a rule for every trunk answers it, and adoption would make one of its own",
    Reason.SEVERAL_RULES: "several dispatch rules name its trunk",
    Reason.RULE_OF_SEVERAL_TRUNKS: "its dispatch rule answers other trunks too",
    Reason.LIVEKIT_NUMBER: "its dispatch rule answers a number of LiveKit's own too",
    Reason.OWN_NUMBER: "LiveKit itself sells it, and adoption would tie it to a rule of its own",
    Reason.NO_AGENT: "its dispatch rule names agents, none of whom a file can name",
    Reason.NO_LINE: "no number of it is a line",
    Reason.CARRIER_SIDE: "its carrier's side is left as it is, and the line is LiveKit's side alone",
    Reason.CALLS_OUT: "a trunk for its calls out is left as it is",
    Reason.FIELDS: "some of what it has at LiveKit is not in the file, and stays as it is",
    Reason.SEVERAL_AGENTS: "its dispatch rule calls several agents; the first is the line's, and the others stay",
}
STAYS = frozenset({Reason.CARRIER_SIDE, Reason.CALLS_OUT, Reason.SEVERAL_AGENTS, Reason.FIELDS})
