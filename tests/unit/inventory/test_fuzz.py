"""Whatever the file holds, loading gives an inventory or an InventoryError: no crash, no other exception."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.inventory.test_hostile import CASES
from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, digest, parse, spelling
from trunkline.inventory.shapes import schema

DEMO = (Path(__file__).parents[3] / "numbers.yaml").read_text(encoding="utf-8")
SHAPE = schema.json_schema()
KEYS = sorted(
    {*SHAPE["properties"]} | {key for part in SHAPE["$defs"].values() for key in part["properties"]} | {"one", "a"}
)
SCALARS = (
    "+16505551234",
    '"+16505551234"',
    "true",
    "NO",
    "~",
    "1",
    "-1",
    "0044",
    "1.5",
    ".inf",
    "twilio",
    "custom",
    '"',
)
MARKS = ("[", "]", "{", "}", ": ", "? ", "- ", "&a", "*a", "!x", "|", ">", "#", "%", "@", ",", "<<: ", "---")
WORDS = (*SCALARS, *MARKS, "\n", "\n  ", "\n    ")
leaves = st.one_of(st.none(), st.booleans(), st.integers(-10, 10**16), st.text(max_size=8), st.sampled_from(WORDS))
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)


def survives(text: str) -> None:
    """Load; where it is sound, the rest of the inventory's life must work as well."""
    try:
        inventory = parse(text, "numbers.yaml")
    except InventoryError as error:
        assert error.problems
        assert all(problem.message and problem.fix for problem in error.problems)
    else:
        assert isinstance(inventory, Inventory)
        digest(inventory)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    survives(text)


@settings(max_examples=300, deadline=None)
@given(st.binary())
def test_any_bytes_are_survived(content: bytes) -> None:
    try:
        text = spelling.decode(content, "numbers.yaml")
    except InventoryError:
        return
    survives(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from((*WORDS, *KEYS)), max_size=40))
def test_any_row_of_yaml_tokens_is_survived(tokens: list[str]) -> None:
    survives("".join(tokens))


@settings(max_examples=300, deadline=None)
@given(trees)
def test_any_tree_of_known_keys_is_survived(tree: object) -> None:
    survives(f"version: 1\nnumbers: {_flow(tree)}\n")
    survives(f"version: 1\nnumbers: {{one: {_flow(tree)}}}\ntrunks: {{a: {_flow(tree)}}}\ndefaults: {_flow(tree)}\n")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DEMO)), st.integers(0, 40), st.sampled_from((*WORDS, *KEYS)))
def test_any_edit_of_a_sound_file_is_survived(start: int, length: int, inserted: str) -> None:
    survives(DEMO[:start] + inserted + DEMO[start + length :])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([text for _, text, _ in CASES if len(text) < 1_000]), st.data())
def test_any_cut_of_a_hostile_file_is_survived(text: str, data: st.DataObject) -> None:
    survives(text[: data.draw(st.integers(0, len(text)))])


def _flow(tree: object) -> str:
    """Write a tree in YAML's flow style; its texts stay as they are, to mean what YAML makes of them."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_flow, tree)) + "]"
    return "~" if tree is None else str(tree)
