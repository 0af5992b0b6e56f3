"""Real states of the real engine, in every kind of backend that is read directly, and through the CLI."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api import credentials
from tests.api.serving import client, serve
from tests.state import backends, fleet
from tests.state.pulumi_stack import PulumiStack
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.state.backend import Backend
from trunkline.state.diy import DiyBackend
from trunkline.state.opening import open_backend
from trunkline.state.process import ReaderProcess
from trunkline.state.publication import Frame, Publication, Recorded, Status, UpdateView
from trunkline.state.pulumi_cli import CliBackend
from trunkline.state.reader import Reader
from trunkline.state.row import Row
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, Unreachable

pytestmark = pytest.mark.engine

Open = Callable[[Path], AbstractContextManager[str]]
STORES: dict[str, Open] = {"file": backends.folder, "s3": backends.bucket, "postgres": lambda _: backends.database()}
LATER = fleet.SALES.model_copy(update={"agent": "support", "agent_name": "support-agent"})


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[PulumiStack]:
    """A stack in a folder."""
    with backends.folder(tmp_path) as url:
        yield PulumiStack.create(tmp_path, url)


def published(backend: Backend) -> tuple[Publication, list[Row], list[UpdateView]]:
    """What a reader gives of a stack: the version, its lines, and its updates, the oldest first."""
    with closing(backend):
        reader, frames = Reader(backend), list[Frame]()
        while not frames or reader.behind:
            frames += reader.look()
    assert frames[-1] == Status()
    publication = next(frame for frame in frames if isinstance(frame, Publication))
    rows = [row for frame in frames if isinstance(frame, tuple) for row in frame]
    told = {update.id: update for frame in frames if isinstance(frame, Recorded) for update in frame.updates}
    assert [frame.complete for frame in frames if isinstance(frame, Recorded)][-1]
    return publication, rows, sorted(told.values(), key=lambda update: update.id)


def changed(update: UpdateView) -> dict[str, int]:
    """How many lines an update changed, by kind, without the kinds of which there are none."""
    counts: dict[str, int] = json.loads(update.brief)["changed"]
    return {kind: count for kind, count in counts.items() if count}


@pytest.mark.parametrize("kind", STORES)
def test_a_real_stack_is_read_with_its_history(kind: str, tmp_path: Path) -> None:
    with STORES[kind](tmp_path) as url:
        stack = PulumiStack.create(tmp_path, url)
        stack.apply((fleet.SALES,), message="first", secrets={"canary": "hunter2-in-state"})
        stack.apply((LATER, fleet.OFFICE), held=[LATER, fleet.SUPPORT, fleet.OFFICE], fails=True, message="second")
        publication, rows, updates = published(open_backend(stack.address))
    # The outputs lack one of them, and the state holds it.
    assert rows == [Row.of(LATER), Row.of(fleet.SUPPORT), Row.of(fleet.OFFICE)]
    assert (publication.result, publication.unlisted) == ("failed", ("support-de",))
    first, second = updates
    assert json.loads(first.brief)["message"] == "first"
    assert changed(second) == {"added": 2, "changed": 1}
    sales = next(change for change in second.changes or () if change.line == "sales-us")
    assert [Row.read(side or b"").agent for side in (sales.before, sales.after)] == ["ag_550e8400", "support"]
    assert "canary" not in repr((publication, updates))


@pytest.mark.parametrize("kind", STORES)
def test_a_stack_that_is_not_there_and_a_backend_that_is_gone_are_told_apart(kind: str, tmp_path: Path) -> None:
    with STORES[kind](tmp_path) as url:
        address = StackAddress(project="fleet", stack="nobody", backend=url, folder=str(tmp_path))
        backend = open_backend(address)
        with pytest.raises(Broken, match="no such stack"):
            backend.stamp()
    if kind == "file":
        (tmp_path / "state").rename(tmp_path / "gone")
    with closing(backend), pytest.raises(Unreachable) as raised:
        backend.stamp()
    assert "test" not in str(raised.value).split()


@pytest.mark.parametrize(
    ("kind", "compression"), [("file", "GZIP"), ("file", "ZSTD"), ("s3", "ZSTD"), ("postgres", "ZSTD")]
)
def test_compressed_states_are_read_and_the_later_of_two_counts(kind: str, compression: str, tmp_path: Path) -> None:
    with STORES[kind](tmp_path) as url:
        stack = PulumiStack.create(tmp_path, url)
        stack.apply((fleet.SALES,))
        compressed = replace(stack, environ={**stack.environ, f"PULUMI_DIY_BACKEND_{compression}": "true"})
        compressed.apply((LATER,))
        with closing(open_backend(stack.address)) as backend:
            current = backend.current()
        _, rows, updates = published(open_backend(stack.address))
    assert not current.startswith(b"{")
    assert rows == [Row.of(LATER)]
    assert [changed(update) for update in updates] == [{"added": 1}, {"changed": 1}]


def test_a_destroyed_stack_has_no_lines_and_keeps_its_history(stack: PulumiStack) -> None:
    stack.apply()
    stack.pulumi("destroy", "--yes", "--skip-preview")
    publication, rows, updates = published(open_backend(stack.address))
    assert (rows, publication.summary["lines"], len(updates)) == ([], 0, 2)
    assert (changed(updates[1]), json.loads(updates[1].brief)["kind"]) == ({"removed": 3}, "destroy")


def test_the_commit_and_its_author_stand_in_the_history(stack: PulumiStack) -> None:
    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=Ann Author", "-c", "user.email=ann@example.com", "-c", "init.defaultBranch=main")
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=stack.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init")
    git("add", ".")
    git("commit", "-m", "Add the sales line")
    stack.apply()
    _, _, (update,) = published(open_backend(stack.address))
    brief = update.brief.decode()
    assert f'"who":"Ann Author","commit":"{git("rev-parse", "HEAD")}","branch":"main"' in brief
    assert "ann@example.com" not in repr(update)


def test_the_cli_reads_the_same_from_any_backend(stack: PulumiStack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.apply((fleet.SALES,), message="first")
    stack.apply((LATER,), message="second")
    for name in ("PATH", "PULUMI_HOME"):
        monkeypatch.setenv(name, stack.environ[name])
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)  # nothing is decrypted
    through_cli, rows, updates = published(CliBackend(stack.address))
    direct, same, _ = published(open_backend(stack.address))
    assert rows == same == [Row.of(LATER)]
    assert (through_cli.summary, through_cli.agents, through_cli.result) == (
        direct.summary,
        direct.agents,
        direct.result,
    )
    assert [json.loads(update.brief)["message"] for update in updates] == ["first", "second"]


def test_the_cli_that_fails_is_told_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    address = StackAddress(project="fleet", stack="dev", backend="mongo://h/d", folder=str(tmp_path))
    with pytest.raises(Unreachable, match="not on PATH"):
        open_backend(address).stamp()


def test_a_backend_is_chosen_by_its_url(tmp_path: Path) -> None:
    def kind(url: str) -> type[Backend]:
        return type(open_backend(StackAddress(project="p", stack="s", backend=url, folder=str(tmp_path))))

    direct = ("file:///x", "s3://b?region=us-east-1", "gs://b", "azblob://c?storage_account=a", "postgres://u@h/d")
    assert {url: kind(url) for url in direct} == dict.fromkeys(direct, DiyBackend)
    others = ("https://api.pulumi.com", "mongo://h/d")
    assert {url: kind(url) for url in others} == dict.fromkeys(others, CliBackend)


def test_a_running_server_takes_a_real_update_over(stack: PulumiStack, tmp_path: Path) -> None:
    stack.apply((fleet.SALES,))
    app = create_app(ReaderProcess(stack.address), credentials.auth(tmp_path))
    with serve(app) as url, client(url) as api:
        until(lambda: api.get("/sip/sales-us").status_code == 200)
        assert api.get("/sip/sales-us").json()["agent"] == "ag_550e8400"
        stack.apply((LATER,))
        until(lambda: api.get("/sip/sales-us").json()["agent"] == "support")
        assert [update["result"] for update in api.get("/history").json()["updates"]] == ["succeeded", "succeeded"]
