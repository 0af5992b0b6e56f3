"""What somebody changed by hand of our own objects: told once, with what each property was and is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.comparison.stage import CALLER, HERE, NUMBER, found, inbound, live, rule, says, sides
from trunkline.audit.report import as_json, markdown, text
from trunkline.comparison import ChangedObject, LiveFinding

DESK, NIGHT = ({"agentName": name, "metadata": ""} for name in ("sales-agent", "night-agent"))
FIX = "run `pulumi up`, which puts it back; where the change is right, write it into the file first"


def hand(kind: str, id: str, **fields: tuple[Any, Any]) -> tuple[ChangedObject, ...]:
    was, now = ({name: sides[at] for name, sides in fields.items()} for at in (0, 1))
    return (ChangedObject(kind=kind, id=id, vendor="livekit", was=was, now=now),)


def tells(id: str, message: str, **changed: tuple[Any, Any]) -> LiveFinding:
    sides = {name: {"before": before, "after": after} for name, (before, after) in changed.items()}
    return says("object-changed", id, message, FIX, changed=sides, **HERE)


def test_another_agent_is_one_finding_with_whom_no_call_reaches_any_more() -> None:
    fields = {"agents": ([DESK], [NIGHT]), "pin": ("[secret]", "[secret]")}
    given = sides(live=live(rules=(rule(agent="night-agent"),)), changed=hand("DispatchRule", "SDR_1", **fields))
    assert found(given) == [
        tells(
            "SDR_1",
            "DispatchRule SDR_1 was changed outside of Trunkline: agents was sales-agent, is night-agent; pin was"
            ' [secret], is [secret]; no call reaches the agent "sales-agent", whom no rule calls',
            **fields,
        )
    ]


@pytest.mark.parametrize(
    ("there", "fields", "said"),
    [
        (
            {"rules": (rule(trunkIds=[]),)},
            hand("DispatchRule", "SDR_1", trunkIds=(["ST_in"], [])),
            'DispatchRule SDR_1 was changed outside of Trunkline: trunkIds was ST_in, is none; DispatchRule SDR_1 ("'
            'trunkline:acme/test/sales-us") names no trunk, so that it answers every trunk without a rule of its own,'
            " also one that is made later",
        ),
        (
            {"inbound": (inbound(allowedNumbers=[NUMBER]),)},
            hand("InboundTrunk", "ST_in", allowedNumbers=([CALLER], [NUMBER])),
            f"InboundTrunk ST_in was changed outside of Trunkline: allowedNumbers was {CALLER}, is {NUMBER};"
            f' InboundTrunk ST_in ("trunkline:acme/test/sales-us") lets in as callers {NUMBER}, which is ours, and'
            " nobody else",
        ),
    ],
    ids=["rule", "callers"],
)
def test_what_follows_from_a_change_by_hand_is_told_with_it(
    there: dict[str, Any], fields: tuple[ChangedObject, ...], said: str
) -> None:
    (finding,) = found(sides(live=live(**there), changed=fields))
    assert (finding.code, finding.message) == ("object-changed", said)


def test_what_does_not_follow_from_the_change_stays_a_finding() -> None:
    there = live(inbound=(inbound(allowedNumbers=[NUMBER]),))
    given = sides(live=there, changed=hand("InboundTrunk", "ST_in", name=("", "other")))
    assert [one.code for one in found(given)] == ["object-changed", "filter-own-number"]


def test_a_carriers_object_that_is_gone_is_told_with_its_lines() -> None:
    gone = ChangedObject(kind="OriginationUrl", id="OU1", vendor="twilio", was={}, now=None, lines=("sales-us",))
    assert found(sides(changed=(gone,))) == [
        says(
            "object-gone",
            "OU1",
            "OriginationUrl OU1 of sales-us is in the state and not at twilio",
            "run `pulumi up`, which makes it again",
            **{**HERE, "vendor": "twilio"},
        )
    ]


def test_it_reads_in_every_format_and_programs_get_both_values() -> None:
    given = found(sides(changed=hand("InboundTrunk", "ST_in", krispEnabled=(False, True))))
    said = "InboundTrunk ST_in was changed outside of Trunkline: krispEnabled was false, is true"
    assert text(given) == f"error   object-changed: numbers.yaml:5: {said}; {FIX}"
    assert f"| error | `object-changed` | {said} | livekit | numbers.yaml:5 | {FIX} |" in markdown(given)
    (document,) = json.loads(as_json(given))
    assert (document["changed"], document["vendor"], document["place"]) == (
        {"krispEnabled": {"before": False, "after": True}},
        "livekit",
        "numbers.yaml:5",
    )
