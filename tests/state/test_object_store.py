"""States in Google's and Azure's buckets, read with the credentials that Pulumi takes from the environment."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.state import buckets, fleet
from tests.state.state_file import LOCK, STATE, checkpoint, put
from trunkline.state.object_store import ObjectStore
from trunkline.state.opening import open_backend
from trunkline.state.publication import Frame, Recorded, Status
from trunkline.state.reader import Reader
from trunkline.state.row import Row
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, Unreachable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@dataclass(frozen=True)
class Service:
    """A stand-in, and by its URL: a backend in it, the environment that opens it. `wrong` does not open it."""

    served: Callable[[Path], AbstractContextManager[str]]
    backend: Callable[[str], str]
    environ: Callable[[str], Mapping[str, str]]
    wrong: Mapping[str, str]


SERVICES = {
    "google": Service(
        served=buckets.google,
        backend=lambda url: "gs://state/team/a",
        environ=lambda url: {"GOOGLE_OAUTH_ACCESS_TOKEN": buckets.TOKEN, "GOOGLE_BASE_URL": url},
        wrong={"GOOGLE_OAUTH_ACCESS_TOKEN": "another"},
    ),
    "azure": Service(
        served=buckets.azure,
        backend=lambda url: "azblob://state/team/a?storage_account=acme",
        environ=lambda url: {
            "AZURE_STORAGE_CONNECTION_STRING": f"AccountName=acme;AccountKey={buckets.ACCOUNT_KEY};BlobEndpoint={url}"
        },
        wrong={"AZURE_STORAGE_KEY": "d3Jvbmc="},
    ),
}


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    return SERVICES[request.param]


@pytest.fixture
def address(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StackAddress]:
    """A stack in the service, whose bucket is the folder `tmp_path`."""
    with service.served(tmp_path) as url:
        for name, value in service.environ(url).items():
            monkeypatch.setenv(name, value)
        yield StackAddress(project="fleet", stack="dev", backend=service.backend(url), folder=str(tmp_path))


def streamed(data: bytes) -> bytes:
    """What zstd writes who does not know the size before, as the engine's library."""
    packer = zstd.ZstdCompressor()
    return packer.compress(data) + packer.flush()


PACKED: Mapping[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": streamed}


def apply(bucket: Path, number: int, variant: str = "") -> None:
    """Leave what an update of this number leaves, under names that end as those of this compression."""
    lines = [line.model_copy(update={"label": str(number)}) for line in fleet.LINES]
    folder, name = bucket / "team/a", f".pulumi/history/fleet/dev/dev-{number}000000000"
    record = {"kind": "update", "result": "succeeded", "startTime": number, "endTime": number}
    pack = PACKED[variant]
    put(folder, f"{name}.history.json{variant}", pack(json.dumps(record).encode()))
    put(folder, f"{name}.checkpoint.json{variant}", pack(checkpoint(lines)))
    put(folder, f"{STATE}{variant}", pack(checkpoint(lines)))
    put(folder, ".pulumi/stacks/fleet/dev.json.bak", b"{")
    put(folder, ".pulumi/stacks/fleet/developers.json", b"{")


def read(address: StackAddress) -> list[Frame]:
    reader, frames = Reader(open_backend(address)), list[Frame]()
    while not frames or reader.behind:
        frames += reader.look()
    return frames


@pytest.mark.parametrize("variants", [("", "", "", "", ""), ("", ".gz", ".gz", ".zst", ".zst")])
def test_a_state_is_read_with_every_page_of_its_history(
    variants: Sequence[str], address: StackAddress, tmp_path: Path
) -> None:
    for number, variant in enumerate(variants, 1):
        apply(tmp_path, number, variant)
    frames = read(address)
    told = {update.id: update for frame in frames if isinstance(frame, Recorded) for update in frame.updates}
    rows = [row for frame in frames if isinstance(frame, tuple) for row in frame]
    assert rows == [Row.of(line.model_copy(update={"label": "5"})) for line in fleet.LINES]
    assert frames[-1] == Status()
    assert {id: (update.ended, len(update.changes or ())) for id, update in told.items()} == {
        f"{number}000000000": (number, 3) for number in range(1, 6)
    }


def test_a_lock_and_a_new_writing_are_seen(address: StackAddress, tmp_path: Path) -> None:
    apply(tmp_path, 1)
    backend = open_backend(address)
    before = backend.stamp()
    apply(tmp_path, 2)
    put(tmp_path / "team/a", LOCK, b"{}")
    after = backend.stamp()
    assert (before.updating, after.updating, before.mark != after.mark) == (False, True, True)


def test_a_stack_that_is_not_there_is_told_apart_from_a_bucket_that_does_not_let_in(
    address: StackAddress, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Broken, match="no such stack"):
        open_backend(address).stamp()
    for name, value in service.wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Unreachable) as told:
        open_backend(address).stamp()
    assert not any(secret in str(told.value) for secret in (*service.wrong.values(), "127.0.0.1", "state"))


def test_a_file_that_is_gone_is_told_apart_from_a_service_that_is(service: Service, tmp_path: Path) -> None:
    with service.served(tmp_path) as url:
        store = ObjectStore.open(service.backend(url), service.environ(url))
        with pytest.raises(Broken, match="gone"):
            store.read(STATE)
    with pytest.raises(Unreachable):
        store.read(STATE)
