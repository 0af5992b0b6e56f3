"""Several stacks by the commands: which are meant, what is refused, and one that fails beside one that does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.api.credentials import KEYS, key_file
from tests.state import fleet
from tests.state.state_file import checkpoint, put
from tests.support.waiting import SOON, until
from trunkline.api.auth.principal import Role
from trunkline.api.settings import ApiSettings
from trunkline.cli import audit
from trunkline.errors import SettingsError
from trunkline.state.opening import require_stacks

DEV, PROD = "organization/fleet/dev", "organization/fleet/prod"
SERVE = "import sys; from trunkline.cli.serve import main; sys.exit(main(sys.argv[1:]))"


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"PULUMI_BACKEND_URL": f"file://{folder}", **more}


def write(folder: Path, stack: str, data: bytes) -> None:
    put(folder, f".pulumi/stacks/fleet/{stack}.json", data)


@pytest.mark.parametrize(
    ("options", "more", "expected"),
    [
        ([DEV, PROD], {}, ["dev", "prod"]),
        ([], {"TRUNKLINE_STACK": f"{DEV} {PROD}"}, ["dev", "prod"]),
        ([PROD], {"TRUNKLINE_STACK": f"{DEV} {PROD}"}, ["prod"]),
        ([], {"PULUMI_STACK": DEV}, ["dev"]),
    ],
)
def test_stacks_are_those_of_the_options_or_of_the_environment(
    options: list[str], more: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    settings = ApiSettings.load(environ(tmp_path, **more), stacks=options, folder=tmp_path)
    assert [address.stack for address in settings.addresses] == expected


def test_two_stacks_of_one_name_are_refused_with_every_other_problem_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        ApiSettings.load(environ(tmp_path), stacks=[DEV, "organization/other/dev", "a/b/../c", "x"], folder=tmp_path)
    assert [problem.rule for problem in told.value.problems] == [
        *("stack-malformed", "project-missing", "stack-twice"),
    ]


def test_each_stack_that_does_not_exist_is_an_error_at_the_start(tmp_path: Path) -> None:
    write(tmp_path, "dev", checkpoint(fleet.LINES))
    settings = ApiSettings.load(environ(tmp_path), stacks=[DEV, PROD], folder=tmp_path)
    with pytest.raises(SettingsError) as told:
        require_stacks(settings.addresses)
    assert [problem.message for problem in told.value.problems] == [f"the backend holds no stack {PROD}"]


def test_the_command_serves_both_and_goes_on_where_one_state_breaks(tmp_path: Path) -> None:
    write(tmp_path, "dev", checkpoint(fleet.LINES))
    write(tmp_path, "prod", checkpoint((fleet.SALES,)))
    variables = {**os.environ, **environ(tmp_path, TRUNKLINE_KEYS_FILE=str(key_file(tmp_path)))}
    command = [sys.executable, "-c", SERVE, "--stack", DEV, "--stack", PROD, "--port", "0", "--cwd", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("Serving stacks dev, prod on http://127.0.0.1:")
        url, headers = said.split()[-1], {"X-API-Key": KEYS[Role.VIEWER]}
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=SOON) as api:
            until(lambda: api.get("/summary").json().get("byStack") == {"dev": 3, "prod": 1})
            write(tmp_path, "prod", b"{")
            until(lambda: [one["fault"] for one in api.get("/readyz").json()["stacks"]] == ["", "broken"])
            write(tmp_path, "dev", checkpoint((fleet.SALES, fleet.SUPPORT)))
            until(lambda: api.get("/summary").json()["byStack"] == {"dev": 2, "prod": 1})
        process.terminate()
        process.communicate(timeout=SOON)


def test_an_audit_of_several_names_each_and_one_that_cannot_be_read_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "dev", checkpoint((fleet.SALES,)))
    write(tmp_path, "prod", checkpoint((fleet.SUPPORT,)))
    options = ("--stack", DEV, "--stack", PROD, "--cwd", str(tmp_path))

    assert audit.main((*options, "--json"), environ(tmp_path)) == 2
    found = json.loads(capsys.readouterr().out)
    assert [(each["stack"], each["code"], each["lines"]) for each in found if each["lines"]] == [
        ("prod", "cost-unknown", ["support-de"]),
        ("prod", "removal-release", ["support-de"]),
    ]

    write(tmp_path, "prod", b"{")
    assert audit.main(options, environ(tmp_path)) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("stack dev:\n") and "prod" not in printed.out
    assert "stack prod could not be audited: " in printed.err
