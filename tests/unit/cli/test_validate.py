"""`trunkline validate`: reports for people, programs and GitHub, offline, with exit code 0 or 1."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import phonenumbers
import pytest

from trunkline.cli.main import main
from trunkline.cli.report import github, text
from trunkline.errors import Problem
from trunkline.inventory.shapes import schema

SOUND = """\
version: 1
agents: {a: {agent_name: a}}
trunks: {t: {provider: twilio}, u: {provider: custom, sip_address: sip.example.com}}
defaults: {provider: twilio, agent: a}
numbers:
  one: {phone_number: "+16505551231", trunk: t}
  two: {search: {country: US}}
  three: {phone_number: "+442071234567", trunk: u}
"""
BROKEN = "version: 1\nnumbers:\n  one:\n    phone_number: +16505551234\n    provider: twilio\n    label: 5\n"
UNQUOTED = Problem(
    rule="unquoted-number",
    message="YAML reads `+16505551234` as a number and drops its plus",
    fix='quote it: "+16505551234"',
    file="numbers.yaml",
    line=4,
    column=19,
)
LABEL = Problem(
    rule="type",
    message="numbers.one.label: YAML reads 5 as a number, not as text",
    fix='quote it: "5"',
    file="numbers.yaml",
    line=6,
    column=5,
)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)


def write(content: str, name: str = "numbers.yaml") -> None:
    Path(name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_sound_inventory_is_one_line_of_counts(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(SOUND)
    assert main(["validate", "--format", form]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (
        "numbers.yaml: 3 lines (custom 1, twilio 2), 2 trunks, 1 agent; no problems\n",
        "",
    )


def test_a_sound_inventory_has_no_problems_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write(SOUND)
    assert main(["validate", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": "numbers.yaml", "problems": [], "warnings": []}


def test_problems_are_a_line_each_and_their_count(capsys: pytest.CaptureFixture[str]) -> None:
    write(BROKEN)
    assert main(["validate"]) == 1
    assert capsys.readouterr().out.splitlines() == [str(UNQUOTED), str(LABEL), "2 problems"]


def test_problems_are_whole_objects_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write(BROKEN)
    assert main(["validate", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["file"] == "numbers.yaml"
    assert [Problem(**problem) for problem in report["problems"]] == [UNQUOTED, LABEL]


def test_problems_are_annotations_for_github(capsys: pytest.CaptureFixture[str]) -> None:
    write(BROKEN)
    assert main(["validate", "--format", "github"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "::error file=numbers.yaml,line=4,col=19,title=unquoted-number"
        '::YAML reads `+16505551234` as a number and drops its plus; quote it: "+16505551234"',
        "::error file=numbers.yaml,line=6,col=5,title=type"
        '::numbers.one.label: YAML reads 5 as a number, not as text; quote it: "5"',
    ]


ODD = """\
version: 1
agents: {a: {agent_name: a}}
numbers:
  one:
    phone_number: "+18615550123"
    provider: twilio
    agent: a
"""
UNKNOWN = Problem(
    rule="unknown-number",
    message=f'line "one": +18615550123 is of no area that libphonenumber {phonenumbers.__version__} knows',
    fix="compare it with what the carrier shows; where they are the same, there is nothing to do",
    file="numbers.yaml",
    line=5,
    column=5,
)
WARNED = str(replace(UNKNOWN, message=f"warning: {UNKNOWN.message}"))


def test_a_file_with_warnings_alone_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    write(ODD)
    assert main(["validate"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        WARNED,
        "numbers.yaml: 1 line (twilio 1), 0 trunks, 1 agent; no problems, 1 warning",
    ]


def test_warnings_stand_beside_problems(capsys: pytest.CaptureFixture[str]) -> None:
    write(f"{ODD}  two: {{provider: twilio}}\n")
    assert main(["validate"]) == 1
    *problems, warning, count = capsys.readouterr().out.splitlines()
    assert [line.split("[")[1].split("]")[0] for line in problems] == ["number-or-search", "unreachable"]
    assert (warning, count) == (WARNED, "2 problems, 1 warning")


def test_warnings_are_whole_objects_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write(ODD)
    assert main(["validate", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["problems"], [Problem(**warning) for warning in report["warnings"]]) == ([], [UNKNOWN])


def test_warnings_are_annotations_for_github(capsys: pytest.CaptureFixture[str]) -> None:
    write(ODD)
    assert main(["validate", "--format", "github"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"::warning file=numbers.yaml,line=5,col=5,title=unknown-number::{UNKNOWN.message}; {UNKNOWN.fix}",
        "numbers.yaml: 1 line (twilio 1), 0 trunks, 1 agent; no problems",
    ]


def test_an_annotation_cannot_be_ended_from_inside() -> None:
    problem = Problem(rule="a:b", message="100%\n::warning::x", fix="y\rz", file="a,b:c%.yaml", line=0, column=0)
    assert github("a", [problem], None) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=a%3Ab::100%25%0A::warning::x; y%0Dz"
    )


def test_a_file_name_cannot_drive_the_terminal() -> None:
    problem = Problem(rule="r", message="m", fix="f", file="\x1b[2J\n", line=1, column=1)
    assert text("\x1b[2J\n", [problem], None) == "\\x1b[2J\\n:1:1: m [r]; f\n1 problem"


def test_the_file_is_the_argument_else_the_environments_else_numbers_yaml(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numbers.yaml", "environment.yaml", "argument.yaml"):
        write("version: 1\nnumbers: {}\n", name)
    assert main(["validate"]) == 0
    monkeypatch.setenv("TRUNKLINE_INVENTORY", "environment.yaml")
    assert main(["validate"]) == 0
    assert main(["validate", "argument.yaml"]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "numbers.yaml",
        "environment.yaml",
        "argument.yaml",
    ]


def test_a_missing_file_is_a_problem_like_another(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "none.yaml"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "none.yaml: the inventory is not there [no-file]; name an existing file,"
        " or begin one as docs/numbers-yaml.md shows",
        "1 problem",
    ]


def test_it_opens_no_connection(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("validate opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    write(SOUND)
    assert main(["validate"]) == 0
    assert capsys.readouterr().out.endswith("no problems\n")


def test_the_schema_is_printed_as_it_stands_in_docs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--print-schema"]) == 0
    assert capsys.readouterr().out == schema.schema_text()
