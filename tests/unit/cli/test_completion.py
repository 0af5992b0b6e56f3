"""What a shell is told when it completes a word of `trunkline`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trunkline.cli.main import COMPLETE, main

FILE = """\
agents:
  sales: {agent_name: sales-agent}
  support: {agent_name: support-agent}
numbers:
  sales-us: {phone_number: "+16505551234", agent: sales}
  sales-gb: {search: {country: GB}, agent: sales}
  support-us: {phone_number: "+16505559876", agent: support}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def completed(line: str, file: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Give what bash would be offered for the last word of a command line."""
    words = line.split(" ")
    asked = {COMPLETE: "bash_complete", "TRUNKLINE_INVENTORY": str(file)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMP_WORDS", line)
        patch.setenv("COMP_CWORD", str(len(words) - 1))
        assert main([], asked) == 0
    return [found.partition(",")[2] for found in capsys.readouterr().out.split()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("trunkline a", ["apply", "audit"]),
        ("trunkline edit r", ["register", "release", "rename"]),
        ("trunkline edit release --k", ["--keep"]),
        ("trunkline plan --format ", ["text", "markdown", "json"]),
        ("trunkline edit map-agent s", ["sales-us", "sales-gb", "support-us"]),
        ("trunkline edit map-agent sales-us su", ["support"]),
        ("trunkline edit set sales-us --agent ", ["sales", "support"]),
        ("trunkline history sales", ["sales-us", "sales-gb"]),
        ("trunkline explain --to +1650", ["+16505551234", "+16505559876"]),
    ],
)
def test_commands_options_choices_and_names_of_the_file_are_completed(
    line: str, offered: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed(line, file, capsys) == offered


def test_the_file_that_the_line_names_is_the_one_whose_names_are_completed(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("numbers:\n  desk: {}\n", encoding="utf-8")
    assert completed(f"trunkline edit release --file {other} ", file, capsys) == ["desk"]


def test_the_names_of_all_parts_are_completed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = file.parent / "numbers.d" / "uk.yaml"
    part.parent.mkdir()
    part.write_text("numbers: {sales-uk: {}}\n", encoding="utf-8")
    assert completed("trunkline history sales", file, capsys) == ["sales-us", "sales-gb", "sales-uk"]
    assert completed(f"trunkline edit release --file {part} sales", file, capsys) == [
        "sales-us",
        "sales-gb",
        "sales-uk",
    ]


@pytest.mark.parametrize("text", ["numbers: [", "- a", "numbers: x", "\0"])
def test_a_file_that_cannot_be_read_completes_nothing_and_says_nothing(
    text: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, encoding="utf-8")
    assert completed("trunkline history ", file, capsys) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_trunkline_what_could_come_next(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell], {}) == 0
    assert f"{COMPLETE}={shell}_complete" in capsys.readouterr().out


def test_bash_reads_its_script(capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"], {})
    script = capsys.readouterr().out
    done = subprocess.run(
        ["bash", "-c", f"{script}\ncomplete -p trunkline"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.split()[-1]) == (0, "trunkline")
