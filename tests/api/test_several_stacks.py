"""Several stacks as one: every line with its stack, each stack as if it were alone, and none stops another."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from prometheus_client.parser import text_string_to_metric_families

from tests.api import credentials
from tests.api.conftest import ENTRIES, NOW, explain, search
from tests.api.serving import Fixed, Silent, client, frames, serve
from tests.api.test_matrix import EXAMPLES, LEAST
from tests.state import fleet
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.api.app import create_several
from trunkline.api.auth.principal import Role
from trunkline.outputs import Agent, Line, to_json
from trunkline.state.checkpoint import StackState
from trunkline.state.publication import Status

# The second stack has a line of the first one's name, with another number, and one of its own.
SALES_EU = fleet.SALES.model_copy(
    update={"phone_number": "+33123456789", "country": "FR", "number_id": "PN0009", "inbound_trunk_id": "ST_in_eu"}
)
DESK_EU = fleet.SUPPORT.model_copy(update={"id": "desk", "phone_number": "+3222222222", "number_id": "PN0010"})
EU = StackState(outputs=fleet.outputs((SALES_EU, DESK_EU), {"support": "support-agent", "ag_550e8400": "sales-agent"}))
STATES = {"us": NOW, "eu": EU}
NAMES = {"us": "organization/fleet/us", "eu": "organization/fleet/eu"}


def told(stack: str, line: Line) -> dict[str, Any]:
    return {"stack": stack} | to_json(line)


EVERY = [
    told("eu", DESK_EU),
    told("eu", SALES_EU),
    told("us", fleet.SALES),
    told("us", fleet.SUPPORT),
    told("us", fleet.OFFICE),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    sources = {"us": Fixed(NOW, ENTRIES), "eu": Fixed(EU)}
    auth = credentials.auth(tmp_path_factory.mktemp("several"))
    with serve(create_several(sources, auth, search, explain, names=NAMES)) as served:
        yield served


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of one of the stacks alone."""
    auth = credentials.auth(tmp_path_factory.mktemp("alone"))
    with serve(create_app(Fixed(NOW, ENTRIES), auth, search, explain, stack=NAMES["us"])) as served:
        yield served


def get(url: str, path: str, role: Role = Role.ADMIN) -> Any:
    with client(url, role) as api:
        answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERY),
        ("?stack=eu", EVERY[:2]),
        ("?stack=us&stack=eu", EVERY),
        ("?stack=us&provider=custom", EVERY[4:]),
        ("?text=sales", EVERY[1:3]),
        ("?agent=support&sort=-id", [EVERY[4], EVERY[3], EVERY[0]]),
        ("?sort=phoneNumber&limit=1", [EVERY[2]]),
    ],
)
def test_every_line_is_given_with_its_stack(query: str, expected: list[dict[str, Any]], url: str) -> None:
    found = get(url, f"/sip{query}")
    whole = found["total"] if "limit" in query else len(expected)
    assert found == {"lines": expected, "total": whole, "next": found["next"], "missing": []}


def test_pages_give_lines_of_one_name_once_each_in_either_direction(url: str) -> None:
    for sort, expected in (("label", ["eu", "us"]), ("-label", ["us", "eu"])):
        seen, cursor = list[tuple[str, str]](), ""
        while True:
            page = get(url, f"/sip?limit=1&sort={sort}&cursor={cursor}")
            seen += [(line["stack"], line["id"]) for line in page["lines"]]
            if not page["next"]:
                break
            cursor = page["next"]
        assert sorted(seen) == sorted((line["stack"], line["id"]) for line in EVERY)
        assert [stack for stack, id in seen if id == "sales-us"] == expected


def test_the_other_forms_have_the_stack_too(url: str) -> None:
    with client(url) as api:
        table = list(csv.DictReader(io.StringIO(api.get("/sip?format=csv").text)))
        objects = api.get("/sip?format=ndjson")
        link = api.get("/stacks/us/sip?limit=1").headers["link"]
    assert [(row["stack"], row["id"]) for row in table] == [(line["stack"], line["id"]) for line in EVERY]
    assert [httpx.Response(200, text=text).json() for text in objects.text.splitlines()] == EVERY
    assert link.startswith("</stacks/us/sip?")


