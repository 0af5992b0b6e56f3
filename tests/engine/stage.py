"""One `pulumi up` with what came of it, recorded for tests that look at it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.journal import Entry
from tests.engine.project import Project, Run


@dataclass(frozen=True, slots=True)
class Stage:
    """An update: the vendors' ids before and after it, their requests during it, and the preview that came next."""

    run: Run
    before: Mapping[str, str]
    after: Mapping[str, str]
    entries: tuple[Entry, ...]
    again: Run
    entries_again: tuple[Entry, ...]

    @property
    def writes(self) -> list[str]:
        """The write requests of the update, sorted: a LiveKit RPC by its name, others as "POST trunking/…"."""
        return sorted(brief(entry) for entry in self.entries if entry.write)


def advance(project: Project, inventory: str | None = None, *, settles: bool = True) -> Stage:
    """Apply, then preview once more: as a check in CI does, which fails on any change, where all should be settled."""
    journal = project.sandbox.journal
    before, mark = project.ids(), journal.mark()
    run = project.up(inventory)
    after, end = project.ids(), journal.mark()
    again = project.preview(*(("--expect-no-changes",) if settles else ()))
    entries = journal.entries(mark)
    return Stage(
        run=run,
        before=before,
        after=after,
        entries=tuple(entry for entry in entries if entry.index < end),
        again=again,
        entries_again=tuple(entry for entry in entries if entry.index >= end),
    )


def brief(entry: Entry) -> str:
    """A request in few words, without ids."""
    if entry.vendor == "livekit":
        return entry.path.rpartition("/")[2]
    words = [word for word in entry.path.split("/") if not _is_id(word)]
    return " ".join((entry.method, "/".join(words)))


def edited(text: str, old: str, new: str) -> str:
    """Replace what must stand in the text exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def _is_id(word: str) -> bool:
    return not word or (len(word) == 34 and word[:2].isupper())
