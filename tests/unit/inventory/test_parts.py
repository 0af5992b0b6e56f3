"""An inventory in parts: what may stand in which file, and where each problem is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.world import site
from trunkline.errors import InventoryError
from trunkline.inventory import Inventory, digest, load
from trunkline.plan.gate import line_facts

ROOT = """\
version: 1
guard: {max_purchases: 2}
defaults: {provider: twilio, agent: support}
agents: {support: {agent_name: support-agent}}
"""
SALES = """\
agents:
  sales: {agent_name: sales-agent}
numbers:
  sales-us: {phone_number: "+16505551234", agent: sales}
"""
UK = """\
trunks:
  office: {provider: custom, sip_address: sip.example.com}
numbers:
  uk-office: {phone_number: "+442071234567", trunk: office}
"""
WHOLE = (
    ROOT.replace("}}\n", "}, sales: {agent_name: sales-agent}}\n")
    + "trunks: {office: {provider: custom, sip_address: sip.example.com}}\n"
    + 'numbers:\n  sales-us: {phone_number: "+16505551234", agent: sales}\n'
    + '  uk-office: {phone_number: "+442071234567", trunk: office}\n'
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("numbers.d").mkdir()
    return tmp_path


def loaded(parts: Mapping[str, str | bytes], root: str = ROOT) -> Inventory:
    Path("numbers.yaml").write_text(root, encoding="utf-8")
    for name, text in parts.items():
        Path("numbers.d", name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(Path("numbers.yaml"))


def refused(parts: Mapping[str, str | bytes], root: str = ROOT) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        loaded(parts, root)
    return [str(problem) for problem in caught.value.problems]


def test_parts_say_what_one_file_with_all_entries_says() -> None:
    parts = loaded({"uk.yaml": UK, "sales.yaml": SALES})
    Path("whole.yaml").write_text(WHOLE, encoding="utf-8")
    whole = load(Path("whole.yaml"))
    assert (parts, digest(parts)) == (whole, digest(whole))


def test_places_name_the_file_of_the_entry_also_for_the_gate_of_an_update() -> None:
    inventory = loaded({"uk.yaml": UK, "sales.yaml": SALES})
    places = [("numbers", "uk-office", "trunk"), ("agents", "sales"), ("agents", "support"), ("guard", "max_purchases")]
    assert [str(inventory.place(*path)) for path in places] == [
        "numbers.d/uk.yaml:4:46",
        "numbers.d/sales.yaml:2:3",
        "numbers.yaml:4:10",
        "numbers.yaml:2:9",
    ]
    line = inventory.lines["uk-office"]
    assert line_facts(inventory, line, inventory.trunks["office"], site(), ())["at"] == "numbers.d/uk.yaml:4"


def test_an_inventory_that_is_named_with_its_folder_has_its_parts_beside_it(folder: Path) -> None:
    loaded({"uk.yaml": UK})
    os.chdir(folder.parent)
    inventory = load(Path(folder.name, "numbers.yaml"))
    assert str(inventory.place("trunks", "office")) == f"{folder.name}/numbers.d/uk.yaml:2:3"


@pytest.mark.parametrize(
    ("parts", "problems"),
    [
        (
            {"a.yaml": SALES, "b.yaml": SALES.replace("34567", "34568")},
            [
                'numbers.d/b.yaml:2:3: agents: "sales" stands here a second time; the first is at'
                " numbers.d/a.yaml:2:3 [duplicate-key]; keep one of the two",
                'numbers.d/b.yaml:4:3: numbers: "sales-us" stands here a second time; the first is at'
                " numbers.d/a.yaml:4:3 [duplicate-key]; keep one of the two",
            ],
        ),
        (
            {"a.yaml": "agents: {support: {agent_name: x}}\n"},
            [
                'numbers.d/a.yaml:1:10: agents: "support" stands here a second time; the first is at'
                " numbers.yaml:4:10 [duplicate-key]; keep one of the two",
                "numbers.yaml:1:1: numbers: this key is missing [missing-key]; add `numbers:`",
            ][::-1],
        ),
        (
            {"a.yaml": SALES, "b.yaml": SALES.replace("sales", "other")},
            [
                'numbers.d/b.yaml:4:14: line "other-us": +16505551234 is the number of line "sales-us"'
                " (numbers.d/a.yaml:4) already; LiveKit refuses two inbound trunks for the same number and callers"
                " [livekit-conflict]; keep one of the two lines; to rename one, delete the old and write"
                " `renamed_from: sales-us`"
            ],
        ),
        (
            {"a.yaml": "guard: {max_purchases: 9}\nversion: 1\nnumber: {}\nnumbers: []\n", "b.yaml": SALES},
            [
                "numbers.d/a.yaml:1:1: `guard` stands in numbers.yaml alone [part-key]; move it there",
                "numbers.d/a.yaml:2:1: `version` stands in numbers.yaml alone [part-key]; move it there",
                "numbers.d/a.yaml:3:1: number: there is no such key [unknown-key]; did you mean numbers?",
                "numbers.d/a.yaml:4:1: numbers: a list is not a mapping [type]; write `key: value` lines below it, or"
                " {} for none",
            ],
        ),
        (
            {"a.yaml": "", "b.yaml": "# all moved\n", "c.yaml": "- x\n", "d.yaml": SALES},
            [
                *(
                    f"numbers.d/{name}.yaml:1:1: the part is empty, which would take all its entries away"
                    " [no-mapping]; delete it, or write `numbers: {}` for none"
                    for name in "ab"
                ),
                "numbers.d/c.yaml:1:1: the part is no mapping [no-mapping]; delete it, or write `numbers: {}` for none",
            ],
        ),
        (
            {"a.yaml": "numbers: [\n", "b.yaml": "numbers: {x: {label: yes}}\n"},
            [
                "numbers.d/a.yaml:2:1: this is no YAML: did not find expected node content while parsing a flow node"
                " [syntax]; write `key: value` with a space after the colon, indent with spaces, quote text that has"
                " : # { } [ ] or @",
                "numbers.d/b.yaml:1:22: some readers of YAML take `yes` for true or false [ambiguous-scalar]; quote it:"
                ' "yes"',
            ],
        ),
        (
            {"a.yaml": b"numbers: {}\n# \xff\n", "b.yaml": SALES},
            ["numbers.d/a.yaml:2:3: the file is not UTF-8 text from here on [encoding]; save it as UTF-8"],
        ),
        (
            {"a.yml": SALES, "B.YAML": SALES, "ü.yaml": SALES},
            [
                f"numbers.d/{name}: this is not called as a part [no-part]; call it NAME.yaml: letters, digits, dots,"
                " hyphens and underscores"
                for name in ("B.YAML", "a.yml", "ü.yaml")
            ],
        ),
    ],
)
def test_what_is_wrong_with_parts_is_told_with_the_file_and_the_line(
    parts: Mapping[str, str | bytes], problems: list[str]
) -> None:
    assert refused(parts) == problems


def test_hidden_files_backups_and_what_is_no_yaml_are_passed_over() -> None:
    names = (".a.yaml", ".#uk.yaml", "uk.yaml~", "uk.yaml.orig", "README.md", "#uk.yaml#", "uk.yaml.bak")
    inventory = loaded({"sales.yaml": SALES, **dict.fromkeys(names, "no inventory: [")})
    assert list(inventory.lines) == ["sales-us"]


def test_a_link_and_a_folder_are_no_parts_since_their_owner_would_not_be_asked() -> None:
    Path("elsewhere.yaml").write_text(UK, encoding="utf-8")
    Path("numbers.d/link.yaml").symlink_to("../elsewhere.yaml")
    Path("numbers.d/team").mkdir()
    assert refused({"sales.yaml": SALES}) == [
        "numbers.d/link.yaml: this is a link [no-part]; put the file itself here, where its owner is asked",
        "numbers.d/team: this is a folder [no-part]; put its files beside it",
    ]


def test_the_folder_itself_is_a_folder_and_no_link(folder: Path) -> None:
    Path("numbers.d").rename("elsewhere")
    Path("numbers.d").symlink_to("elsewhere")
    linked = refused({"sales.yaml": SALES})
    Path("numbers.d").unlink()
    Path("numbers.d").write_text(SALES, encoding="utf-8")
    assert (linked, refused({})) == (
        ["numbers.d: this is a link [no-part]; put the folder itself here, where its owner is asked"],
        ["numbers.d: this is no folder [no-part]; put parts into a folder of this name, or call it otherwise"],
    )


def test_a_part_whose_reading_fails_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(path: Path, *arguments: object) -> object:
        raise PermissionError(13, "Permission denied")

    Path("numbers.yaml").write_text(ROOT, encoding="utf-8")
    Path("numbers.d/uk.yaml").write_text(UK, encoding="utf-8")
    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(InventoryError) as caught:
        load(Path("numbers.yaml"))
    assert [problem.file for problem in caught.value.problems] == ["numbers.yaml", "numbers.d/uk.yaml"]


def test_an_empty_folder_changes_nothing() -> None:
    text = ROOT + "numbers: {}\n"
    assert loaded({}, text) == loaded({".gitkeep": ""}, text)


@pytest.mark.parametrize("path", [".", "/"])
def test_a_folder_without_a_name_is_no_inventory(path: str) -> None:
    with pytest.raises(InventoryError) as caught:
        load(Path(path))
    assert [problem.rule for problem in caught.value.problems] == ["no-file"]
