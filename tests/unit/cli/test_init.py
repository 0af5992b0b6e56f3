"""`trunkline init`: which files it makes, whom it asks, and what it leaves alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import trunkline
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.faults import Fault
from tests.unit.cli.account import PASSWORD, Account, Answers
from trunkline.errors import Refusal

ROOT = Path(__file__).parents[3]
FILES = [
    ".githooks/pre-commit",
    ".github/workflows/numbers.yml",
    ".gitignore",
    ".tools/env.sh",
    "Makefile",
    "Pulumi.yaml",
    "numbers.schema.json",
    "numbers.yaml",
    "requirements.txt",
    "stacks/__main__.py",
]
BOTH = ("--provider", "twilio", "--provider", "vonage")


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path / "My numbers")


def test_the_repository_has_all_that_it_needs_and_the_next_commands_are_said(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account.init(*BOTH, "--all") == 0

    assert account.written() == FILES
    assert account.numbers() == ["+16505551001", "+33199001234"]
    text = (account.folder / "numbers.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=numbers.schema.json\n# Dumped from livekit ")
    assert (account.folder / "Pulumi.yaml").read_text().startswith("name: my-numbers\n")
    assert (account.folder / "requirements.txt").read_text().endswith(f"\ntrunkline=={trunkline.__version__}\n")
    assert (account.folder / "stacks/__main__.py").read_text() == "from stacks.program import main\nmain()\n"
    assert [name for name in FILES if os.access(account.folder / name, os.X_OK)] == [".githooks/pre-commit"]
    assert capsys.readouterr().out == (
        f"{account.folder}: 10 files written\n"
        "2 numbers are lines, 0 are not:\n  (none)\n"
        "pulumi config set --secret trunkline:deskTrunkPassword\n"
        "Next:\n"
        f"  cd '{account.folder}'\n"
        "  git init --initial-branch main\n"
        "  make setup\n"
        "  . .tools/env.sh\n"
        "  pulumi stack init prod\n"
        "  pulumi config set --secret trunkline:deskTrunkPassword\n"
        "  pulumi preview --diff\n"
    )


def test_no_file_has_a_secret(account: Account) -> None:
    account.init(*BOTH, "--all")

    secrets = (PASSWORD, TWILIO.auth_token, VONAGE.api_secret, LIVEKIT.api_secret)
    written = {name: (account.folder / name).read_text() for name in FILES}
    assert [(name, secret) for name, text in written.items() for secret in secrets if secret in text] == []


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        (("--provider", "twilio", "--only", "+1650*"), ["+16505551001"]),
        (("--provider", "custom", "--all"), ["+33199001234"]),
        (("--provider", "custom", "--nothing"), []),
    ],
)
def test_what_is_managed_is_chosen(account: Account, arguments: tuple[str, ...], numbers: list[str]) -> None:
    account.init(*arguments)

    assert account.numbers() == numbers


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ((), "--provider, one of --all, --only, --nothing"),
        (("--all",), "--provider"),
        (("--provider", "twilio"), "one of --all, --only, --nothing"),
    ],
)
def test_without_a_terminal_a_missing_flag_is_named_and_nothing_is_asked(
    account: Account, arguments: tuple[str, ...], missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account.init(*arguments) == 1

    assert capsys.readouterr().err.endswith(f"Error: there is no terminal to ask at, so this is needed: {missing}\n")
    assert not account.folder.exists()


def test_without_a_terminal_all_missing_credentials_are_named(account: Account) -> None:
    with pytest.raises(Refusal) as caught:
        account.init(*BOTH, "--all", LIVEKIT_URL="", VONAGE_API_KEY="", VONAGE_API_SECRET="")

    assert str(caught.value) == (
        "the environment lacks what reaches these vendors (livekit: LIVEKIT_URL; vonage: VONAGE_API_KEY,"
        " VONAGE_API_SECRET). Nothing was written. Export them."
    )


def test_a_terminal_is_asked_for_what_no_flag_and_no_variable_says(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = Answers("twilo", "twilio", "+1650*", "wss://sandbox", "key", "secret", "sip:sandbox", "AC1", "token")

    assert account.init(answers=answers) == 0

    which = "Carriers with numbers of yours [twilio vonage; empty for none]: "
    assert answers.asked == [
        which,
        which,
        "Manage all that is there, nothing yet, or numbers, trunks and agents like a pattern"
        " [all, nothing, +1650* …]: ",
        "LIVEKIT_URL: ",
        "LIVEKIT_API_KEY: ",
        "(hidden) LIVEKIT_API_SECRET: ",
        "LIVEKIT_SIP_URI: ",
        "TWILIO_ACCOUNT_SID: ",
        "(hidden) TWILIO_AUTH_TOKEN: ",
    ]
    assert account.numbers() == ["+16505551001"]
    captured = capsys.readouterr()
    assert "unknown: twilo\n" in captured.err
    assert "  export LIVEKIT_API_KEY LIVEKIT_API_SECRET LIVEKIT_SIP_URI LIVEKIT_URL TWILIO_ACCOUNT_SID" in captured.out


def test_answers_that_end_early_leave_nothing(account: Account) -> None:
    with pytest.raises(Refusal, match=r"ended before the questions did\. Nothing was written\.$"):
        account.init(answers=Answers("twilio"))

    assert not account.folder.exists()


def test_files_in_the_way_are_all_named_before_anybody_is_asked(account: Account) -> None:
    account.folder.mkdir()
    for name in ("Makefile", "numbers.yaml", "stacks"):
        (account.folder / name).write_text("mine")
    answers = Answers()

    with pytest.raises(Refusal, match=r"say something else: stacks/__main__\.py, Makefile, numbers\.yaml\. Nothing"):
        account.init(answers=answers)

    assert answers.asked == []
    assert account.written() == ["Makefile", "numbers.yaml", "stacks"]


def test_an_inventory_of_somebody_else_is_not_overwritten(account: Account) -> None:
    account.folder.mkdir()
    (account.folder / "numbers.yaml").write_text("mine")

    with pytest.raises(Refusal, match=r"say something else: numbers\.yaml\. Nothing was written"):
        account.init(*BOTH, "--all")

    assert account.written() == ["numbers.yaml"]


def test_a_place_where_no_folder_can_be_is_called_so(account: Account) -> None:
    file = account.folder
    file.write_text("mine")
    account.folder = file / "fleet"

    with pytest.raises(Refusal) as refused:
        account.init(*BOTH, "--nothing")

    assert str(refused.value) == (
        f"{account.folder} can be no folder: {file} is none. Nothing was written. Name another folder."
    )


def test_an_interrupted_run_goes_on(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.init(*BOTH, "--all")
    first = {name: (account.folder / name).read_text() for name in FILES}
    for name in ("numbers.yaml", "numbers.schema.json", ".gitignore"):
        (account.folder / name).unlink()
    capsys.readouterr()

    assert account.init(*BOTH, "--all") == 0

    assert {name: (account.folder / name).read_text() for name in account.written()} == first
    assert capsys.readouterr().out.startswith(f"{account.folder}: 3 files written\n")
    assert account.init(*BOTH, "--all") == 0
    assert capsys.readouterr().out.startswith(f"{account.folder}: everything was there already\n")


def test_every_key_that_gets_no_listing_is_named_and_nothing_is_written(account: Account) -> None:
    for vendor in ("livekit", "twilio"):
        account.world.sandbox.faults.add(Fault(action="status", vendor=vendor, status=401, times=9))

    with pytest.raises(Refusal) as caught:
        account.init(*BOTH, "--nothing")

    head, *told = str(caught.value).splitlines()
    assert head == "no listing came with these keys, so nothing was written:"
    assert [line.partition(":")[0] for line in told] == ["livekit", "twilio"]
    assert not account.folder.exists()


def test_the_workflow_of_a_ci_is_the_one_that_the_documents_show(account: Account) -> None:
    account.init(*BOTH, "--nothing", "--ci", "gitlab")
    at_gitlab = account.written()

    assert (account.folder / ".gitlab-ci.yml").read_text() == (ROOT / "docs/ci/gitlab.yml").read_text()
    assert ".github/workflows/numbers.yml" not in at_gitlab


@pytest.mark.parametrize("name", ["Numbers", "a" * 25, "1st", "a/b", ""])
def test_a_name_that_has_no_room_in_a_tag_is_refused(
    account: Account, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account.init(*BOTH, "--nothing", "--project", name) == 1
    assert f"{name!r} is not small letters, digits and hyphens, at most 24, a letter first" in capsys.readouterr().err


PULUMI = """\
#!/bin/sh
echo "$* $PULUMI_SKIP_CHECKPOINTS $PULUMI_PYTHON_CMD ${PULUMI_BACKEND_URL##*/} $PWD" >> "$CALLS"
exit "$CODE"
"""


@pytest.mark.parametrize(("code", "calls"), [(0, ["stack", "preview"]), (7, ["stack"])])
def test_the_first_preview_is_shown_with_what_env_sh_sets(
    account: Account, tmp_path: Path, code: int, calls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in, told = tmp_path / "bin/pulumi", tmp_path / "calls"
    stand_in.parent.mkdir()
    stand_in.write_text(PULUMI)
    stand_in.chmod(0o755)
    path = f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}"

    ended = account.init(
        "--provider", "twilio", "--only", "+1650*", "--preview", PATH=path, CALLS=str(told), CODE=str(code)
    )

    with_what = f"1 {sys.executable} .pulumi-state?metadata=skip {account.folder}"
    commands = {"stack": "stack select --create prod", "preview": "preview --diff --stack prod"}
    assert told.read_text().splitlines() == [f"{commands[call]} {with_what}" for call in calls]
    assert ended == (1 if code else 0)


def test_a_preview_waits_for_the_passwords(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert account.init(*BOTH, "--all", "--preview") == 0

    assert "No preview yet: the passwords come first.\nNext:\n" in capsys.readouterr().out
