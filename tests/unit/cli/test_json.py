"""`--json` everywhere: every command that gives data has it, and prints one object and nothing beside it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import click
import pytest

from tests.unit.approval.test_saved import PLAN
from tests.unit.cli.account import Account, Answers
from tests.unit.cli.in_pulumis_place import stand_in
from tests.unit.cli.test_dump import NUMBER, UNREAD, reading
from tests.unit.cli.test_init import BOTH, FILES
from tests.unit.cli.test_main import EVERY
from trunkline.approval import NOT_APPROVED
from trunkline.cli import apply, dump, keys, plan
from trunkline.cli.main import front, main

ROOT = Path(__file__).parents[3]
# A command without it -> what it prints in its place.
WITHOUT = {
    ("edit",): "a command of commands",
    ("keys",): "a command of commands",
    ("serve",): "what it says is a log; the data is what it serves",
    ("sandbox",): "shell commands, to be pasted",
    ("completion",): "a program of the shell's",
}
# Tells the errors that it is to tell, in its event log, and shows progress.
PULUMI = """\
print("progress of the engine")
for error in json.loads(os.environ["ERRORS"]):
    print(json.dumps({"diagnosticEvent": {"severity": "error", "message": error}}), file=log, flush=True)
sys.exit(1 if json.loads(os.environ["ERRORS"]) else 0)
"""
MOVED = f"{NOT_APPROVED} in plan.json: 1 moved since."


def option_of(words: tuple[str, ...]) -> bool:
    command: click.Command = front
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return any("--json" in parameter.opts for parameter in command.params)


def printed(capfd: pytest.CaptureFixture[str]) -> Any:
    """Give the object that standard output is; standard error must be empty."""
    out, err = capfd.readouterr()
    assert err == ""
    return json.loads(out)


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    stand_in(PULUMI, tmp_path, monkeypatch)
    file = tmp_path / "plan.json"
    file.write_text(PLAN.write(), encoding="utf-8")
    return file


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_it_but_those_that_give_no_data(words: tuple[str, ...]) -> None:
    assert option_of(words) is (words not in WITHOUT)


def test_the_documents_say_of_each_what_the_object_has() -> None:
    _, _, section = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("\n## JSON\n")
    told = re.findall(r"^\| `trunkline ([a-z -]+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert [tuple(words.split()) for words in told if "--" not in words and words != "edit"] == [
        words for words in EVERY if words not in WITHOUT and words[0] != "edit"
    ]


@pytest.mark.parametrize(
    ("errors", "code", "outcome"), [([], 0, "applied"), ([MOVED], 2, "moved"), (["no such number"], 1, "failed")]
)
def test_apply_says_what_came_of_it_and_shows_no_progress(
    errors: list[str], code: int, outcome: str, saved: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {**os.environ, "ERRORS": json.dumps(errors)}
    assert apply.main([str(saved), "--json"], environ) == code
    assert printed(capfd) == {"stack": "prod", "file": str(saved), "outcome": outcome, "errors": errors}


@pytest.mark.parametrize(
    ("errors", "code", "outcome"), [([], 0, "approved"), ([MOVED], 2, "moved"), (["no such number"], 1, "failed")]
)
def test_a_check_says_whether_a_plan_is_still_what_was_approved(
    errors: list[str], code: int, outcome: str, saved: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {**os.environ, "ERRORS": json.dumps(errors)}
    assert plan.main(["--check", str(saved), "--json"], environ) == code
    assert printed(capfd) == {"stack": "prod", "file": str(saved), "outcome": outcome, "errors": errors}


@pytest.mark.parametrize("text", [None, "{}", PLAN.write().replace("ab12", "cd34")])
@pytest.mark.parametrize("command", [("plan", "--check"), ("apply",)], ids=" ".join)
def test_a_plan_that_cannot_be_read_failed_as_any_other_error(
    command: tuple[str, ...], text: str | None, saved: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    saved.unlink() if text is None else saved.write_text(text, encoding="utf-8")
    assert main([*command, str(saved), "--json"], dict(os.environ)) == 1
    told = printed(capfd)
    assert {**told, "errors": []} == {"stack": "", "file": str(saved), "outcome": "failed", "errors": []}
    [error] = told["errors"]
    assert error.startswith(f"{saved}: ") and "nothing was changed" in error


def test_a_key_is_printed_with_what_the_file_has_of_it_and_revoked_without_the_key(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys.json"
    words = ["--file", str(file)]
    assert keys.main([*words, "create", "--role", "viewer", "--name", "ci", "--json"], {}) == 0
    made = printed(capfd)
    assert keys.main([*words, "list", "--json"], {}) == 0
    [kept] = printed(capfd)["keys"]
    assert made == {**kept, "file": str(file), "key": made["key"]}
    assert len(made["key"]) > 30
    assert keys.main([*words, "revoke", "ci", "--json"], {}) == 0
    assert printed(capfd) == {**kept, "file": str(file)}


def test_a_dump_says_what_the_file_has_and_what_is_no_line_with_its_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "numbers.yaml"
    assert dump.main(["-o", str(file), "--json"], {}, reading) == 0
    expected = {
        "file": str(file),
        "lines": [{"name": "pbx", "number": NUMBER, "notes": []}],
        "leftOut": [
            {
                "what": "+447400123456",
                "reason": "no-trunk",
                "says": "no inbound trunk at LiveKit has it",
                "detail": "at vonage",
            }
        ],
        "along": [],
        "unread": ["twilio"],
        "secrets": [
            {
                "name": "pbxTrunkPassword",
                "what": "of user pbx at ST_2",
                "command": "pulumi config set --secret trunkline:pbxTrunkPassword",
            }
        ],
    }
    assert printed(capfd) == expected
    assert UNREAD in file.read_text(encoding="utf-8")
    text = "\n".join(file.read_text(encoding="utf-8").splitlines()) + "\n"

    assert dump.main(["--json"], {}, reading) == 0
    assert printed(capfd) == {**expected, "file": None, "text": text}


def test_init_says_which_files_it_wrote_and_what_comes_next(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    account = Account(tmp_path / "numbers")
    assert account.init(*BOTH, "--all", "--json") == 0
    shown = printed(capfd)
    assert sorted(shown.pop("written")) == FILES
    assert shown == {
        "folder": str(account.folder),
        "next": [
            f"cd {account.folder}",
            "git init --initial-branch main",
            "make setup",
            ". .tools/env.sh",
            "pulumi stack init prod",
            "pulumi config set --secret trunkline:deskTrunkPassword",
            "pulumi preview --diff",
        ],
    }


def test_init_asks_nothing_among_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    account, answers = Account(tmp_path / "numbers"), Answers("twilio", "all")
    assert account.init("--json", answers=answers) == 1
    assert "so this is needed: --provider, one of --all, --only, --nothing" in capfd.readouterr().err
    assert answers.asked == []


def test_init_shows_no_preview_among_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    account = Account(tmp_path / "numbers")
    assert account.init(*BOTH, "--all", "--json", "--preview") == 1
    assert "--json and --preview exclude one another" in capfd.readouterr().err
    assert not account.folder.exists()
