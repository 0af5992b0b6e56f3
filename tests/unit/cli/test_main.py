"""The front door: picks a command, imports no other, and exits by the rules."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from trunkline.cli import main as front
from trunkline.cli.main import COMMANDS, Command, main
from trunkline.errors import Refusal

ROOT = Path(__file__).parents[3]


def refuse(arguments: Sequence[str]) -> int:
    raise Refusal(f"Not {arguments[0]}; say otherwise.")


def interrupt(arguments: Sequence[str]) -> int:
    raise KeyboardInterrupt


def test_help_names_every_command_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [
        name for name, command in COMMANDS.items() if f"  {name}" not in shown or command.summary not in shown
    ] == []


def test_no_command_is_an_error_that_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("usage: trunkline <command>")


def test_an_unknown_command_is_an_error_that_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["valdate"]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (
        "",
        'trunkline: there is no command "valdate"; `trunkline --help` lists them\n',
    )


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("trunkline 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_loaded_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        COMMANDS[name].load()(["--help"])
    assert caught.value.code == 0
    assert f"usage: trunkline {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_arguments_exit_with_1_since_2_means_findings(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--no-such-option"])
    assert caught.value.code == 1
    assert "usage: trunkline " in capsys.readouterr().err


def test_help_imports_no_commands_module() -> None:
    script = (
        "import sys; from trunkline.cli.main import main; main(['--help']);"
        "print([name for name in ('pydantic', 'yaml', 'phonenumbers', 'sandbox', 'pulumi') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("command", "code", "shown"),
    [("refuse", 1, "trunkline probe: Not this; say otherwise.\n"), ("interrupt", 130, "")],
)
def test_an_error_is_its_message_and_an_exit_code_never_a_traceback(
    command: str, code: int, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "COMMANDS", {"probe": Command(f"{__name__}:{command}", "for this test")})
    assert main(["probe", "this"]) == code
    assert capsys.readouterr().err == shown
