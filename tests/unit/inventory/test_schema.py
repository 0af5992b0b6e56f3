"""The JSON Schema in docs is current and says what the loader says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.unit.inventory import hostile_lines
from trunkline.inventory.shapes.schema import PartShape, json_schema, schema_text

ROOT = Path(__file__).parents[3]
# Rules that look at the text of the file, or at several entries, and so have no place in a schema.
BEYOND_A_SCHEMA = frozenset(
    {
        "ambiguous-scalar",
        "attribute",
        "character",
        "duplicate-key",
        "half-auth",
        "header",
        "listed-twice",
        "literal-secret",
        "number-country",
        "number-in-stacks",
        "renamed-from",
        "unreachable",
        "wrong-provider",
    }
)


def errors(text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(text))]


def test_the_schema_in_docs_is_current() -> None:
    written = (ROOT / "docs" / "numbers.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run `trunkline validate --print-schema > docs/numbers.schema.json`"


def test_the_schema_of_a_part_in_docs_is_current_and_refuses_what_stands_in_numbers_yaml_alone() -> None:
    written = (ROOT / "docs" / "numbers-part.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(PartShape), (
        "run `trunkline validate --print-part-schema > docs/numbers-part.schema.json`"
    )
    schema = Draft202012Validator(json_schema(PartShape))
    part = {"agents": {"a": {"agent_name": "a"}}, "numbers": {}}
    assert (list(schema.iter_errors(part)), schema.is_valid({"guard": {}}), schema.is_valid({"version": 1})) == (
        [],
        False,
        False,
    )


def test_the_schema_is_a_schema_and_accepts_the_repositorys_inventory() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert errors((ROOT / "numbers.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "key",
    [
        key
        for name, (key, rule, _) in hostile_lines.CARRIER_KEYS.items()
        if rule not in BEYOND_A_SCHEMA
        # A schema sees the letters of these, not that no country, host or network is called so.
        and name not in {"country UK", "address with host bits", "address out of range"}
    ],
)
def test_an_editor_marks_what_the_loader_refuses(key: str) -> None:
    line = 'numbers:\n  one:\n    phone_number: "+16505551234"\n    provider: twilio\n    agent: support\n'
    head = "version: 1\nagents: {support: {agent_name: a}}\n"
    assert errors(head + line) == []
    assert errors(f"{head}{line}    {key}\n") != []


@pytest.mark.parametrize(
    "text",
    [
        "numbers: {}",
        "version: 2\nnumbers: {}",
        "version: 1\nnumbers: {One: {phone_number: '+16505551234'}}",
        "version: 1\nnumbers: {one: {}}",
        "version: 1\nnumbers: {}\ntrunks: {t: {provider: custom, auth_password: hunter2}}",
        "version: 1\nnumbers: {}\nagents: {a: {}}",
    ],
)
def test_an_editor_marks_what_stands_in_the_wrong_place(text: str) -> None:
    assert errors(text) != []
