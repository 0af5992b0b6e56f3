"""Each code of the audit, and each reason of a dump, is explained, and each that a page explains can be found."""

from __future__ import annotations

import re

from tests.docs.pages import DRIFT, ROOT, Page
from trunkline.comparison import CODES
from trunkline.dump import Reason

API, AUDIT = Page("docs/api.md"), Page("docs/audit.md")
_CODE = re.compile(r'"((?:foreign|second|accepted|neighbour)-[a-z-]+)"')


def test_every_finding_about_neighbours_is_explained_where_it_is_looked_up() -> None:
    sources = [*(ROOT / "providers/dynamic/neighbours").glob("*.py"), ROOT / "trunkline/audit/checks.py"]
    codes = {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) == 9

    in_the_api = {code for row in API.rows("Findings") for code in re.findall(r"[a-z-]+", row[0])}
    in_drift = {code for row in DRIFT.rows("What stands beside ours") for code in re.findall(r"[a-z-]+", row[0])}
    assert codes - in_the_api == set()
    assert codes - in_drift == {"neighbour-accepted"}


def test_every_reason_of_a_dump_is_explained_and_no_other() -> None:
    page = (ROOT / "docs" / "existing-account.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \|", page.partition("## Reasons")[2], re.MULTILINE)

    assert told == [str(reason) for reason in Reason]


def test_every_finding_of_the_comparison_is_explained_with_its_severity_and_no_other() -> None:
    told = {row[0].strip("`"): row[1] for row in list(AUDIT.rows("Findings of the comparison"))[1:]}

    assert told == {code: str(severity) for code, severity in CODES.items()}


def test_every_code_of_the_comparison_is_in_its_checks_and_each_of_theirs_is_a_code() -> None:
    found = {
        code
        for path in (ROOT / "trunkline/comparison").glob("*.py")
        if path.name != "finding.py"
        for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text(encoding="utf-8"))
    }
    assert found - {"foreign-rule", "narrowed-rule", "second-trunk"} == set(CODES)
