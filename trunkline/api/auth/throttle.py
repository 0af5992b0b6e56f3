"""Token buckets by caller, bounded in number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable


class Throttle:
    """Lets each caller do `burst` things at once, and one more every `every` seconds.

    At most `callers` are remembered; the one unseen for longest is forgotten first.
    """

    def __init__(self, *, burst: int, every: float, clock: Callable[[], float], callers: int = 10_000) -> None:
        self._burst, self._every, self._clock, self._callers = burst, every, clock, callers
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> float:
        """Give the seconds until the caller may do the next thing, 0 for now; counts nothing."""
        used = self._now(caller)
        return max(0.0, (used + 1 - self._burst) * self._every)

    def count(self, caller: str) -> None:
        """Count one thing done."""
        self._used[caller] = (min(self._now(caller) + 1, self._burst), self._clock())
        self._used.move_to_end(caller)
        if len(self._used) > self._callers:
            self._used.popitem(last=False)

    def _now(self, caller: str) -> float:
        used, since = self._used.get(caller, (0.0, 0.0))
        return max(0.0, used - (self._clock() - since) / self._every)
