"""A line that the state holds is served though the outputs lack it, as its resources are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from tests.state.state_file import written
from trunkline.api import create_app
from trunkline.outputs import Cost, Line
from trunkline.state import checkpoint

NAME = "sales-us"
Said = Mapping[str, Mapping[str, Any]]

# As the engine writes them: tests/engine/test_engine_outputs.py sees the same of a real removal that fails.
SALES: Said = {
    "InboundTrunk": {
        "vendorId": "ST_in_sales",
        "name": "Sales, US",
        "numbers": ["+16505551234"],
        "claims": "twilio",
        "krispEnabled": True,
        "allowedNumbers": ["+16505559999"],
        "allowedAddresses": ["203.0.113.0/28"],
    },
    "OutboundTrunk": {
        "vendorId": "ST_out_sales",
        "name": "Sales, US",
        "numbers": ["+16505551234"],
        "claims": "",
        "address": "acme-us.pstn.twilio.com",
    },
    "DispatchRule": {
        "vendorId": "SDR_sales",
        "trunkIds": ["ST_in_sales"],
        "agents": [{"agentName": "sales-agent", "metadata": ""}],
    },
    "PhoneNumber": {
        "vendorId": "PN0001",
        "phoneNumber": "+16505551234",
        "provider": "twilio",
        "country": "US",
        "monthlyCost": {"amount": "1.15", "currency": "USD"},
        "acquisition": "purchase",
        "adopt": False,
        "removal": "release",
        "status": "owned",
    },
}
LINE = fleet.SALES.model_copy(
    update={
        "tags": {},
        "removal": "release",
        "allowed_callers": ("+16505559999",),
        "allowed_addresses": ("203.0.113.0/28",),
    }
)
OTHERS = {line.id: fleet.resources(line) for line in (fleet.SUPPORT, fleet.OFFICE)}


def without(*kinds: str) -> Said:
    return {kind: said for kind, said in SALES.items() if kind not in kinds}


def of_number(**changed: Any) -> Said:
    return {**SALES, "PhoneNumber": {**SALES["PhoneNumber"], **changed}}


CUSTOM: Said = {
    "InboundTrunk": {"vendorId": "ST_1", "name": "sales-us", "numbers": ["+442071234567"], "claims": ""},
    "DispatchRule": {"vendorId": "SDR_1", "trunkIds": ["ST_1"], "agents": [{"agentName": "support-agent"}]},
}
STANDING: Mapping[str, tuple[Said, Line]] = {
    "a removal that the carrier refused": (SALES, LINE),
    "a number that was adopted": (of_number(adopt=True), LINE.model_copy(update={"acquired": "adopted"})),
    "a number that is on order": (of_number(status="ordered"), LINE.model_copy(update={"status": "ordered"})),
    "a number without a price": (of_number(monthlyCost=None), LINE.model_copy(update={"monthly_cost": None})),
    "trunks whose number is released": (
        without("PhoneNumber", "DispatchRule"),
        LINE.model_copy(
            update={
                "status": "incomplete",
                "number_id": "",
                "dispatch_rule_id": "",
                "agent": "",
                "agent_name": "",
                "monthly_cost": None,
                "removal": "protect",
            }
        ),
    ),
    "a number without its trunks": (
        without("InboundTrunk", "OutboundTrunk", "DispatchRule"),
        Line(
            id="sales-us",
            phone_number="+16505551234",
            provider="twilio",
            country="US",
            inbound=False,
            outbound=False,
            number_id="PN0001",
            monthly_cost=Cost(amount="1.15", currency="USD"),
            acquired="purchased",
            removal="release",
        ),
    ),
    "a custom line": (
        CUSTOM,
        Line(
            id="sales-us",
            phone_number="+442071234567",
            provider="custom",
            country="GB",
            agent="support",
            agent_name="support-agent",
            outbound=False,
            inbound_trunk_id="ST_1",
            dispatch_rule_id="SDR_1",
            acquired="custom",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", STANDING)
def test_a_line_that_the_outputs_lack_is_as_its_resources_are(what: str) -> None:
    said, line = STANDING[what]
    state = checkpoint.parse(written(fleet.document((fleet.SUPPORT, fleet.OFFICE)), {**OTHERS, "sales-us": said}))
    assert state.outputs == fleet.outputs((line, fleet.SUPPORT, fleet.OFFICE))
    assert (list(state.unlisted), len(state.unlisted["sales-us"]), state.differences) == (["sales-us"], len(said), {})


def test_so_are_all_lines_of_a_first_update_that_failed() -> None:
    state = checkpoint.parse(written(None, {"sales-us": without("PhoneNumber")}))
    assert (sorted(state.lines), state.lines["sales-us"].status, state.lines["sales-us"].agent_name) == (
        ["sales-us"],
        "incomplete",
        "sales-agent",
    )


def test_a_line_of_which_nothing_says_a_number_is_none() -> None:
    said = {"DispatchRule": SALES["DispatchRule"]}
    state = checkpoint.parse(written(fleet.document(()), {"sales-us": said, "pooled": {}}))
    assert (state.outputs, state.unlisted) == (fleet.outputs(()), {})


def test_a_number_that_shares_a_trunk_has_the_objects_that_it_shares() -> None:
    shared = [
        (kind, {**SALES[kind], "numbers": ["+16505551234", "+16505559999"]})
        for kind in ("InboundTrunk", "OutboundTrunk")
    ]
    shared += [("DispatchRule", dict(SALES["DispatchRule"]))]
    own = {"sales-us": {"PhoneNumber": SALES["PhoneNumber"]}}
    assert checkpoint.parse(written(fleet.document(()), own, shared)).lines == {"sales-us": LINE}


def test_nothing_that_pulumi_marked_as_secret_is_served() -> None:
    marked: Any = {checkpoint._MARK: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:canary"}
    said: Said = {
        "InboundTrunk": dict.fromkeys(SALES["InboundTrunk"], marked) | {"numbers": ["+16505551234"]},
        "OutboundTrunk": dict.fromkeys(SALES["OutboundTrunk"], marked) | {"numbers": [marked]},
        "PhoneNumber": dict.fromkeys(SALES["PhoneNumber"], marked) | {"phoneNumber": "+16505551234"},
    }
    served = checkpoint.parse(written(fleet.document(()), {"sales-us": said})).lines["sales-us"]
    assert "canary" not in served.model_dump_json()


def test_every_answer_tells_the_line_and_that_the_outputs_lack_it(tmp_path: Path) -> None:
    before = checkpoint.parse(written(fleet.document(), {**OTHERS, "sales-us": SALES}))
    rest = fleet.document((fleet.SUPPORT, fleet.OFFICE))
    refused = checkpoint.parse(written(rest, {**OTHERS, "sales-us": SALES}))
    released = checkpoint.parse(written(rest, {**OTHERS, "sales-us": without("PhoneNumber")}))
    gone = checkpoint.parse(written(rest, OTHERS))
    walked = (before, refused, released, gone)
    entries = [entry(1, checkpoint.StackState(outputs=fleet.outputs(())), before)]
    entries += [
        entry(place, *pair, result="succeeded" if pair[1] is gone else "failed")
        for place, pair in enumerate(pairwise(walked), 2)
    ]
    app = create_app(Fixed(released, tuple(entries[:3])), credentials.auth(tmp_path))
    with serve(app) as url, client(url) as api:
        line, then, audit, ready = (
            api.get(path).json()
            for path in (
                "/sip/sales-us",
                "/sip/sales-us?at=2026-01-02T12:00:00Z",
                "/audit?code=line-unlisted",
                "/readyz",
            )
        )
    assert [(each["phoneNumber"], each["status"], each["numberId"]) for each in (then, line)] == [
        ("+16505551234", "active", "PN0001"),
        ("+16505551234", "incomplete", ""),
    ]
    assert [finding["subject"] for finding in audit["findings"]] == ["sales-us"]
    assert (ready["unlistedLines"], ready["divergedLines"]) == (1, 0)
    kinds = [[(change.line, str(change.kind)) for change in each.changes or ()] for each in entries[1:]]
    assert kinds == [[("sales-us", "unlisted")], [("sales-us", "unlisted")], [("sales-us", "removed")]]
