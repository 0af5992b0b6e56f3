"""Who holds what: quick proof that nobody holds what a new object asks for."""

from collections.abc import Hashable, Sequence


class Claims:
    """What each object holds. An object may hold the same thing twice, and then shares it with itself."""

    def __init__(self) -> None:
        self._by_holder: dict[str, Sequence[Hashable]] = {}
        self._count: dict[Hashable, int] = {}
        self._shared = 0

    def hold(self, holder: str, claims: Sequence[Hashable]) -> None:
        """Let `holder` hold these things, and nothing else any more."""
        self.release(holder)
        self._by_holder[holder] = claims
        for claim in claims:
            self._count[claim] = self._count.get(claim, 0) + 1
            self._shared += self._count[claim] == 2

    def release(self, holder: str) -> None:
        """Let `holder` hold nothing; an unknown holder is fine."""
        for claim in self._by_holder.pop(holder, ()):
            self._shared -= self._count[claim] == 2
            self._count[claim] -= 1
            if not self._count[claim]:
                del self._count[claim]

    def free(self, claims: Sequence[Hashable], but_for: str) -> bool:
        """Whether `but_for` may hold these things instead of its own, and nothing at all is shared before or after."""
        own = self._by_holder.get(but_for, ())
        alone = len(set(claims)) == len(claims) and not self._shared
        return alone and all(claim in own or claim not in self._count for claim in claims)
