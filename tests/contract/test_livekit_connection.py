"""How the LiveKit vendor holds its connection: lazily, through proxies, and without a trace at the end."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from providers.livekit import connect
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, Target, impatient, sandbox_settings

ROOT = Path(__file__).resolve().parents[2]
LISTS_WITHOUT_CLOSING = """
import sys
from providers.calls import Policy
from providers.livekit import connect
from tests.support.livekit_target import sandbox_settings
print(list(connect(sandbox_settings(sys.argv[1]), Policy()).adapters["InboundTrunk"].list()))
"""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("wss://Acme.livekit.cloud", "acme.livekit.cloud"),
        ("http://127.0.0.1:7880", "127.0.0.1:7880"),
        ("https://user:word@livekit.example/base", "livekit.example"),
    ],
)
def test_a_vendor_is_known_by_its_host(url: str, host: str) -> None:
    assert connect(sandbox_settings(url), impatient()).host == host


def test_a_vendor_has_the_adapters_of_its_kinds_and_starts_nothing() -> None:
    threads = threading.active_count()
    vendor = connect(sandbox_settings("http://livekit.invalid"), impatient())
    assert {kind: (adapter.kind, tuple(adapter.secret)) for kind, adapter in vendor.adapters.items()} == {
        "InboundTrunk": ("InboundTrunk", ("authPassword",)),
        "OutboundTrunk": ("OutboundTrunk", ("authPassword",)),
        "DispatchRule": ("DispatchRule", ("pin", "egressSecrets")),
        "CallerRule": ("CallerRule", ("pin", "egressSecrets")),
    }
    vendor.close()
    assert threading.active_count() == threads


def test_a_closed_vendor_ends_its_thread_and_opens_again_when_used() -> None:
    with SandboxServer(Sandbox()) as server:
        others = set(threading.enumerate())
        vendor = Target(sandbox_settings(server.url)).connect()
        created = vendor.adapters["OutboundTrunk"].create(DESIRED["OutboundTrunk"])
        vendor.close()
        assert "livekit" not in [thread.name for thread in {*threading.enumerate()} - others]
        assert list(vendor.adapters["OutboundTrunk"].list()) == [created]
        vendor.close()


def test_requests_take_the_proxy_of_the_environment_whatever_netrc_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with SandboxServer(Sandbox()) as server:
        monkeypatch.setenv("http_proxy", server.url)
        vendor = Target(sandbox_settings("ws://livekit.invalid")).connect()
        created = vendor.adapters["OutboundTrunk"].create(DESIRED["OutboundTrunk"])
        assert list(vendor.adapters["OutboundTrunk"].list()) == [created]
        vendor.close()


def test_a_process_that_ends_without_closing_says_nothing() -> None:
    with SandboxServer(Sandbox()) as server:
        command = [sys.executable, "-X", "dev", "-c", LISTS_WITHOUT_CLOSING, server.url]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "[]\n", "")


class Never:
    """What is awaited and does not come."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class WaitingSession:
    timeout = None

    @asynccontextmanager
    async def post(self, url: str, **request: object) -> AsyncIterator[None]:
        await Never()
        yield


def test_a_transport_that_waits_is_refused() -> None:
    vendor = Target(sandbox_settings("http://sandbox"), WaitingSession()).connect()
    with pytest.raises(RuntimeError, match="must answer at once"):
        vendor.adapters["InboundTrunk"].list()
