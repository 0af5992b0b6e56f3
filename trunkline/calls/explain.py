"""The call model: what LiveKit does with a call to one of the lines, from the stack's outputs alone.

LiveKit picks the inbound trunk that lists the dialled number and, where the trunk names callers, the caller; then the
dispatch rule of that trunk (`matching.py`). Without a trunk it answers 404, without a rule 486.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trunkline.calls import canonical, has_number

Step = Mapping[str, Any]


# What keeps calls from a number that is not active yet.
_NOT_YET = {"ordered": "was ordered and is not in its carrier's account yet", "pending": "is not active yet"}


def for_api(environ: Mapping[str, str]) -> Any:
    """Give the model; it needs no settings."""
    return explain


def explain(lines: Sequence[Mapping[str, Any]], to: str, caller: str) -> Mapping[str, Any]:
    """Say where a call ends.

    `lines` are the lines that have the number, as in the outputs. Gives `to`, `caller`, `answered`, `line`, `agent`,
    `agentName`, `inboundTrunkId`, `dispatchRuleId` ("" where the call does not come that far) and `reason`.
    """
    line = _met(lines[0], caller) if lines else {}
    reason = _refused(line, to, caller)
    reached = {} if reason else line
    return {
        "to": to,
        "caller": caller,
        "answered": not reason,
        "line": line.get("id", ""),
        "agent": reached.get("agent", ""),
        "agentName": reached.get("agentName", ""),
        "inboundTrunkId": reached.get("inboundTrunkId", ""),
        "dispatchRuleId": reached.get("dispatchRuleId", ""),
        "reason": reason or _answering(line) + _spelling(line, caller),
    }


def _met(line: Mapping[str, Any], caller: str) -> Mapping[str, Any]:
    """Give the line as a caller meets it whom a rule of its own answers: letter by letter, as LiveKit compares."""
    own = next((one for one in line.get("callerRules", ()) if caller in one["callers"] and one["dispatchRuleId"]), None)
    if own is None:
        return line
    answered = {name: own[name] for name in ("agent", "agentName", "furtherAgents", "asksPin", "dispatchRuleId")}
    return {**line, **answered, "onlyCallers": (), "onlyNumbers": ()}


def _answering(line: Mapping[str, Any]) -> str:
    """Say who answers, and whom LiveKit asks for a PIN before."""
    return f"LiveKit asks for a PIN; then {_agents(line)}" if line.get("asksPin") else _agents(line)


def near(spelled: str, caller: str) -> bool:
    """Whether a caller is another spelling of one whom a rule names: the same number, and not letter by letter."""
    return spelled != caller and canonical(spelled) == canonical(caller)


def spelled_so(spelled: str, agents: Sequence[str]) -> str:
    """Say whom a caller reaches whose number is written as a rule has it."""
    who = f"agent {' and '.join(json.dumps(one) for one in agents)}" if agents else "agents without a name"
    return f"a call from {spelled} reaches {who}: LiveKit compares these callers letter by letter"


def _spelling(line: Mapping[str, Any], caller: str) -> str:
    rules = [one for one in line.get("callerRules", ()) if one["dispatchRuleId"] not in ("", line["dispatchRuleId"])]
    found = next(((each, one) for one in rules for each in one["callers"] if near(each, caller)), None)
    if found is None:
        return ""
    spelled, one = found
    return f"; {spelled_so(spelled, [name for name in (one['agentName'], *one.get('furtherAgents', ())) if name])}"


def _agents(line: Mapping[str, Any]) -> str:
    named = [f'"{name}"' for name in (line["agentName"], *line.get("furtherAgents", ())) if name]
    if not named:
        return "agents that registered without a name answer"
    return f"agent {named[0]} answers" if len(named) == 1 else f"agents {' and '.join(named)} answer"


def absent(line: Mapping[str, Any], to: str) -> str:
    """Give why no call to a line arrives at LiveKit, or is taken there, whoever calls; "" where calls are."""
    if not line["inbound"]:
        return f'line "{line["id"]}" takes no calls (inbound: false): LiveKit finds no trunk and answers 404'
    if line["status"] == "vanished":
        return f"{to} is not in its carrier's account any more: no call arrives"
    if line["status"] in _NOT_YET:
        return f"{to} {_NOT_YET[line['status']]}: no call arrives"
    return str(line.get("callsLost", ""))


def _refused(line: Mapping[str, Any], to: str, caller: str) -> str:
    """Give why the call reaches nobody, or ""."""
    if not line:
        return f"no line has {to}: LiveKit finds no trunk and answers 404"
    if why := absent(line, to):
        return why
    callers = line["allowedCallers"]
    if callers and not has_number(callers, caller):
        who = caller or "an unnamed caller"
        return f"{who} is not among the line's allowed_callers: LiveKit finds no trunk and answers 404"
    if not line["dispatchRuleId"]:
        return "the line has no dispatch rule: LiveKit drops the call with 486"
    # Unlike trunks, rules compare letter by letter; how its carrier spells the number that is called is not known here.
    if (only := line.get("onlyCallers")) and caller not in only:
        who = caller or "an unnamed caller"
        rule = line["dispatchRuleId"]
        return f"{who} is not among the callers whom rule {rule} answers: LiveKit drops the call with 486"
    if (only := line.get("onlyNumbers")) and not has_number(only, to):
        return f"rule {line['dispatchRuleId']} answers calls to other numbers alone: LiveKit drops the call with 486"
    return ""
