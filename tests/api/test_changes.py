"""What an update changed of a line is told item by item."""

from __future__ import annotations

from pathlib import Path

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.state.checkpoint import StackState

CALLERS = tuple(f"+1650555{number:04d}" for number in range(500))
LATER = (*CALLERS[:250], "+442071234567", *CALLERS[251:])


def state(callers: tuple[str, ...], **tags: str) -> StackState:
    line = fleet.SALES.model_copy(update={"allowed_callers": callers, "tags": tags})
    return StackState(outputs=fleet.outputs((line,)))


def test_one_caller_among_500_and_one_tag_are_all_that_the_history_tells(tmp_path: Path) -> None:
    before, now = state(CALLERS, team="growth", env="test"), state(LATER, team="growth", env="prod")
    app = create_app(Fixed(now, (entry(1, before, now),)), credentials.auth(tmp_path))
    expected = [
        {
            "line": "sales-us",
            "kind": "changed",
            "fields": {
                "tags": {"removed": {"env": "test"}, "added": {"env": "prod"}},
                "allowedCallers": {"removed": ["+16505550250"], "added": ["+442071234567"]},
            },
        }
    ]
    with serve(app) as url, client(url) as api:
        assert api.get("/history/1").json()["changes"] == expected
        assert [update["changes"] for update in api.get("/sip/sales-us/history").json()["updates"]] == [expected]
