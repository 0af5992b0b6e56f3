"""The events of `pulumi` are read as the engine writes them: one a line, whatever marks stand in their texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.in_pulumis_place import stand_in
from trunkline.cli import engine

# A next-line mark ends a line for `str.splitlines`, and the engine writes it as it is.
SAID = "before\x85after"
PULUMI = f"""\
event = {{"diagnosticEvent": {{"message": {SAID!r}, "severity": "warning"}}}}
print(json.dumps(event, ensure_ascii=False), file=log)
"""


def test_a_text_that_holds_what_ends_a_line_elsewhere_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = engine.run(("preview",), "", tmp_path, stand_in(PULUMI, tmp_path, monkeypatch))
    assert (found.notices, found.errors) == ((SAID,), ())
