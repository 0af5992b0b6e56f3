"""All that a call can meet at LiveKit, and what becomes of one call there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.calls import Call, Outcome, Rule, Trunk, canonical, match
from trunkline.calls.explain import near, spelled_so
from trunkline.model.fallback import said

# Stands for a PIN that the source says to be asked for, and does not tell.
ASKED = "(asked for)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A line as callers know it. `absent`: why no call to its number arrives at LiveKit at all, "" where calls do.

    `fallback`: where its carrier sends a call that no agent has answered while it `rings`, in seconds; "" for nowhere.
    """

    line: str
    number: str
    absent: str = ""
    fallback: str = ""
    rings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchboard:
    """LiveKit's inbound trunks and dispatch rules, in the order of their ids, and the lines that they serve.

    `agents`: an agent's name at LiveKit -> its key in the file, where that is known. `unnumbered`: lines of which the
    source does not say the number. `trunkless` is that of the call model.
    """

    trunks: tuple[Trunk, ...]
    rules: tuple[Rule, ...]
    lines: tuple[Extension, ...] = ()
    agents: Mapping[str, str] = field(default_factory=dict)
    unnumbered: tuple[str, ...] = ()
    trunkless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What becomes of a call. `line` is whose number it is; `trunk`, `rule` and `agents` how far it comes.

    `agents` are the names at LiveKit, `keys` those in the file that are known. `reason` says why nobody answers, or
    who does; `otherwise` where the call goes that comes to a rule and is not answered in time, "" for nowhere.
    """

    answered: bool
    reason: str
    line: str = ""
    trunk: str = ""
    rule: str = ""
    agents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    otherwise: str = ""

    def to_json(self, call: Call) -> dict[str, Any]:
        """Give the plain JSON object of this answer to a call."""
        return {
            "to": call.called,
            "caller": call.caller,
            "source": call.source,
            "answered": self.answered,
            "line": self.line,
            "trunk": self.trunk,
            "rule": self.rule,
            "agents": list(self.agents),
            "keys": list(self.keys),
            "reason": self.reason,
            **({"otherwise": self.otherwise} if self.otherwise else {}),
        }


def explain(board: Switchboard, call: Call) -> Answer:
    """Say who answers a call, or exactly why nobody does."""
    line = next((one for one in board.lines if canonical(one.number) == canonical(call.called)), None)
    name = line.line if line else ""
    if line is not None and line.absent:
        return Answer(answered=False, line=name, reason=line.absent)
    met = match(call, board.trunks, board.rules, trunkless=board.trunkless)
    trunk, rule = (met.trunk.id if met.trunk else ""), (met.rule.id if met.rule else "")
    if met.rule is None:
        return Answer(answered=False, line=name, trunk=trunk, reason=_whole(met.reason, line, call, board))
    agents = met.rule.agents
    # LiveKit accepts a call before it asks for a PIN, so its carrier asks nobody else.
    waits = line is not None and line.fallback and met.outcome is not Outcome.ASKS_PIN
    otherwise = said(" and ".join(agents), line.rings, line.fallback) if line and waits else ""
    if not agents:
        reason = "the rule makes a room and calls no agent into it: the caller waits alone until one comes by itself"
        return Answer(answered=False, line=name, trunk=trunk, rule=rule, reason=reason, otherwise=otherwise)
    keys = tuple(board.agents[agent] for agent in agents if agent in board.agents)
    who = " and ".join(f'"{agent}"' for agent in agents)
    reason = f"agent {who} answers" if len(agents) == 1 else f"agents {who} answer"
    if met.outcome is Outcome.ASKS_PIN:
        reason = f"LiveKit asks for a PIN; then {reason}"
    own = [(each, one) for one in board.rules if trunk in one.trunk_ids for each in one.callers]
    spelled = next(((each, one.agents) for each, one in own if one is not met.rule and near(each, call.caller)), None)
    if spelled:
        reason = f"{reason}; {spelled_so(*spelled)}"
    return Answer(
        answered=True,
        line=name,
        trunk=trunk,
        rule=rule,
        agents=agents,
        keys=keys,
        reason=reason,
        otherwise=otherwise,
    )


def _whole(reason: str, line: Extension | None, call: Call, board: Switchboard) -> str:
    """Add to LiveKit's reason what only the lines tell."""
    if line is not None:
        return reason
    waiting = ", ".join(board.unnumbered)
    more = f" (the file does not say yet which numbers these lines get: {waiting}; see --on state)" if waiting else ""
    return f"no line has {call.called}: {reason}{more}"
