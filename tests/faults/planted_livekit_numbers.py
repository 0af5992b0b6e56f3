"""Planted bugs about the numbers that LiveKit itself sells, which a rule claims and no trunk carries."""

from __future__ import annotations

from tests.faults.mutant import Mutant

NUMBERING = "providers/livekit_numbers/numbering.py"
CONVERT = "providers/livekit/convert.py"
SUITE = "own numbers"

LIVEKIT_NUMBERS: tuple[Mutant, ...] = (
    Mutant(
        "buy a number that no rule answers",
        "§1 no call before its agent is mapped",
        NUMBERING,
        '"sip_dispatch_rule_id": desired["dispatchRuleId"]}\n        return',
        '"sip_dispatch_rule_id": ""}\n        return',
        SUITE,
    ),
    Mutant(
        "take the number's id out of its rule with every edit",
        "§1 an update keeps what we do not manage",
        CONVERT,
        "sorted([*value, *(put if _claims(value) else ())])",
        "sorted(value)",
        SUITE,
    ),
    Mutant(
        "take the number's id in its rule for drift",
        "§1 a second up is silent",
        CONVERT,
        "if not each.startswith(livekit_numbers.NUMBER_ID)] if _claims(ids) else ids",
        "] if _claims(ids) else ids",
        SUITE,
    ),
    Mutant(
        "think that a purchase names the number",
        "§4 the claim tells an interrupted purchase",
        NUMBERING,
        "keeps_tags = False",
        "keeps_tags = True",
        SUITE,
    ),
    Mutant(
        "take a number that was given back for one that is owned",
        "§4 what is listed is not what is owned",
        "providers/livekit_numbers/convert.py",
        "if number is None or status == _RELEASED:",
        "if number is None:",
        SUITE,
    ),
    Mutant(
        "take a part of the list for all of it",
        "§4 a list is whole or an error",
        NUMBERING,
        "if token or len(rows) < total:",
        "if token:",
        SUITE,
    ),
    Mutant(
        "name the number and leave it where it was tied",
        "§4 drift is put right",
        NUMBERING,
        'if owned.props["dispatchRuleId"] != desired["dispatchRuleId"]:\n            document',
        "if False:\n            document",
        SUITE,
    ),
    Mutant(
        "trust an answer that leaves the number with two rules",
        "§4 an answer is read",
        NUMBERING,
        'if routed.props["dispatchRuleId"] != desired["dispatchRuleId"]:\n            detail',
        "if False:\n            detail",
        SUITE,
    ),
    Mutant(
        "send a purchase again after a 5xx as if it read",
        "§1.1 a write is sent once",
        "providers/livekit_numbers/client.py",
        "document=document, reads=rpc in READS",
        "document=document, reads=True",
        SUITE,
    ),
    Mutant(
        "forget the numbers of rules whose lines nobody records",
        "§1.3 what is paid for is told",
        "providers/dynamic/survey.py",
        "            runtime.sellers.update(runtime.vendors.carriers)\n",
        "            pass\n",
        SUITE,
    ),
    Mutant(
        "ask every project for its numbers",
        "§1 a server of one's own has no such service",
        "providers/dynamic/runtime.py",
        "if provider in _WITHIN and provider not in self.sellers:",
        "if False:",
        SUITE,
    ),
    Mutant(
        "count a number of unknown price as free",
        "§1.4 the guard holds the money",
        "providers/dynamic/verdict.py",
        "choice.cost or said[name]",
        'choice.cost or said[name] or Money("USD", Decimal(0))',
        SUITE,
    ),
    Mutant(
        "leave the claim out of the rule",
        "§1 a rule never answers every trunk",
        "trunkline/plan/lines.py",
        'return {"trunkIds": claims, **_claims(group, "DispatchRule")}',
        'return {"trunkIds": [], **_claims(group, "DispatchRule")}',
        SUITE,
    ),
    Mutant(
        "drop what defaults say of callers without a word",
        "§1.6 nobody is let in unsaid",
        "trunkline/inventory/combinations.py",
        'elif not CARRIERS[line.provider].has_trunks and inventory.has("defaults", key):',
        "elif False:",
        SUITE,
    ),
    Mutant(
        "let defaults make such a line call out",
        "§1 outbound is false by itself",
        "trunkline/inventory/lines.py",
        'values["outbound"] = False',
        'values.setdefault("outbound", False)',
        SUITE,
    ),
)
