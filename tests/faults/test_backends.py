"""Killed between a purchase and the save of its result, with the state in every kind of backend: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY
from tests.faults.inventory import NOTHING, SECRETS
from tests.faults.kill_scenes import SCENES
from tests.faults.kills import recover, strike
from tests.faults.points import WRITES, Moment, Point, Victim
from tests.faults.theatre import Theatre
from tests.state import backends
from toolchain.layout import Layout

pytestmark = pytest.mark.engine

PURCHASES = {write.vendor: write for write in WRITES if (write.scene, write.name) == ("create", "buy the number")}
AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@contextmanager
def compressed(path: Path, variable: str) -> Iterator[Mapping[str, str]]:
    (path / "compressed").mkdir()
    yield {"PULUMI_BACKEND_URL": f"file://{path}/compressed?metadata=skip", variable: "true"}


@contextmanager
def at(opened: AbstractContextManager[str]) -> Iterator[Mapping[str, str]]:
    with opened as url:
        yield {"PULUMI_BACKEND_URL": url, **AWS}


STORES: Mapping[str, Callable[[Path], AbstractContextManager[Mapping[str, str]]]] = {
    "gzip": lambda path: compressed(path, "PULUMI_DIY_BACKEND_GZIP"),
    "zstd": lambda path: compressed(path, "PULUMI_DIY_BACKEND_ZSTD"),
    "s3": lambda path: at(backends.bucket(path)),
    "postgres": lambda path: at(backends.database()),
}


@pytest.fixture(params=STORES)
def stage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Theatre]:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)  # the bucket is made with them too
    with STORES[request.param](tmp_path) as backend:
        stage = Theatre.open(tmp_path, NOTHING, backend, **SECRETS)
        try:
            yield stage
        finally:
            stage.close()


@pytest.mark.parametrize("checkpoints", [True, False], ids=["saved at each step", "saved at the end"])
def test_a_run_killed_between_purchase_and_save_is_healed_and_buys_each_number_once(
    stage: Theatre, checkpoints: bool
) -> None:
    vendor = "twilio" if checkpoints else "vonage"
    held = strike(stage, Point(PURCHASES[vendor], Moment.UNSAVED, Victim.BOTH, checkpoints), SCENES["create"].file)
    assert held is not None, "the run never came to the purchase"
    stage.cancel()
    assert not (stage.project.directory / "state/.pulumi").exists(), "the state is in another backend"

    assert recover(stage, SCENES["create"], checkpoints=checkpoints)[1] == ""