def test_a_line_is_found_where_one_stack_has_it_and_told_apart_where_several_have(url: str) -> None:
    assert get(url, "/sip/desk") == told("eu", DESK_EU)
    assert get(url, "/sip/+33123456789") == told("eu", SALES_EU)
    assert get(url, "/sip/sales-us?stack=eu") == told("eu", SALES_EU)
    assert get(url, "/stacks/us/sip/sales-us") == to_json(fleet.SALES)
    with client(url) as api:
        both, none = api.get("/sip/sales-us"), api.get("/sip/nowhere")
    assert (both.status_code, both.json()["type"]) == (409, "urn:trunkline:problem:ambiguous")
    assert both.json()["lines"] == ["us/sales-us", "eu/sales-us"]
    assert none.status_code == 404


def test_agents_counts_costs_and_findings_are_of_all_stacks_or_of_those_that_are_asked_for(url: str) -> None:
    sales, support = ("ag_550e8400", "sales-agent"), ("support", "support-agent")
    assert get(url, "/agents") == {
        "agents": [
            {"stack": stack} | to_json(Agent(id=agent[0], agent_name=agent[1], lines=lines))
            for stack, agent, lines in (
                ("us", sales, ("sales-us",)),
                ("us", ("night", "night-agent"), ()),
                ("us", support, ("support-de", "uk-office")),
                ("eu", sales, ("sales-us",)),
                ("eu", support, ("desk",)),
            )
        ],
        "unused": ["us/night"],
        "missing": [],
    }
    assert get(url, "/summary") == {
        "lines": 5,
        "byStack": {"eu": 2, "us": 3},
        "byProvider": {"custom": 1, "twilio": 2, "vonage": 2},
        "byCountry": {"DE": 2, "FR": 1, "GB": 1, "US": 1},
        "byAgent": {"eu/ag_550e8400": 1, "eu/support": 1, "us/ag_550e8400": 1, "us/support": 2},
        "monthlyCost": {"USD": "2.30"},
        "unknownCost": ["eu/desk", "us/support-de"],
        "missing": [],
    }
    assert get(url, "/summary?stack=us") | {"byStack": 0} == get(url, "/stacks/us/summary") | {
        "byStack": 0,
        "byAgent": {"us/ag_550e8400": 1, "us/support": 2},
        "unknownCost": ["us/support-de"],
        "missing": [],
    }
    assert "monthlyCost" not in get(url, "/summary", Role.VIEWER)
    each = {stack: get(url, f"/stacks/{stack}/audit")["findings"] for stack in STATES}
    every = [{"stack": stack} | finding for stack in STATES for finding in each[stack]]
    assert get(url, "/audit") == {"findings": every, "missing": []}
    assert get(url, "/audit?stack=eu&severity=warning")["findings"] == [
        finding for finding in every if finding["stack"] == "eu" and finding["severity"] == "warning"
    ]


@pytest.mark.parametrize("path", [*LEAST, "/sip?at=2026-01-01T12:00:00Z", "/docs", "/openapi.json"])
def test_each_stack_is_served_below_its_name_as_a_server_of_it_alone_serves_it(path: str, url: str, alone: str) -> None:
    own = ("/metrics", "/access", "/readyz")  # of this process, or of this moment
    asked = EXAMPLES.get(path, path)
    with client(url) as together, client(alone) as one:
        answers = together.get(f"/stacks/us{asked}"), one.get(asked)
    assert answers[0].status_code == answers[1].status_code == 200
    if path not in own:
        assert answers[0].content == answers[1].content
    elif path == "/readyz":
        assert [answer.json() | {"ageSeconds": 0} for answer in answers] == [answers[1].json() | {"ageSeconds": 0}] * 2


@pytest.mark.parametrize(
    "path",
    ["/history", "/explain?to=%2B1650", "/sip/desk/history", "/stacks/", "/stacks/us", "/agents/night/numbers"],
)
def test_what_is_asked_of_one_stack_alone_is_said_where_it_stands(path: str, url: str) -> None:
    with client(url) as api:
        answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "no endpoint has this path; history, explain, an agent's numbers and at= are asked of one stack, below"
        " /stacks/STACK: see /openapi.json and /stacks"
    )


def test_a_stack_that_is_not_served_and_a_moment_of_all_are_refused(url: str) -> None:
    with client(url) as api:
        stack, moment = api.get("/sip?stack=mars"), api.get("/sip?at=2026-01-01T12:00:00Z")
    assert (stack.status_code, stack.json()["errors"][0]["parameter"]) == (400, "stack")
    assert (moment.status_code, moment.json()["errors"][0]["parameter"]) == (400, "at")


