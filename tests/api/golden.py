"""The golden bodies: `python -m tests.api.golden` writes them anew; tests only compare."""

from __future__ import annotations

import tempfile
from pathlib import Path

import httpx

from tests.api import credentials
from tests.api.conftest import ENTRIES, NOW, explain, search
from tests.api.serving import Fixed, client, serve
from trunkline.api import create_app
from trunkline.api.auth.principal import Role

FOLDER = Path(__file__).parents[1] / "golden" / "api"
BODIES = {
    "sip.json": (Role.DEVELOPER, "/sip"),
    "sip-viewer.json": (Role.VIEWER, "/sip"),
    "sip.csv": (Role.DEVELOPER, "/sip?format=csv"),
    "sip.ndjson": (Role.VIEWER, "/sip?format=ndjson"),
    "sip-then.json": (Role.VIEWER, "/sip?at=2026-01-01T12:00:00Z"),
    "sip-one.json": (Role.DEVELOPER, "/sip/sales-us"),
    "agents.json": (Role.VIEWER, "/agents"),
    "agent-numbers.json": (Role.VIEWER, "/agents/support/numbers"),
    "summary.json": (Role.DEVELOPER, "/summary"),
    "carriers.json": (Role.VIEWER, "/carriers"),
    "summary-viewer.json": (Role.VIEWER, "/summary"),
    "history.json": (Role.VIEWER, "/history"),
    "history-one.json": (Role.DEVELOPER, "/history/2"),
    "audit.json": (Role.DEVELOPER, "/audit"),
    "keys.json": (Role.ADMIN, "/keys"),
    "openapi.json": (Role.VIEWER, "/openapi.json"),
    "docs.html": (Role.VIEWER, "/docs"),
}


def body(url: str, name: str) -> bytes:
    """What the API answers now."""
    role, path = BODIES[name]
    with client(url, role) as api:
        answer: httpx.Response = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content


def main() -> None:
    """Write every body."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    auth = credentials.auth(Path(tempfile.mkdtemp(prefix="golden-")))
    with serve(create_app(Fixed(NOW, ENTRIES), auth, search, explain)) as url:
        for name in BODIES:
            (FOLDER / name).write_bytes(body(url, name))


if __name__ == "__main__":
    main()
