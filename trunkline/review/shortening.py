"""One text that is too long for its page, made short by itself: what is left out of it is counted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

BECOMES = " => "
_BETWEEN = ", "
_WORDS = 40  # characters for the words that count what is left out


def shortened(text: str, room: int, size: Callable[[str], int] = len) -> str:
    """Give a text of which `size` is at most `room`; the text itself where that fits.

    Of "was => becomes" both sides are kept, of their lists first what the other side has not.
    """
    if size(text) <= room:
        return text
    sides = text.split(BECOMES)
    if len(sides) != 2:
        return _side(text, (), room, size)
    was, becomes = sides
    # What one side does not need is the other's.
    half = (room - size(BECOMES)) // 2
    left = max(half, 2 * half - size(becomes))
    before = _side(was, becomes.split(_BETWEEN), left, size)
    return before + BECOMES + _side(becomes, was.split(_BETWEEN), 2 * half - size(before), size)


def _side(text: str, other: Sequence[str], room: int, size: Callable[[str], int]) -> str:
    if size(text) <= room:
        return text
    items = text.split(_BETWEEN)
    there = frozenset(other)
    chosen: set[int] = set()
    left = room - _WORDS
    for place in sorted(range(len(items)), key=lambda place: items[place] in there):
        left -= size(items[place]) + size(_BETWEEN)
        if left < 0:
            break
        chosen.add(place)
    if not chosen:
        return _cut(text, room - _WORDS, size)
    kept = [items[place] for place in sorted(chosen)]
    return f"{_BETWEEN.join(kept)} … and {len(items) - len(kept)} more"


def _cut(text: str, room: int, size: Callable[[str], int]) -> str:
    """Cut a text that is no list where it has to end."""
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        shortest, longest = (middle, longest) if size(text[:middle]) <= room else (shortest, middle - 1)
    return f"{text[:shortest]} … and {len(text) - shortest} characters more"
