"""Held against the vendors' own specifications: every path, parameter and field that the sandbox serves is theirs.

The specifications are not part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import Sandbox
from sandbox.request import Response
from sandbox.twilio.routes import ROUTES as TWILIO_ROUTES
from sandbox.vonage.emulator import ROUTES as VONAGE_ROUTES
from tests.sandbox.callers import TwilioCaller, VonageCaller
from tests.sandbox.tour import Step, steps_at_twilio, steps_at_vonage

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
TWILIO_FILES = ("twilio_api_v2010", "twilio_trunking_v1", "twilio_pricing_v1", "twilio_pricing_v2", "twilio_numbers_v2")
VONAGE_FILES = ("vonage_numbers", "vonage_account")
# Where the sandbox knows better than the specification, by field, with the reason.
EXCEPTIONS: Mapping[str, str] = {
    "app_id": "Vonage's portal (Numbers API 1.1.0) and its SDK name it; the specification of 2021 does not",
    "SMS": "in the answers of the live search the key is in capitals",
    "MMS": "in the answers of the live search the key is in capitals",
    "base_price": "a number in Twilio's schemas, a string in Twilio's own examples beside them",
    "current_price": "a number in Twilio's schemas, a string in Twilio's own examples beside them",
}

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' specifications are not beside the repository")

Spec = Mapping[str, Any]


def load(names: tuple[str, ...]) -> list[Spec]:
    paths = [next(path for path in SPECS.iterdir() if path.stem == name) for name in names]
    return [
        json.loads(path.read_text()) if path.suffix == ".json" else yaml.safe_load(path.read_text()) for path in paths
    ]


@pytest.fixture(scope="module")
def twilio_specs() -> list[Spec]:
    return load(TWILIO_FILES)


@pytest.fixture(scope="module")
def vonage_specs() -> list[Spec]:
    return load(VONAGE_FILES)


@pytest.mark.parametrize("route", TWILIO_ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_each_twilio_route_takes_what_the_specification_says(twilio_specs: list[Spec], route: Any) -> None:
    spec, operation = operation_of(twilio_specs, route.method, route.template)
    known, required = parameters_of(spec, operation)
    assert set(route.parameters) <= known
    assert {name for name, each in route.parameters.items() if each.required} >= required & set(known)


@pytest.mark.parametrize("route", VONAGE_ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_each_vonage_route_takes_what_the_specification_says(vonage_specs: list[Spec], route: Any) -> None:
    spec, operation = operation_of(vonage_specs, route.method, route.template)
    known, required = parameters_of(spec, operation)
    credentials = {"api_key", "api_secret"}
    assert set(route.parameters) <= known
    assert {name for name, each in route.parameters.items() if each.required} == required - credentials


def test_every_answer_of_twilio_has_the_status_the_fields_and_the_types_of_the_specification(
    world: Sandbox, twilio_specs: list[Spec]
) -> None:
    steps = list(steps_at_twilio(TwilioCaller(world)))
    assert {(step.method, step.template) for step in steps} == {(each.method, each.template) for each in TWILIO_ROUTES}
    assert list(differences(twilio_specs, steps)) == []


def test_every_answer_of_vonage_has_the_status_the_fields_and_the_types_of_the_specification(
    world: Sandbox, vonage_specs: list[Spec]
) -> None:
    steps = list(steps_at_vonage(VonageCaller(world)))
    assert {(step.method, step.template) for step in steps} == {(each.method, each.template) for each in VONAGE_ROUTES}
    assert list(differences(vonage_specs, steps)) == []


def operation_of(specs: list[Spec], method: str, template: str) -> tuple[Spec, Spec]:
    found = [(spec, spec["paths"][template]) for spec in specs if template in spec["paths"]]
    assert found, f"{template} is in no specification"
    (spec, path), *_ = found
    return spec, path[method.lower()]


def parameters_of(spec: Spec, operation: Spec) -> tuple[set[str], set[str]]:
    """Give the names of all query and body parameters, and of those that must be there."""
    in_query = [resolve(spec, each) for each in operation.get("parameters", ())]
    in_query = [each for each in in_query if each["in"] == "query"]
    (body,) = [each["schema"] for each in operation.get("requestBody", {}).get("content", {}).values()] or [{}]
    body = resolve(spec, body)
    known = {each["name"] for each in in_query} | set(body.get("properties", {}))
    return known, {each["name"] for each in in_query if each.get("required")} | set(body.get("required", ()))


def differences(specs: list[Spec], steps: list[Step]) -> Iterator[str]:
    """Give a sentence for everything in the answers that the specifications do not say."""
    for step in steps:
        spec, operation = operation_of(specs, step.method, step.template)
        where = f"{step.method} {step.template} {step.response.status}"
        described = operation["responses"].get(str(step.response.status))
        if described is None:
            yield f"{where}: no such status"
            continue
        content = described.get("content", {}).get("application/json")
        if content is None:
            yield from [f"{where}: a body where there is none"] if step.response.body else []
            continue
        yield from wrong_fields(spec, content["schema"], body_of(step.response), where)


def wrong_fields(spec: Spec, schema: Spec, value: Any, where: str) -> Iterator[str]:
    schema = resolve(spec, schema)
    if value is None:
        # Vonage's specification does not speak of null; the sandbox leaves such fields out there.
        yield from [] if schema.get("nullable") else [f"{where}: null"]
    elif isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            if name in EXCEPTIONS:
                continue
            if name in schema["properties"]:
                yield from wrong_fields(spec, schema["properties"][name], item, f"{where}.{name}")
            else:
                yield f"{where}.{name}: unknown"
    elif isinstance(value, list) and schema.get("type") == "array":
        for item in value:
            yield from wrong_fields(spec, schema["items"], item, f"{where}[]")
    elif not is_of_type(value, schema):
        yield f"{where}: {value!r} is not of type {schema.get('type')}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"


def is_of_type(value: Any, schema: Spec) -> bool:
    kinds: Mapping[str, tuple[type, ...]] = {
        "string": (str,),
        "boolean": (bool,),
        "integer": (int,),
        "number": (int, float),
        "array": (list,),
        "object": (dict,),
    }
    return "type" not in schema or isinstance(value, kinds[schema["type"]])


def resolve(spec: Spec, schema: Spec) -> Spec:
    while "$ref" in schema:
        found: Any = spec
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def body_of(response: Response) -> Any:
    return json.loads(response.body)
