"""How far a call comes by what the resources say: a refresh records in them what was changed by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.state import fleet
from tests.state.overlaid import COMPLETE, SAID, Said, differs, left
from tests.state.state_file import written
from trunkline import explain as switchboard
from trunkline.calls import Call, explain
from trunkline.outputs import Neighbour, to_json
from trunkline.state import checkpoint

CARRIED: list[tuple[str, dict[str, Any]]] = [
    ("Fleet", {"sipHost": "acme.sip.livekit.cloud", "borrowed": []}),
    ("SipTrunk", {"vendorId": "TK1"}),
    ("OriginationUrl", {"trunkSid": "TK1", "sipUrl": "sip:ACME.sip.livekit.cloud;transport=tcp", "enabled": True}),
]
ON_TRUNK = "+16505551234 is on trunk {}: no call arrives"


@pytest.mark.parametrize(
    ("number", "shared", "lost"),
    [
        ({"trunkSid": "TK1"}, {}, ""),
        ({"trunkSid": "TK1"}, {2: {"enabled": False}}, ON_TRUNK.format("TK1, which sends no call to LiveKit")),
        ({"trunkSid": "TK1"}, {2: {"trunkSid": "TK2"}}, ON_TRUNK.format("TK1, which sends no call to LiveKit")),
        ({"trunkSid": "TK1"}, {2: {"sipUrl": "sip:x.io"}}, ON_TRUNK.format("TK1, which sends no call to LiveKit")),
        ({"trunkSid": "TK9"}, {}, ON_TRUNK.format("TK9, which is none of this stack's")),
        ({"trunkSid": "TK9"}, {0: {"borrowed": ["theirs"]}}, ""),
        ({"sipUri": "sip:1650@acme.sip.livekit.cloud"}, {}, ""),
        ({"sipUri": "sip:1650@x.io"}, {}, "+16505551234 is forwarded to sip:1650@x.io: no call arrives"),
    ],
)
def test_where_a_carrier_sends_calls_is_known_by_its_resources(
    number: dict[str, Any], shared: dict[int, dict[str, Any]], lost: str
) -> None:
    said = copy.deepcopy(SAID)
    said["sales-us"]["PhoneNumber"].update(number)
    objects = [(kind, {**says, **shared.get(place, {})}) for place, (kind, says) in enumerate(CARRIED)]
    state = checkpoint.parse(written(fleet.document(), said, objects))
    assert state.lines == {**COMPLETE.lines, "sales-us": fleet.SALES.model_copy(update={"calls_lost": lost})}
    assert state.differences == ({"sales-us": (differs("callsLost", "", lost),)} if lost else {})


def test_the_order_in_which_callers_stand_is_no_difference() -> None:
    callers = ("+13035550101", "+13035550100")
    listed = [line.model_copy(update={"allowed_callers": callers}) for line in fleet.LINES]
    said = copy.deepcopy(SAID)
    for kinds in said.values():
        kinds["InboundTrunk"]["allowedNumbers"] = sorted(callers)
    state = checkpoint.parse(written(fleet.document(listed), said))
    assert (state.outputs, state.differences) == (fleet.outputs(listed), {})


def test_a_rule_that_a_line_adopts_as_it_stands_is_no_difference_and_answers_whom_it_answers() -> None:
    beside = Neighbour(code="narrowed-rule", id="SDR_sales", message="…", callers=("+13035550100",))
    document = to_json(fleet.outputs().model_copy(update={"neighbours": (beside,)}))
    said = copy.deepcopy(SAID)
    for recorded in ({}, {"onlyCallers": ["+13035550100"]}):
        said["sales-us"]["DispatchRule"].update(recorded)
        state = checkpoint.parse(written(document, said))
        assert state.lines["sales-us"] == fleet.SALES.model_copy(update={"only_callers": ("+13035550100",)})
        assert state.differences == {}


@pytest.mark.parametrize(
    ("change", "caller", "reason"),
    [
        (
            lambda said: said["sales-us"]["InboundTrunk"].update(allowedNumbers=["+13035550100"]),
            "+13035550199",
            "+13035550199 is not among the line's allowed_callers: LiveKit finds no trunk and answers 404",
        ),
        (
            lambda said: said["sales-us"]["DispatchRule"].update(onlyCallers=["+13035550100"]),
            "+13035550199",
            "+13035550199 is not among the callers whom rule SDR_sales answers: LiveKit drops the call with 486",
        ),
        (
            lambda said: said["sales-us"]["DispatchRule"].update(onlyNumbers=["+16505550000"]),
            "+13035550199",
            "rule SDR_sales answers calls to other numbers alone: LiveKit drops the call with 486",
        ),
        (
            lambda said: said["sales-us"]["PhoneNumber"].update(trunkSid=""),
            "+13035550100",
            "+16505551234 is on no trunk of its carrier: no call arrives",
        ),
    ],
    ids=["allowed callers", "a rule's callers", "a rule's numbers", "no trunk"],
)
def test_a_call_ends_where_the_resources_end_it_by_the_api_and_by_the_command(
    change: Callable[[dict[str, Said]], object], caller: str, reason: str
) -> None:
    outputs, to = left(change).outputs, "+16505551234"
    by_api = explain.explain([to_json(outputs.lines["sales-us"])], to, caller)
    assert (by_api["answered"], by_api["reason"]) == (False, reason)
    assert not switchboard.explain(switchboard.of_state(outputs), Call(called=to, caller=caller)).answered
