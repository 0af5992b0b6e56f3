"""docs/numbers-yaml.md explains every key, and its example is sound."""

from __future__ import annotations

import re
from pathlib import Path

from trunkline.inventory import parse
from trunkline.inventory.shapes import schema

REFERENCE = (Path(__file__).parents[3] / "docs" / "numbers-yaml.md").read_text(encoding="utf-8")
SECTIONS = {
    "guard": "GuardShape",
    "defaults": "DefaultsShape",
    "agents": "AgentShape",
    "trunks": "TrunkShape",
    "numbers": "LineShape",
    "search": "SearchShape",
    "accepted": "AcceptedShape",
}


def section(name: str) -> str:
    found = re.search(rf"^##+ {name}\n(.*?)(?=^##+ |\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {name}"
    return found[1]


def test_every_key_is_explained_in_its_section() -> None:
    shapes = schema.json_schema()["$defs"]
    missing = [
        f"{name}: {key}"
        for name, shape in SECTIONS.items()
        for key in shapes[shape]["properties"]
        if f"`{key}`" not in section(name)
    ]
    assert missing == []


def test_every_key_of_the_top_level_is_explained() -> None:
    top = REFERENCE.split("## How it is read")[0]
    assert [key for key in schema.json_schema()["properties"] if f"`{key}`" not in top] == []


def test_every_key_that_a_table_explains_exists() -> None:
    shapes = schema.json_schema()["$defs"]
    unknown = [
        f"{name}: {key}"
        for name, shape in SECTIONS.items()
        for row in re.findall(r"^\| (`[^|]*`) \|", section(name), re.MULTILINE)
        for key in re.findall(r"`(\w+)`", row)
        if key not in shapes[shape]["properties"]
    ]
    assert unknown == []


def test_the_example_of_a_custom_line_is_sound() -> None:
    example = section("numbers").split("```yaml\n")[1].split("```")[0]
    head = "version: 1\nagents: {support: {agent_name: support-agent}}\n"
    assert list(parse(head + example, "numbers.yaml").lines) == ["uk-office"]
