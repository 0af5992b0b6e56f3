"""Updates that begin while another one is read, or just after it: none is read half, and each is told."""

from __future__ import annotations

from tests.state.test_reader import Memory, label, read_on
from trunkline.state.publication import Busy, Status
from trunkline.state.reader import Reader


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
    assert list(reader.look()) == [Busy(30.0)]


def test_of_two_updates_that_follow_each_other_at_once_each_is_told() -> None:
    class Hasty(Memory):
        hasty = False

        def current(self) -> bytes:
            self.locked = self.hasty
            return super().current()

    backend = Hasty()
    backend.apply(1)
    reader = Reader(backend)
    read_on(reader)
    backend.apply(2)
    backend.hasty = True
    assert list(reader.look()) == [Busy(30.0)]
    backend.apply(3)
    backend.hasty = backend.locked = False
    told = read_on(reader)
    changes = {id: len(update.changes or ()) for id, update in told.items()}
    assert changes == {"2": 3, "3": 3}
