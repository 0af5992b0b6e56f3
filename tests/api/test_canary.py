"""Secrets that are planted wherever one may come by, and looked for wherever something goes out."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.credentials import KEYS, token
from tests.api.serving import client, serve
from tests.api.test_matrix import EXAMPLES, LEAST
from tests.state import fleet
from tests.state.pulumi_stack import PulumiStack
from tests.support.waiting import SOON
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.state.process import ReaderProcess

IN_STATE, IN_CONFIG, IN_BODY, IN_BACKEND = "canary-state-1", "canary-config-2", "canary-body-3", "canary-backend-4"


@pytest.mark.engine
def test_no_secret_of_state_config_request_or_backend_goes_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / IN_BACKEND
    folder.mkdir()
    stack = PulumiStack.create(tmp_path, f"file://{folder}?metadata=skip")
    stack.pulumi("config", "set", "--secret", "password", IN_CONFIG)
    stack.apply(secrets={"sipPassword": IN_STATE})
    stack.apply((fleet.SALES,), held=[fleet.OFFICE], fails=True)
    forged, good = token(role="root"), token()
    seen: list[str] = []

    def note(answer: httpx.Response) -> None:
        seen.append(f"{answer.text} {dict(answer.headers)}")

    with serve(create_app(ReaderProcess(stack.address), credentials.auth(tmp_path))) as url:
        for role in (None, *Role):
            with client(url, role) as api:
                for path in [*(EXAMPLES.get(path, path) for path in LEAST), "/docs", "/openapi.json", "/nowhere"]:
                    note(api.get(path))
                    note(api.post(path, json={"auth_password": IN_BODY, "sip_address": "a.example"}))
                for form in ("csv", "ndjson", "xml"):
                    note(api.get(f"/sip?format={form}"))
        for update in httpx.get(f"{url}/history", headers={"X-API-Key": KEYS[Role.ADMIN]}, timeout=SOON).json()[
            "updates"
        ]:
            note(httpx.get(f"{url}/history/{update['id']}", headers={"X-API-Key": KEYS[Role.ADMIN]}, timeout=SOON))
        for bearer in (forged, good, KEYS[Role.ADMIN]):
            note(httpx.get(f"{url}/access", headers={"Authorization": f"Bearer {bearer}"}, timeout=SOON))
        folder.rename(tmp_path / "gone")
        note(httpx.get(f"{url}/readyz", timeout=SOON))
    printed = capfd.readouterr()
    everything = "\n".join([*seen, caplog.text, printed.out, printed.err])
    assert len(seen) > 100
    planted = [IN_STATE, IN_CONFIG, IN_BODY, IN_BACKEND, forged, good, credentials.JWT_SECRET, *KEYS.values()]
    assert [secret for secret in planted if secret in everything] == []
    assert "ciphertext" not in everything
    assert "encryptionsalt" not in everything
