"""The reader's looks, one by one, at a backend in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.api import fleet
from tests.api.state_file import checkpoint
from trunkline.api.source.backend import Stamp
from trunkline.api.source.publication import Frame, Publication, Status
from trunkline.api.source.reader import Reader
from trunkline.api.source.store import Broken, Unreachable
from trunkline.api.source.update import Update


@dataclass
class Memory:
    """A backend whose update number N labels every line N."""

    interval: float = 0.0
    states: dict[str, bytes] = field(default_factory=dict)
    data: bytes = b""
    locked: bool = False
    gone: bool = False
    parsed: list[str] = field(default_factory=list)

    def apply(self, *numbers: int) -> None:
        for number in numbers:
            lines = [line.model_copy(update={"label": str(number)}) for line in fleet.LINES]
            self.data = self.states[str(number)] = checkpoint(lines)

    def stamp(self) -> Stamp:
        if self.gone:
            raise Unreachable("the backend is gone")
        return Stamp(mark=str(hash(self.data)), updating=self.locked)

    def current(self) -> bytes:
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


def history(frames: Sequence[Frame]) -> list[tuple[bool, list[str]]]:
    """Of each publication: whether its history is complete, and the ids in it."""
    return [
        (frame.complete, [update.id for update in frame.updates]) for frame in frames if isinstance(frame, Publication)
    ]


def test_an_unchanged_stack_is_published_once() -> None:
    backend = Memory()
    backend.apply(1, 2)
    reader = Reader(backend)
    assert history(list(reader.look())) == [(True, ["2", "1"])]
    assert list(reader.look()) == [Status()]


def test_a_long_history_does_not_hold_the_first_version_or_a_new_one_up() -> None:
    backend = Memory()
    backend.apply(*range(1, 13))
    reader = Reader(backend)
    first = list(reader.look())
    assert (history(first), label(first)) == ([(False, [])], "12")
    backend.apply(13)
    second = list(reader.look())
    assert (history(second), label(second)) == ([(False, [])], "13")
    third = list(reader.look())
    assert (history(third), label(third)) == ([(True, [str(number) for number in range(13, 0, -1)])], "13")


def test_each_update_is_read_once() -> None:
    backend = Memory()
    backend.apply(1, 2, 3)
    reader = Reader(backend)
    list(reader.look())
    backend.apply(4)
    list(reader.look())
    assert backend.parsed == ["1", "2", "3", "4"]


def test_of_a_longer_history_the_newest_are_kept_and_compared_with_what_was_before() -> None:
    backend = Memory()
    backend.apply(1, 2, 3, 4)
    frames = list(Reader(backend, history=2).look())
    assert history(frames) == [(False, ["4", "3"])]
    oldest = next(frame for frame in frames if isinstance(frame, Publication)).updates[-1]
    assert b'"label":{"before":"2","after":"3"}' in oldest.full


def test_a_broken_checkpoint_of_the_past_leaves_its_changes_unknown() -> None:
    backend = Memory()
    backend.apply(1, 2, 3)
    backend.states["2"] = b"{"
    publication = next(frame for frame in Reader(backend).look() if isinstance(frame, Publication))
    assert [update.earlier is None for update in publication.updates] == [True, True, False]
    assert b'"changes":null' in publication.updates[0].full


def test_a_state_under_a_lock_is_not_read_until_the_lock_is_gone() -> None:
    backend = Memory()
    backend.apply(1)
    reader = Reader(backend)
    list(reader.look())
    backend.locked = True
    backend.apply(2)
    assert list(reader.look()) == [Status(updating=True)]
    backend.locked = False
    assert label(list(reader.look())) == "2"


def test_an_update_that_begins_while_the_state_is_read_is_waited_for() -> None:
    class Racing(Memory):
        def current(self) -> bytes:
            self.locked = True
            return super().current()

    backend = Racing()
    backend.apply(1)
    reader = Reader(backend)
    assert label(list(reader.look())) == "1"
    backend.locked = False
    backend.apply(2)
    assert list(reader.look()) == []


def test_faults_are_told_and_what_comes_after_is_published() -> None:
    backend = Memory()
    backend.apply(1)
    reader = Reader(backend)
    backend.gone = True
    assert list(reader.look()) == [Status(fault="unreachable", detail="the backend is gone")]
    backend.gone, backend.data = False, b"{"
    assert list(reader.look()) == [Status(fault="broken", detail="the checkpoint is no JSON")]
    backend.apply(2)
    assert label(list(reader.look())) == "2"


def test_once_reads_all_or_raises() -> None:
    backend = Memory()
    backend.apply(*range(1, 13))
    assert len(Reader(backend).once().updates) == 12
    backend.data = b"{"
    try:
        Reader(backend).once()
    except Broken as told:
        assert str(told) == "the checkpoint is no JSON"
    else:
        raise AssertionError("a broken checkpoint was read")
