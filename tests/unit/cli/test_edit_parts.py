"""Edits of an inventory in parts: each entry is edited in the file that has it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from trunkline.cli.main import main
from trunkline.edit import file as files
from trunkline.errors import Refusal

ROOT = """\
version: 1
defaults: {provider: twilio, agent: support}
agents:
  support: {agent_name: support-agent}
"""
SALES = """\
# of the sales team
agents:
  sales: {agent_name: sales-agent}
numbers:
  sales-us: {phone_number: "+16505551234", agent: sales, label: Sales}
"""
UK = """\
numbers:
  uk-desk: {provider: vonage, phone_number: "+442071234567"}  # the desk
"""
FILES = {"numbers.yaml": ROOT, "numbers.d/sales.yaml": SALES, "numbers.d/uk.yaml": UK}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("numbers.d").mkdir()
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def there() -> dict[str, str]:
    return {name: Path(name).read_text(encoding="utf-8") for name in FILES}


@pytest.mark.parametrize(
    ("command", "after"),
    [
        (
            "map-agent uk-desk sales",
            {"numbers.d/uk.yaml": UK.replace('567"}', '567", agent: sales}')},
        ),
        (
            "map-agent uk-desk night --agent-name=night",
            {
                "numbers.d/uk.yaml": "agents:\n  night: {agent_name: night}\n"
                + UK.replace('567"}', '567", agent: night}')
            },
        ),
        ("release sales-us", {"numbers.d/sales.yaml": SALES.replace("Sales}", "Sales, removal: release}")}),
        (
            "add desk --phone-number=+16505559876",
            {"numbers.yaml": ROOT + 'numbers:\n  desk:\n    phone_number: "+16505559876"\n'},
        ),
        (
            "add desk --phone-number=+16505559876 --file=numbers.d/sales.yaml",
            {"numbers.d/sales.yaml": SALES + '  desk:\n    phone_number: "+16505559876"\n'},
        ),
        (
            "set sales-us --file=numbers.d/uk.yaml --label=X",
            {"numbers.d/sales.yaml": SALES.replace("label: Sales", "label: X")},
        ),
        (
            "swap sales-us uk-desk",
            {
                "numbers.d/sales.yaml": SALES.replace(", agent: sales, label: Sales", ""),
                "numbers.d/uk.yaml": UK.replace('567"}', '567", agent: sales, label: Sales}'),
            },
        ),
    ],
)
def test_an_edit_changes_the_file_that_has_the_line_and_no_other(
    command: str, after: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", *command.split(), "--dry-run"]) == 2
    assert there() == FILES
    capsys.readouterr()

    assert main(["edit", *command.split()]) == 0

    assert there() == {**FILES, **after}
    names = list(after)
    shown = capsys.readouterr().out
    assert [line[4:] for line in shown.splitlines() if line.startswith("--- ")] == names
    written = " and ".join(names) + (" are written." if len(names) > 1 else " is written.")
    assert written in shown


def test_a_name_that_another_part_has_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "rename", "sales-us", "uk-desk"]) == 1
    assert (there(), capsys.readouterr().err) == (
        FILES,
        'trunkline edit: numbers.d/uk.yaml has a line "uk-desk" already. Nothing was written. Choose another name.\n',
    )


def test_the_whole_is_checked_and_a_problem_has_the_place_in_its_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "map-agent", "uk-desk", "nobody"]) == 1
    assert (there(), capsys.readouterr().err) == (
        FILES,
        "trunkline edit: after this edit numbers.yaml would not be sound (lines as in the edited file). Nothing was"
        ' written.\nnumbers.d/uk.yaml:2:62: numbers.uk-desk.agent: no agent "nobody" is declared [unknown-agent];'
        " declare it under agents:, or known: sales, support\n",
    )


def test_json_names_the_file_that_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "set", "uk-desk", "--label=X", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["file"], shown["written"]) == ("numbers.d/uk.yaml", True)


def test_json_gives_two_files_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "swap", "sales-us", "uk-desk", "--json", "--dry-run"]) == 2
    assert json.loads(capsys.readouterr().out)["files"] == ["numbers.d/sales.yaml", "numbers.d/uk.yaml"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("set sales-us --label=Sales", "numbers.d/sales.yaml says so already; nothing was written.\n"),
        ("map-agent sales-us sales", "numbers.d/sales.yaml says so already; nothing was written.\n"),
        (
            "swap uk-desk uk-mobile",
            "numbers.d/uk.yaml says so already; nothing was written.\n",
        ),
        (
            "swap uk-desk root-desk",
            "numbers.d/uk.yaml and numbers.yaml say so already; nothing was written.\n",
        ),
    ],
)
def test_an_edit_that_changes_nothing_names_the_file_that_says_it(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("numbers.d/uk.yaml").write_text(UK + '  uk-mobile: {phone_number: "+447400551233"}\n', encoding="utf-8")
    Path("numbers.yaml").write_text(ROOT + 'numbers:\n  root-desk: {phone_number: "+16505559876"}\n', encoding="utf-8")

    assert main(["edit", *command.split()]) == 0
    assert capsys.readouterr().out == said
    assert main(["edit", *command.split(), "--json"]) == 0
    files = said.partition(" say")[0].split(" and ")
    assert json.loads(capsys.readouterr().out)["files"] == files


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("release uk-desk --remove", 'line "uk-desk" is not marked for removal in numbers.d/uk.yaml.'),
        (
            "map-agent uk-desk sales --agent-name=other",
            'numbers.d/sales.yaml has agent "sales" as sales-agent already.',
        ),
        ("add uk-desk --phone-number=+16505559876", 'numbers.d/uk.yaml has a line "uk-desk" already.'),
    ],
)
def test_a_refusal_names_the_file_that_has_the_entry(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", *command.split()]) == 1
    assert capsys.readouterr().err.startswith(f"trunkline edit: {said} Nothing was written.")


def test_of_two_files_both_are_written_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    replace: Callable[[Path, Path], Path] = Path.replace

    def full(path: Path, target: Path) -> Path:
        if target.name == "uk.yaml":
            raise OSError(28, os.strerror(28))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Refusal) as refused:
        files.write_all({name: (text, f"{text}# more\n") for name, text in FILES.items()})
    uk = Path("numbers.d/uk.yaml")
    assert str(refused.value) == f"{uk} cannot be written: No space left on device. It is as it was."
    assert there() == FILES


def test_validate_takes_a_part_for_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "numbers.d/uk.yaml"]) == 0
    assert capsys.readouterr().out == "numbers.yaml: 2 lines (twilio 1, vonage 1), 0 trunks, 2 agents; no problems\n"
