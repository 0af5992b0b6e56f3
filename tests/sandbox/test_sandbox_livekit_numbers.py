"""LiveKit's phone number service as the protocol describes it: what it gives, refuses, and leaves behind."""

from __future__ import annotations

import json
import time
from typing import Any, cast

import jwt
import pytest

from sandbox import Response, Sandbox
from sandbox.credentials import LIVEKIT
from sandbox.livekit.number_rpcs import PREFIX
from sandbox.request import JSON, Request
from tests.sandbox.callers import Clock

NUMBER, OTHER = "+14155550123", "+14155550124"
BOTH = [NUMBER, OTHER]
INDIVIDUAL = {"dispatch_rule_individual": {"room_prefix": "call-"}}


class Project:
    """One sandbox, and requests with a token of its project."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(now=self.clock, sleep=self.clock.sleep)
        rule = self.sandbox.livekit.add_dispatch_rule(trunk_ids=["ST_a"], rule=INDIVIDUAL)
        self.rule: str = rule["sip_dispatch_rule_id"]

    def raw(self, rpc: str, body: bytes, kind: str = JSON, grant: dict[str, Any] | None = None) -> Response:
        claims = {"iss": LIVEKIT.api_key, "exp": time.time() + 60, "sip": {"admin": True} if grant is None else grant}
        token = jwt.encode(claims, LIVEKIT.api_secret, algorithm="HS256")
        headers = {"authorization": f"Bearer {token}", "content-type": kind}
        return cast(Response, self.sandbox.handle(Request.of("POST", f"{PREFIX}{rpc}", headers, body)))

    def ask(self, rpc: str, **given: Any) -> tuple[int, Any]:
        answer = self.raw(rpc, json.dumps(given).encode())
        return answer.status, answer.json()

    def trunk_ids(self, rule: str) -> list[str]:
        rules = {one["sip_dispatch_rule_id"]: one for one in self.sandbox.livekit.dispatch_rules()}
        return list(rules[rule].get("trunk_ids", ()))


@pytest.fixture
def project() -> Project:
    return Project()


def test_a_search_takes_country_and_area_code_and_comes_in_pages(project: Project) -> None:
    status, page = project.ask("SearchPhoneNumbers", country_code="US", area_code="415")
    assert (status, len(page["items"]), page["next_page_token"]) == (200, 50, {"token": "50"})
    assert {(one["country_code"], one["area_code"]) for one in page["items"]} == {("US", "415")}
    _, further = project.ask("SearchPhoneNumbers", countryCode="US", areaCode="415", pageToken={"token": "50"}, limit=9)
    assert len({one["e164_format"] for one in (*page["items"], *further["items"])}) == 59
    assert project.ask("SearchPhoneNumbers", country_code="GB")[1]["items"] == []
    assert project.ask("SearchPhoneNumbers") == (400, {"code": "invalid_argument", "msg": "country_code is required"})


def test_a_purchase_ties_each_number_to_the_rule_and_charges_once(project: Project) -> None:
    status, answer = project.ask("PurchasePhoneNumber", phone_numbers=BOTH, sip_dispatch_rule_id=project.rule)
    rows = answer["phone_numbers"]
    assert (status, [one["e164_format"] for one in rows]) == (200, [NUMBER, OTHER])
    assert {(one["status"], one["name"], one["sip_dispatch_rule_id"]) for one in rows} == {
        ("PHONE_NUMBER_STATUS_ACTIVE", "", project.rule)
    }
    assert all(one["id"].startswith("PN_PPN_") for one in rows)
    assert project.trunk_ids(project.rule) == ["ST_a", *(one["id"] for one in rows)]
    assert [charge.number for charge in project.sandbox.ledger.charges()] == [NUMBER, OTHER]


def test_a_purchase_is_all_or_nothing(project: Project) -> None:
    project.sandbox.livekit.numbers.sell(OTHER)
    status, answer = project.ask("PurchasePhoneNumber", phone_numbers=BOTH, sip_dispatch_rule_id=project.rule)
    assert (status, answer["code"]) == (404, "not_found")
    assert project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER], sip_dispatch_rule_id="SDR_none")[0] == 400
    assert (project.sandbox.ledger.entries, project.trunk_ids(project.rule)) == ([], ["ST_a"])


def test_a_number_without_a_rule_is_offline_and_an_update_moves_and_names_it(project: Project) -> None:
    bought = project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER])[1]["phone_numbers"][0]
    assert bought["status"] == "PHONE_NUMBER_STATUS_OFFLINE"
    update = {"id": bought["id"], "sip_dispatch_rule_id": project.rule}
    tied = project.ask("UpdatePhoneNumber", **update)[1]["phone_number"]
    assert (tied["status"], tied["sip_dispatch_rule_ids"], tied["name"]) == (
        "PHONE_NUMBER_STATUS_ACTIVE",
        [project.rule],
        "",
    )
    named = project.ask("UpdatePhoneNumber", phone_number=NUMBER, name="Desk")[1]["phone_number"]
    assert (named["name"], named["sip_dispatch_rule_ids"]) == ("Desk", [project.rule])
    second = project.sandbox.livekit.add_dispatch_rule(trunk_ids=["ST_b"], rule=INDIVIDUAL)["sip_dispatch_rule_id"]
    project.ask("UpdatePhoneNumber", phone_number=NUMBER, sip_dispatch_rule_id=second)
    assert (project.trunk_ids(project.rule), project.trunk_ids(second)) == (["ST_a"], ["ST_b", bought["id"]])
    assert project.ask("GetPhoneNumber", id=bought["id"])[1]["phone_number"]["name"] == "Desk"


def test_a_released_number_stays_in_the_list_and_can_be_bought_only_later(project: Project) -> None:
    project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER], sip_dispatch_rule_id=project.rule)
    assert project.ask("ReleasePhoneNumbers", phone_numbers=[NUMBER]) == (200, {})
    assert project.ask("ReleasePhoneNumbers", phone_numbers=[NUMBER])[0] == 404
    assert project.ask("GetPhoneNumber", phone_number=NUMBER)[0] == 404
    listed = project.ask("ListPhoneNumbers")[1]
    assert [one["status"] for one in listed["items"]] == ["PHONE_NUMBER_STATUS_RELEASED"]
    active = project.ask("ListPhoneNumbers", statuses=["PHONE_NUMBER_STATUS_ACTIVE"])[1]
    assert (active["items"], active["total_count"]) == ([], 0)
    assert project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER])[0] == 404
    project.clock.sleep(601)
    assert project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER])[0] == 200


def test_a_list_says_how_many_there_are_and_takes_a_rule(project: Project) -> None:
    project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER], sip_dispatch_rule_id=project.rule)
    project.ask("PurchasePhoneNumber", phone_numbers=[OTHER])
    page = project.ask("ListPhoneNumbers", limit=1)[1]
    assert (len(page["items"]), page["total_count"], page["offline_count"]) == (1, 2, 1)
    assert page["next_page_token"] == {"token": "1"}
    of_rule = project.ask("ListPhoneNumbers", sip_dispatch_rule_id=project.rule)[1]
    assert [one["e164_format"] for one in of_rule["items"]] == [NUMBER]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"limit": "many"}', b'{"statuses": [1]}', b'{"limit": true}'])
def test_what_is_no_such_request_is_malformed(project: Project, body: bytes) -> None:
    answer = project.raw("ListPhoneNumbers", body)
    assert (answer.status, answer.json()["code"]) == (400, "malformed")


def test_it_wants_the_grant_json_and_an_rpc_that_it_has(project: Project) -> None:
    assert project.raw("ListPhoneNumbers", b"{}", grant={}).status == 401
    assert project.raw("ListPhoneNumbers", b"{}", kind="text/plain").json()["code"] == "bad_route"
    assert project.raw("BuyAll", b"{}").json()["code"] == "bad_route"
    assert project.ask("GetPhoneNumber")[1]["msg"] == "one of id and phone_number is required"


def test_a_snapshot_keeps_the_numbers(project: Project) -> None:
    project.ask("PurchasePhoneNumber", phone_numbers=[NUMBER], sip_dispatch_rule_id=project.rule)
    kept = json.loads(json.dumps(project.sandbox.snapshot()))
    again = Sandbox()
    again.restore(kept)
    assert again.livekit.numbers.get(NUMBER) == project.sandbox.livekit.numbers.get(NUMBER)
