"""The OpenAPI document against the API that it is made with."""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis.checks import negative_data_rejection
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.credentials import KEYS
from tests.api.test_matrix import EXAMPLES, LEAST
from trunkline.api.auth.principal import Role
from trunkline.api.problem import KINDS, type_of

# Examples for each operation and mode; a nightly run sets 1000 or more.
EXAMPLES_EACH = int(os.environ.get("TRUNKLINE_FUZZ", "25"))


@pytest.fixture(scope="module")
def document(url: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{url}/openapi.json", trust_env=False).json()
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", LEAST)
def test_every_body_is_as_the_document_says(path: str, role: Role, url: str, document: dict[str, Any]) -> None:
    answer = httpx.get(url + EXAMPLES.get(path, path), headers={"X-API-Key": KEYS[role]}, trust_env=False)
    responses = document["paths"][path]["get"]["responses"]
    content = responses[str(answer.status_code)]["content"]
    media = answer.headers["content-type"].partition(";")[0]
    assert media in content
    if media.endswith("json"):
        schema = {**content[media]["schema"], "components": document["components"]}
        assert list(Draft202012Validator(schema).iter_errors(answer.json())) == []


def test_every_problem_has_a_type_of_its_own_and_stands_in_the_document(document: dict[str, Any]) -> None:
    assert len({type_of(code) for code in KINDS}) == len(KINDS)
    statuses = {int(status) for item in document["paths"].values() for status in item["get"]["responses"]}
    missing = {status for status, _ in KINDS.values()} - statuses
    assert missing == {405, 408, 413, 500}  # of writes, and of what must not be


@pytest.mark.parametrize("path", ["/sip/nobody", "/nowhere", "/sip?limit=0", "/sip/x%00", "/history/0"])
def test_every_error_has_the_one_shape(path: str, admin: httpx.Client) -> None:
    answer = admin.get(path)
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance"} <= body.keys()
    assert (body["status"], body["instance"]) == (
        answer.status_code,
        f"urn:trunkline:request:{answer.headers['x-request-id']}",
    )


def test_the_page_of_the_document_loads_nothing(nobody: httpx.Client) -> None:
    answer = nobody.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f"GET {path}" in answer.text for path in LEAST)
    assert not any(word in answer.text for word in ("src=", "http://", "https://", "<script", "@import", "<link"))


def _open(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its security: random credentials beside the good one would only ever be refused."""
    paths = {
        path: {method: {k: v for k, v in operation.items() if k != "security"} for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", sorted(LEAST))
def test_no_request_that_the_document_allows_or_forbids_is_answered_amiss(
    path: str, mode: GenerationMode, url: str, document: dict[str, Any]
) -> None:
    operation = schemathesis.openapi.from_dict(_open(document))[path]["GET"]
    if mode is GenerationMode.NEGATIVE and not operation.query:
        return  # any text may stand in a path: nothing in it can be wrong

    @settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def fuzz(case: Any) -> None:
        answer = case.call(base_url=url, headers={"X-API-Key": KEYS[Role.ADMIN]})
        assert answer.status_code < 500
        case.validate_response(
            answer,
            checks=[
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
                negative_data_rejection,
            ],
        )

    fuzz()
