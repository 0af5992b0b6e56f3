"""The reader's looks, one by one, at a backend in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import history
from tests.state import fleet
from tests.state.state_file import STATE, address, checkpoint, write_state
from trunkline.state.backend import Stamp
from trunkline.state.checkpoint import digest
from trunkline.state.checkpoint import parse as checkpoint_of
from trunkline.state.chronicle import Chronicle
from trunkline.state.opening import open_backend
from trunkline.state.publication import (
    Busy,
    Changed,
    End,
    Frame,
    Publication,
    Recorded,
    Status,
    Then,
    UpdateView,
)
from trunkline.state.reader import Ask, Reader
from trunkline.state.row import Row
from trunkline.state.store import Broken, Unreachable
from trunkline.state.update import Update
from trunkline.state.version import Version


@dataclass
class Memory:
    """A backend whose update number N labels every line N."""

    interval: float = 0.0
    depth: int = 1000
    patience: float = 30.0
    states: dict[str, bytes] = field(default_factory=dict)
    data: bytes = b""
    locked: bool = False
    gone: bool = False
    since: float | None = None
    parsed: list[str] = field(default_factory=list)
    read: int = 0

    def apply(self, *numbers: int) -> None:
        for number in numbers:
            lines = [line.model_copy(update={"label": str(number)}) for line in fleet.LINES]
            self.data = self.states[str(number)] = checkpoint(lines)

    def stamp(self) -> Stamp:
        if self.gone:
            raise Unreachable("the backend is gone")
        return Stamp(mark=str(hash(self.data)), updating=self.locked, since=self.since)

    def current(self) -> bytes:
        self.read += 1
        return self.data

    def updates(self) -> Sequence[str]:
        return sorted(self.states, key=int)

    def update(self, id: str) -> Update:
        return Update(id=id, kind="update", result="succeeded", started=int(id), ended=int(id))

    def checkpoint(self, id: str) -> bytes | None:
        self.parsed.append(id)
        return self.states[id]

    def close(self) -> None:
        pass


def label(frames: Sequence[Frame]) -> str:
    rows = [frame for frame in frames if isinstance(frame, tuple)][-1]
    return rows[0].label


def given(frames: Sequence[Frame]) -> list[tuple[bool, list[str]]]:
    """Of each part of the history: whether it makes the list complete, and the ids in it, + where changes are known."""
    return [
        (frame.complete, [f"{update.id}{'' if update.changes is None else '+'}" for update in frame.updates])
        for frame in frames
        if isinstance(frame, Recorded)
    ]


def read_on(reader: Reader) -> dict[str, UpdateView]:
    """Look until nothing is left to read; give what was told of each update last."""
    told: dict[str, UpdateView] = {}
    while True:
        frames = list(reader.look())
        told.update({update.id: update for frame in frames if isinstance(frame, Recorded) for update in frame.updates})
        if frames == [Status()]:
            return told


def test_an_unchanged_stack_is_published_once() -> None:
    backend = Memory()
    backend.apply(1)
    reader = Reader(backend)
    assert given(list(reader.look())) == [(True, ["1+"])]
    assert list(reader.look()) == [Status()]


def test_a_long_history_holds_no_version_up_and_is_told_whole_before_what_it_changed() -> None:
    backend = Memory()
    backend.apply(*range(1, 131))
    reader = Reader(backend)
    first = list(reader.look())
    assert (given(first), label(first)) == ([(False, ["130"])], "130")
    backend.apply(131)
    second = list(reader.look())
    assert (given(second), label(second)) == ([(False, ["131+"])], "131")
    records = [*given(list(reader.look())), *given(list(reader.look()))]
    assert [(complete, len(ids)) for complete, ids in records] == [(False, 50), (False, 50), (True, 29)]
    assert given(list(reader.look())) == [(True, ["130+", "129+", "128+", "127+", "126+"])]


def test_a_reload_takes_little_more_memory_than_the_state_itself(tmp_path: Path) -> None:
    history.write(tmp_path, 1000, 2)
    write_state(tmp_path, 1000, "first")
    size = (tmp_path / STATE).stat().st_size
    reader = Reader(open_backend(address(tmp_path)))
    read_on(reader)
    write_state(tmp_path, 1000, "second")
    tracemalloc.start()
    try:
        assert any(isinstance(frame, Publication) for frame in reader.look())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.6 * size


def test_each_update_is_read_once() -> None:
    backend = Memory()
    backend.apply(1, 2, 3)
    reader = Reader(backend)
    read_on(reader)
    backend.apply(4)
    read_on(reader)
    assert sorted(backend.parsed) == ["1", "2", "3", "4"]


def test_a_new_update_makes_the_state_be_read_once() -> None:
    backend = Memory()
    backend.apply(1)
    reader = Reader(backend)
    read_on(reader)
    before = backend.read
    backend.apply(2)
    read_on(reader)
    assert backend.read - before == 1


def test_of_a_longer_history_the_newest_changes_are_kept_and_compared_with_what_was_before() -> None:
    backend = Memory()
    backend.apply(1, 2, 3, 4)
    told = read_on(Reader(backend, history=2))
    assert {id: update.changes is not None for id, update in told.items()} == {
        "1": False,
        "2": False,
        "3": True,
        "4": True,
    }
    (sales, *_) = told["3"].changes or ()
    assert (Row.read(sales.before or b"").label, Row.read(sales.after or b"").label) == ("2", "3")


def test_changes_are_kept_as_far_as_the_memory_for_them_goes() -> None:
    backend = Memory()
    backend.apply(*range(1, 9))
    data = backend.data
    chronicle = Chronicle(backend, limit=1000, kept=12_000)
    now = Version.of(checkpoint_of(data))
    entries = {entry.update.id: entry for entry in chronicle.advance(now, digest(data))}
    while chronicle.behind:
        entries.update({entry.update.id: entry for entry in chronicle.catch_up()})
    known = [id for id in sorted(entries, key=int) if entries[id].changes is not None]
    assert (sum(entry.size for entry in entries.values()) <= 12_000 + entries["8"].size, known[-1]) == (True, "8")
    backend.apply(9)
    later = chronicle.advance(Version.of(checkpoint_of(backend.data)), digest(backend.data))
    assert [(entry.update.id, entry.changes is not None) for entry in later][-1] == ("9", True)
    assert [entry.update.id for entry in later if entry.changes is None] == known[: len(later) - 1]


def test_what_is_older_is_read_when_it_is_asked_for() -> None:
    backend = Memory()
    backend.apply(1, 2, 3, 4)
    reader = Reader(backend, history=1)
    read_on(reader)
    backend.parsed.clear()
    then = list(reader.answer(Ask("lines", "2")))
    changed = list(reader.answer(Ask("changes", "2")))[-1]
    assert (then[1], label(then), isinstance(then[-1], End)) == (Then("2", version("2").agents), "2", True)
    assert isinstance(changed, Changed) and changed.update is not None
    assert [Row.read(change.before or b"").label for change in changed.update.changes or ()] == ["1", "1", "1"]
    assert backend.parsed == ["2", "1", "2"]
    assert list(reader.answer(Ask("changes", "99")))[1:] == [Changed("99", None)]


def test_a_broken_checkpoint_of_the_past_leaves_its_changes_unknown() -> None:
    backend = Memory()
    backend.apply(1, 2, 3)
    backend.states["2"] = b"{"
    told = read_on(Reader(backend))
    assert {id: update.changes is None for id, update in told.items()} == {"3": True, "2": True, "1": False}


def test_what_was_changed_without_an_update_is_told_apart_from_the_last_one() -> None:
    backend = Memory()
    backend.apply(1)
    backend.data = checkpoint([line.model_copy(update={"label": "by hand"}) for line in fleet.LINES])
    publication = next(frame for frame in Reader(backend).look() if isinstance(frame, Publication))
    changed = [(change.line, Row.read(change.before or b"").label) for change in publication.unrecorded]
    assert changed == [("sales-us", "1"), ("support-de", "1"), ("uk-office", "1")]


def test_a_stack_that_was_made_anew_forgets_its_history() -> None:
    backend = Memory()
    backend.apply(1, 2)
    reader = Reader(backend)
    read_on(reader)
    backend.states = {}
    backend.apply(3)
    frames = list(reader.look())
    assert [
        (frame.anew, [update.id for update in frame.updates]) for frame in frames if isinstance(frame, Recorded)
    ] == [(True, ["3"])]


def version(number: str) -> Version:
    """What Memory's update of this number left."""
    lines = [line.model_copy(update={"label": number}) for line in fleet.LINES]
    return Version.of(checkpoint_of(checkpoint(lines)))


def test_faults_are_told_and_what_comes_after_is_published() -> None:
    backend = Memory()
    backend.apply(1)
    reader = Reader(backend)
    backend.gone = True
    assert list(reader.look()) == [Status(fault="unreachable", detail="the backend is gone")]
    backend.gone, backend.data = False, b"{"
    assert list(reader.look()) == [Busy(30.0), Status(fault="broken", detail="the checkpoint is no JSON object")]
    backend.apply(2)
    assert label(list(reader.look())) == "2"


def test_once_reads_all_or_raises() -> None:
    backend = Memory()
    backend.apply(*range(1, 13))
    publication = Reader(backend).once()
    dates = {finding.subject for finding in publication.findings if finding.code == "last-change"}
    assert (publication.updated, dates) == ("1970-01-01T00:00:12Z", {"1970-01-01T00:00:12Z"})
    backend.data = b"{"
    try:
        Reader(backend).once()
    except Broken as told:
        assert str(told) == "the checkpoint is no JSON object"
    else:
        raise AssertionError("a broken checkpoint was read")
