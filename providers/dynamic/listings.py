"""The listings of a process: each is asked for once, and again for whoever must not rely on an earlier one.

Before each purchase of a searched number claims and account are listed anew. As many calls of the engine as are under
way at a time need the same list then. One that began after they all came serves them as well as one for each.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listings(Generic[K, T]):
    """What was listed, by key. Safe in several threads; one listing of a key is under way at a time."""

    _known: dict[K, T] = field(default_factory=dict)
    _begun: Counter[K] = field(default_factory=Counter)
    _answered: Counter[K] = field(default_factory=Counter)
    """Which of the begun listings of a key is the one that is known."""
    _locks: dict[K, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def give(self, key: K, ask: Callable[[], T], *, fresh: bool) -> T:
        """Give what is known, else what `ask` gives; `fresh`: what a listing gives that begins from now on.

        Raises what `ask` raises, to its own caller alone: who waited for it asks again.
        """
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
            begun = self._begun[key]
        with lock:
            if key not in self._known or (fresh and self._answered[key] <= begun):
                with self._guard:
                    self._begun[key] += 1
                    this = self._begun[key]
                self._known[key] = ask()
                self._answered[key] = this
            return self._known[key]
