"""How many calls are under way at once, under both launchers: as many as we say, not as the SDK's server does."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from providers.dynamic.workers import WORKERS, widen
from sandbox import SandboxServer
from sandbox.environment import environment
from tests.wire.provider_process import ProviderProcess

PATIENCE = 60  # seconds
# A provider of the stack's own kind, whose creates end when enough of them are under way.
COMPANY = f"""
import threading
from pulumi.dynamic import CheckResult, CreateResult
from providers.dynamic.provider import TrunklineProvider
gate = threading.Barrier({WORKERS})
class Company(TrunklineProvider):
    def check(self, olds, news):
        return CheckResult(news, [])
    def create(self, props):
        gate.wait(timeout={PATIENCE})
        return CreateResult(props["name"], props)
"""
PICKLED = base64.b64encode(b"ccompany\nCompany\n)\x81.").decode()


@pytest.mark.parametrize("launcher", ["ours", "official"])
def test_as_many_calls_as_we_say_are_under_way_at_once(launcher: str, server: SandboxServer, tmp_path: Path) -> None:
    (tmp_path / "company.py").write_text(COMPANY)
    names = [str(number) for number in range(WORKERS)]
    with ProviderProcess(launcher, tmp_path, environment(server.url)) as process:
        process.configure()
        process.check("Company", {"name": "first"}, pickled=PICKLED)  # the engine's first call, before any create
        with ThreadPoolExecutor(WORKERS) as callers:
            made = callers.map(lambda name: process.create("Company", {"name": name}, pickled=PICKLED)[0], names)
            assert list(made) == names


def test_an_executor_that_does_not_run_the_call_keeps_its_limit() -> None:
    with ThreadPoolExecutor(2) as ours, ThreadPoolExecutor(3) as another:
        another.submit(print).result()
        ours.submit(widen, 5).result()
        assert (ours._max_workers, another._max_workers) == (5, 3)
    widen(7)
