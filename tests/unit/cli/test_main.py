"""The front door: picks a command, imports no other, and exits by the rules."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from trunkline.cli import main as module
from trunkline.cli.command import run
from trunkline.cli.main import COMMANDS, Entry, front, main
from trunkline.errors import Refusal
from trunkline.state.store import NoPulumi, Unreachable

ROOT = Path(__file__).parents[3]


@click.command()
@click.argument("what")
def refuse(what: str) -> int:
    raise Refusal(f"Not {what}; say otherwise.")


@click.command()
@click.argument("what")
def interrupt(what: str) -> int:
    raise KeyboardInterrupt


def every_command(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the words of every command, those of commands too."""
    if words:
        yield words
    if isinstance(command, click.Group):
        with click.Context(command, obj={}) as context:
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                yield from every_command(below, (*words, name))


EVERY = list(every_command(front))


def test_help_names_every_command_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [
        name for name, command in COMMANDS.items() if f"  {name}" not in shown or command.summary not in shown
    ] == []


def test_no_command_is_an_error_that_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("Usage: trunkline [OPTIONS] COMMAND")


def test_an_unknown_command_is_an_error_that_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["valdate"]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (
        "",
        "Usage: trunkline [OPTIONS] COMMAND [ARGS]...\nTry 'trunkline --help' for help.\n\n"
        "Error: No such command 'valdate'. Did you mean 'validate'?\n",
    )


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("trunkline 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_loaded_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(COMMANDS[name].load(), ["--help"], {}) == 0
    assert f"Usage: trunkline {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_the_help_of_every_command_has_examples_of_it_and_its_exit_codes(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    _, _, examples = shown.partition("\nexamples:\n")
    assert f"trunkline {' '.join(words)}" in examples
    assert "\nexit codes: 0 " in examples


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_arguments_exit_with_1_since_2_means_findings(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--no-such-option"]) == 1
    assert f"Usage: trunkline {name} " in capsys.readouterr().err


def test_help_imports_no_commands_module() -> None:
    script = (
        "import sys; from trunkline.cli.main import main; main(['--help']);"
        "print([name for name in ('pydantic', 'yaml', 'phonenumbers', 'sandbox', 'pulumi') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_imports_little_beside_what_click_needs() -> None:
    # Without `site`: what it loads for an editable install would hide what we load.
    script = (
        "import sys, click; there = set(sys.modules); from trunkline.cli.main import main; main(['--help']);"
        "ours = {name for name in sys.modules if name.startswith('trunkline')};"
        "print(sorted(ours), sorted({'dataclasses', 'pathlib', 'select', 'signal'} & (sys.modules.keys() - there)))"
    )
    places = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    ours = ["trunkline", "trunkline.cli", "trunkline.cli.command", "trunkline.cli.main"]
    assert done.stdout.splitlines()[-1] == f"{ours} []"


def test_an_option_of_several_words_takes_all_up_to_the_next_option(tmp_path: Path) -> None:
    file = tmp_path / "numbers.yaml"
    file.write_text("version: 1\nagents: {a: {agent_name: a}}\nnumbers: {}\n", encoding="utf-8")
    words = ["--stacks", "dev", "prod", "--agent", "a", "--file", str(file)]
    assert main(["edit", "add", "desk", "--provider=twilio", "--country=US", *words]) == 0
    assert "stacks: [dev, prod]" in file.read_text(encoding="utf-8")


def test_the_help_starts_within_five_times_a_bare_python() -> None:
    def fastest(*arguments: str) -> float:
        times = []
        for _ in range(9):
            process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
            _, process.returncode, used = os.wait4(process.pid, 0)
            assert process.returncode == 0
            times.append(used.ru_utime + used.ru_stime)
        return min(times)

    # What the processor did, the fastest of several: whatever else the machine does makes single runs take longer.
    ratios = [fastest("-m", "trunkline.cli.main", "--help") / fastest("-c", "pass") for _ in range(3)]
    assert min(ratios) <= 5


@pytest.mark.parametrize(
    ("command", "code", "shown"),
    [("refuse", 1, "trunkline probe: Not this; say otherwise.\n"), ("interrupt", 130, "")],
)
def test_an_error_is_its_message_and_an_exit_code_never_a_traceback(
    command: str, code: int, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMMANDS", {"probe": Entry(f"{__name__}:{command}", "for this test")})
    assert main(["probe", "this"]) == code
    assert capsys.readouterr().err == shown


@pytest.mark.parametrize("arguments", [("completion", "bash"), ("history", "--help"), ("--help",)])
def test_whoever_stops_reading_ends_it_without_a_word(arguments: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "trunkline.cli.main", *arguments], cwd=ROOT, stdout=writes, stderr=subprocess.PIPE
        )
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("arguments", [("completion", "bash"), ("history", "--help"), ("--help",)])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_has_no_room_is_an_error_of_one_line(arguments: tuple[str, ...], unbuffered: str) -> None:
    done = shell('"$@" > /dev/full', *arguments, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stdout + done.stderr) == (
        1,
        f"trunkline {arguments[0]}: not all could be written: No space left on device. What was done before it stands."
        " Make room, or send the output elsewhere, then run it again.\n",
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", [("validate", "probe.yaml"), ("nope",), ("completion", "bash")])
def test_a_closed_stream_changes_neither_the_exit_code_nor_what_the_others_get(
    arguments: tuple[str, ...], closed: str
) -> None:
    done, usual = shell(f'"$@" {closed}', *arguments), shell('"$@"', *arguments)
    out, err = ("" if " >&-" in f" {closed}" else usual.stdout), ("" if "2>&-" in closed else usual.stderr)
    assert (done.returncode, done.stdout, done.stderr) == (usual.returncode, out, err)


def test_a_path_that_the_system_refuses_is_named_with_its_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @click.command()
    def write_there() -> int:
        (tmp_path / "none" / "file").write_text("")
        return 0

    monkeypatch.setattr(Entry, "load", lambda entry: write_there)
    assert main(["history"], {}) == 1
    assert capsys.readouterr().err == f"trunkline history: {tmp_path}/none/file: No such file or directory\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            Unreachable("the database does not answer: OperationalError"),
            "the database does not answer: OperationalError. Nothing was changed. Check PULUMI_BACKEND_URL, or what"
            " `pulumi login` chose, and that the backend's login is in the environment here.",
        ),
        (
            NoPulumi("the command `pulumi` is not on PATH"),
            "the command `pulumi` is not on PATH. Nothing was changed. Put it there: `. .tools/env.sh` after"
            " `make setup`.",
        ),
    ],
)
def test_a_backend_that_does_not_answer_is_told_with_what_to_do(
    error: Exception, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def ask() -> int:
        raise error

    monkeypatch.setattr(Entry, "load", lambda entry: ask)
    assert main(["history"], {}) == 1
    assert capsys.readouterr().err == f"trunkline history: {told}\n"


def test_a_backend_that_is_no_url_is_called_so_and_not_shown() -> None:
    done = shell('"$@"', "audit", "--stack", "organization/b/c", PULUMI_BACKEND_URL="Canary-Password")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "trunkline audit: PULUMI_BACKEND_URL is no URL [backend-malformed]; set it to one such as file://…, s3://… or"
        " https://api.pulumi.com\n",
    )


def shell(line: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the arguments in a shell's line, in which "$@" stands for it."""
    command = ("sh", "-c", line, "sh", sys.executable, "-m", "trunkline.cli.main", *arguments)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **variables})


def test_a_pipe_of_its_own_that_breaks_is_an_error_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def break_a_pipe() -> int:
        raise BrokenPipeError

    monkeypatch.setattr(Entry, "load", lambda entry: break_a_pipe)
    with pytest.raises(BrokenPipeError):
        main(["history"], {})
