"""`trunkline edit`: what each edit makes of the file, what it says, and that it writes whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from trunkline.cli.main import main
from trunkline.edit import file as files
from trunkline.errors import Refusal

FILE = """\
version: 1
agents:
  support: {agent_name: support-agent}
trunks:
  twilio-us: {provider: twilio, domain_name: acme.pstn.twilio.com, auth_username: u, auth_password: {secret: s}}
numbers:
  sales-us:   # ours
    provider: twilio
    phone_number: "+16505551234"
    agent: support
    label: Sales, US
    tags: {team: growth}
  support-us:
    provider: twilio
    search: {country: US, area_code: 650}
    agent: support
    removal: release
"""
NEXT = "`pulumi preview --diff` shows what it does.\n"
EDITS: dict[str, tuple[str, tuple[tuple[str, str], ...], str]] = {
    "map to an agent of the file": (
        "map-agent sales-us night --agent-name night-agent",
        (
            ("support-agent}\n", "support-agent}\n  night: {agent_name: night-agent}\n"),
            ("agent: support\n    label", "agent: night\n    label"),
        ),
        "",
    ),
    "a number that is known, for a new agent": (
        "add hotline --provider=twilio --phone-number=+14155550100 --agent=night --agent-name=n --label=Hot --adopt"
        " --tag team=ops --outbound --no-krisp-enabled --allowed-caller=+442071234567 --trunk=twilio-us",
        (
            ("support-agent}\n", "support-agent}\n  night: {agent_name: n}\n"),
            (
                "removal: release\n",
                "removal: release\n  hotline:\n    provider: twilio\n"
                '    phone_number: "+14155550100"\n    trunk: twilio-us\n'
                "    adopt: true\n    agent: night\n    label: Hot\n    tags: {team: ops}\n    krisp_enabled: false\n"
                "    outbound: true\n"
                '    allowed_callers: ["+442071234567"]\n',
            ),
        ),
        "",
    ),
    "a number to look for": (
        "add fr --provider=vonage --country=FR --type=mobile --contains=12* --area-code=06 --agent=support",
        (
            (
                "removal: release\n",
                "removal: release\n  fr:\n    provider: vonage\n"
                '    search: {country: FR, area_code: "06", type: mobile, contains: "12*"}\n    agent: support\n',
            ),
        ),
        "",
    ),
    "a trunk of one's own": (
        "register uk --phone-number=+442071234567 --sip-address=sip.example.com --transport=tls --auth-username=me"
        " --secret=ukPassword --agent=support --label=UK",
        (
            (
                "{secret: s}}\n",
                "{secret: s}}\n  uk:\n    provider: custom\n    sip_address: sip.example.com\n    transport: tls\n"
                "    auth_username: me\n    auth_password: {secret: ukPassword}\n",
            ),
            (
                "removal: release\n",
                'removal: release\n  uk:\n    phone_number: "+442071234567"\n    trunk: uk\n    agent: support\n'
                "    label: UK\n",
            ),
        ),
        "Its password is a config secret: `pulumi config set --secret trunkline:ukPassword`.\n",
    ),
    "keys of a line": (
        "set sales-us --label=Sales --krisp-enabled --no-outbound",
        (
            ("Sales, US", "Sales"),
            ("{team: growth}\n", "{team: growth}\n    krisp_enabled: true\n    outbound: false\n"),
        ),
        "",
    ),
    "a mark": (
        "release sales-us",
        (("{team: growth}\n", "{team: growth}\n    removal: release\n"),),
        "This is the first of two steps, and gives nothing away. Once it is applied (`pulumi up`), `trunkline edit"
        " release sales-us --remove` takes the line out of the file, and the update of that gives its number back for"
        " ever.\n",
    ),
    "a mark to keep": (
        "release sales-us --keep",
        (("{team: growth}\n", "{team: growth}\n    removal: keep\n"),),
        "This is the first of two steps, and gives nothing away. Once it is applied (`pulumi up`), `trunkline edit"
        " release sales-us --remove` takes the line out of the file, and the update of that leaves its number in the"
        " account, detached.\n",
    ),
    "the second step": (
        "release support-us --remove",
        ((FILE[FILE.index("  support-us") :], ""),),
        "The next `pulumi up` gives its number back for ever, where the mark was applied before; else the preview"
        " refuses it.\n",
    ),
    "another name": (
        "rename sales-us sales-america",
        (("  sales-us:   # ours\n", "  sales-america:   # ours\n    renamed_from: sales-us\n"),),
        "Leave `renamed_from` in the file until every stack of the line has applied it.\n",
    ),
    "what goes with the numbers": (
        "swap sales-us support-us",
        (
            ("    label: Sales, US\n    tags: {team: growth}\n", ""),
            ("removal: release\n", "removal: release\n    label: Sales, US\n    tags: {team: growth}\n"),
        ),
        "",
    ),
}
REFUSED = {
    "map-agent sales night": ('numbers.yaml has no line "sales". Nothing was written; did you mean sales-us?'),
    "map-agent sales-us night": (
        "after this edit numbers.yaml would not be sound (lines as in the edited file). Nothing was"
        ' written.\nnumbers.yaml:10:5: numbers.sales-us.agent: no agent "night" is declared'
        " [unknown-agent]; declare it under agents:, or known: support"
    ),
    "map-agent sales-us support --agent-name=x": (
        'numbers.yaml has agent "support" as support-agent already. Nothing was written. Leave'
        " --agent-name out, or choose another key."
    ),
    "add sales-us --phone-number=+14155550100": (
        'numbers.yaml has a line "sales-us" already. Nothing was written. Choose another name.'
    ),
    "rename sales-us support-us": (
        'numbers.yaml has a line "support-us" already. Nothing was written. Choose another name.'
    ),
    "register twilio-us --phone-number=+14155550100 --sip-address=a.b": (
        'numbers.yaml has a trunk "twilio-us" already. Nothing was written. For another line on it use'
        " `trunkline edit add LINE --phone-number=NUMBER --trunk=twilio-us`."
    ),
    "release sales-us --remove": (
        'line "sales-us" is not marked for removal in numbers.yaml. Nothing was written. First run'
        " `trunkline edit release sales-us`, and apply that (`pulumi up`)."
    ),
    "set sales-us": ("There is nothing to set. Nothing was written; `trunkline edit set --help` lists what can be."),
    "swap sales-us sales-us": ("A line is not swapped with itself. Nothing was written; name two lines."),
    "release sales-us --file=none.yaml": (
        "none.yaml cannot be read: No such file or directory. Nothing was written. Name the inventory by"
        " --file, or run this beside it."
    ),
}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)
    made = Path("numbers.yaml")
    made.write_text(FILE, encoding="utf-8")
    return made


def after(replaced: tuple[tuple[str, str], ...]) -> str:
    text = FILE
    for before, instead in replaced:
        assert text.count(before) == 1, before
        text = text.replace(before, instead)
    return text


def test_of_a_line_without_a_carrier_no_number_is_said_to_be_given_back(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = 'phone_number: "+442071234567", provider: custom, sip_address: pbx.example.com, agent: support'
    file.write_text(f"{FILE}  office: {{{office}, removal: release}}\n")
    assert main(["edit", "release", "office", "--remove"]) == 0
    printed = capsys.readouterr()
    assert "The next `pulumi up` takes it off LiveKit; its number is no carrier's" in printed.out + printed.err


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_writes_what_it_shows(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, replaced, notes = EDITS[name]

    dry = main(["edit", *command.split(), "--dry-run"])
    untouched, shown = file.read_text(encoding="utf-8"), capsys.readouterr().out
    wet = main(["edit", *command.split()])

    diff = files.difference(FILE, after(replaced), "numbers.yaml")
    assert (dry, untouched, wet, file.read_text(encoding="utf-8")) == (2, FILE, 0, after(replaced))
    assert shown == f"{diff}\n{notes}Nothing was written; without --dry-run numbers.yaml would be. {NEXT}"
    assert capsys.readouterr().out == f"{diff}\n{notes}numbers.yaml is written. {NEXT}"


@pytest.mark.parametrize("command", REFUSED)
def test_what_cannot_be_or_would_not_be_sound_is_refused_and_nothing_is_written(
    command: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", *command.split()]) == 1
    assert capsys.readouterr() == ("", f"trunkline edit: {REFUSED[command]}\n")
    assert file.read_text(encoding="utf-8") == FILE


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_what_the_file_says_already_is_no_change(
    options: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.stat()

    assert main(["edit", "release", "support-us", *options]) == 0
    assert capsys.readouterr().out == "numbers.yaml says so already; nothing was written.\n"
    assert file.stat() == before


def test_json_has_the_diff_the_notes_and_whether_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "map-agent", "support-us", "n", "--agent-name=n", "--json", "--dry-run"]) == 2
    added = ("support-agent}\n", "support-agent}\n  n: {agent_name: n}\n")
    changed = after((added, ("650}\n    agent: support", "650}\n    agent: n")))
    assert json.loads(capsys.readouterr().out) == {
        "file": "numbers.yaml",
        "files": ["numbers.yaml"],
        "written": False,
        "diff": files.difference(FILE, changed, "numbers.yaml"),
        "notes": [],
    }


def test_a_link_stays_one_and_the_file_keeps_its_mode(file: Path) -> None:
    real = file.rename("real.yaml")
    real.chmod(0o640)
    file.symlink_to(real)

    assert main(["edit", "release", "sales-us"]) == 0
    assert (file.is_symlink(), stat.S_IMODE(real.stat().st_mode)) == (True, 0o640)
    assert "removal: release\n  support-us" in real.read_text(encoding="utf-8")
    assert sorted(path.name for path in Path().iterdir()) == ["numbers.yaml", "real.yaml"]


def test_what_somebody_else_wrote_meanwhile_stays(file: Path) -> None:
    file.write_text(FILE + "# theirs\n", encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        files.write(file, FILE, "ours")

    assert str(refused.value) == (
        "numbers.yaml was changed by somebody else meanwhile. Nothing was written. Run the command again."
    )
    assert file.read_text(encoding="utf-8") == FILE + "# theirs\n"


def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(Refusal) as refused:
        files.write(file, FILE, "ours")

    assert str(refused.value) == "numbers.yaml cannot be written: No space left on device. It is as it was."
    assert {path.name: path.read_text(encoding="utf-8") for path in Path().iterdir()} == {"numbers.yaml": FILE}


@pytest.mark.parametrize("edit", ["map-agent", "register", "release", "rename", "add", "set", "swap"])
def test_every_edit_explains_itself_with_examples_and_its_exit_codes(
    edit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["edit", edit, "--help"])

    shown = capsys.readouterr().out
    assert (code, f"Usage: trunkline edit {edit}" in shown) == (0, True)
    assert f"examples:\n  trunkline edit {edit} " in shown
    assert "exit codes: 0 written, or the file says it already; 1 refused" in shown


@pytest.mark.parametrize("words", [[], ["none", "sales-us"], ["add"], ["add", "x", "--tag=none"]])
def test_wrong_arguments_are_an_error(words: list[str], file: Path) -> None:
    assert (main(["edit", *words]), file.read_text(encoding="utf-8")) == (1, FILE)