def test_a_write_is_answered_with_the_edit_of_the_file_that_all_stacks_share(url: str) -> None:
    body = {"agent_id": "night"}
    with client(url) as api:
        answers = [api.put(path, json=body).json()["edit"] for path in ("/sip/sales-us", "/stacks/eu/sip/sales-us")]
    assert answers == ["trunkline edit map-agent sales-us night"] * 2


def test_one_that_fails_stops_no_other_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trunkline.api.app._PATIENCE", 0.1)
    us = Fixed(NOW, ENTRIES)
    with serve(create_several({"us": us, "eu": Silent()}, credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/sip").status_code == 200)
        lines, missing = api.get("/sip"), api.get("/sip?stack=eu")
        assert [line["stack"] for line in lines.json()["lines"]] == ["us"] * 3
        assert (lines.json()["missing"], lines.headers["trunkline-missing-stacks"]) == (["eu"], "eu")
        assert (missing.json()["lines"], missing.json()["missing"]) == ([], ["eu"])
        assert api.get("/stacks/eu/sip").status_code == 503
        ready = api.get("/readyz")
        assert (ready.status_code, ready.json()["state"], ready.json()["fault"]) == (200, "stale", "unreachable")
        states = [(one["stack"], one["state"], one["fault"]) for one in ready.json()["stacks"]]
        assert states == [("us", "ready", ""), ("eu", "starting", "unreachable")]
        assert [(one["stack"], one["lines"]) for one in api.get("/stacks").json()["stacks"]] == [
            ("us", 3),
            ("eu", None),
        ]

        us.push(Status(fault="broken", detail="the state is no JSON"))
        until(lambda: api.get("/readyz").json()["stacks"][0]["fault"] == "broken")
        assert samples(api.get("/metrics").text, "trunkline_backend_fault") == {"us": 1.0, "eu": 1.0}
        assert samples(api.get("/metrics").text, "trunkline_lines") == {"us": 3.0, "eu": 0.0}
        assert len(api.get("/sip").json()["lines"]) == 3


def samples(text: str, name: str) -> dict[str, float]:
    families = text_string_to_metric_families(text)
    return {
        sample.labels["stack"]: sample.value for family in families for sample in family.samples if sample.name == name
    }


def test_a_new_version_of_one_stack_is_a_new_version_of_all(tmp_path: Path) -> None:
    eu = Fixed(EU)
    with serve(create_several({"us": Fixed(NOW), "eu": eu}, credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: len(api.get("/sip").json().get("lines", ())) == 5)
        before = api.get("/sip")
        unchanged = api.get("/sip", headers={"if-none-match": before.headers["etag"]})
        eu.push(*frames(StackState(outputs=fleet.outputs((DESK_EU,)))))
        until(lambda: len(api.get("/sip").json()["lines"]) == 4)
        after = api.get("/sip", headers={"if-none-match": before.headers["etag"]})
    assert (unchanged.status_code, after.status_code) == (304, 200)
    assert before.headers["trunkline-version"] != after.headers["trunkline-version"]


def test_the_document_is_valid_and_every_body_is_as_it_says(url: str) -> None:
    document = get(url, "/openapi.json")
    validate(document)
    with client(url) as api:
        for path, item in document["paths"].items():
            asked = path.replace("{stack}", "us")
            root = asked.removeprefix("/stacks/us") if asked.startswith("/stacks/us/") else asked
            own = "/sip/desk" if path == "/sip/{id}" else asked.removesuffix(root) + EXAMPLES.get(root, root)
            answer = api.get(own)
            content = item["get"]["responses"][str(answer.status_code)]["content"]
            media = answer.headers["content-type"].partition(";")[0]
            schema = {**content[media]["schema"], "components": document["components"]}
            assert answer.status_code == 200, own
            if media.endswith("json"):
                assert list(Draft202012Validator(schema).iter_errors(answer.json())) == [], own


def test_who_is_unknown_or_of_too_low_a_role_reads_no_stack(url: str) -> None:
    with client(url, None) as nobody, client(url, Role.VIEWER) as viewer:
        for path in ("/sip", "/stacks", "/stacks/eu/sip", "/summary", "/reader"):
            assert nobody.get(path).status_code == 401
        assert [viewer.get(path).status_code for path in ("/audit", "/stacks/eu/audit", "/sip")] == [403, 403, 200]
    assert get(url, "/reader") == {
        "stack": "",
        "stacks": ["us", "eu"],
        "name": f"ci-{Role.ADMIN}",
        "role": "admin",
        "via": "key",
    }
    assert get(url, "/stacks/eu/reader")["stack"] == "organization/fleet/eu"
