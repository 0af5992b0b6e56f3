"""`trunkline plan --output FILE` writes a page whatever came of the preview, so that no earlier one stands for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.in_pulumis_place import stand_in
from trunkline.cli import plan
from trunkline.errors import TrunklineError

# Ends badly, with or without the word of why in its event log.
PULUMI = """\
print("error: no such backend\\n@octocat")
if os.environ["ERROR"]:
    print(json.dumps({"diagnosticEvent": {"severity": "error", "message": os.environ["ERROR"]}}), file=log, flush=True)
sys.exit(255)
"""
HEAD = "### Plan of stack prod: refused. Nothing was or will be changed.\n\n**Refused**\n\n"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return {**stand_in(PULUMI, tmp_path, monkeypatch), "ERROR": ""}


@pytest.mark.parametrize("named", [("--stack", "prod"), ("--stack", "acme/numbers/prod"), ()])
def test_a_plan_that_cannot_be_made_is_a_page_that_says_so(
    named: tuple[str, ...], environ: dict[str, str], tmp_path: Path
) -> None:
    page = tmp_path / "comment.md"
    page.write_text("### Plan of stack prod: nothing changes.\n", encoding="utf-8")
    with pytest.raises(TrunklineError, match="ended with 255"):
        plan.main([*named, "--format", "markdown", "--output", str(page)], {**environ, "PULUMI_STACK": "prod"})
    assert page.read_text(encoding="utf-8") == (
        f"{HEAD}- the plan could not be made: \\`pulumi preview\\` ended with 255. Nothing was changed. Its words:\n"
        "  - error: no such backend\n  - @&#8203;octocat\n"
    )


def test_a_program_that_ends_before_any_resource_is_a_page_of_its_stack(
    environ: dict[str, str], tmp_path: Path
) -> None:
    page = tmp_path / "comment.md"
    words = ["--stack", "prod", "--format", "markdown", "--output", str(page)]
    assert plan.main(words, {**environ, "ERROR": "no setting"}) == 1
    assert page.read_text(encoding="utf-8") == f"{HEAD}- no setting\n"


def test_as_json_it_is_a_page_too(environ: dict[str, str], tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    with pytest.raises(TrunklineError):
        plan.main(["--stack", "prod", "--json", "--output", str(page)], environ)
    told = json.loads(page.read_text(encoding="utf-8"))
    assert (told["stack"], told["verdict"]) == ("prod", "refused")
    assert told["refused"][0].startswith("the plan could not be made: `pulumi preview` ended with 255.")
