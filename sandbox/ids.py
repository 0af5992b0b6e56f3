"""Identifiers that look like the vendors' and are the same for the same seed."""

from __future__ import annotations

from hashlib import blake2b

# The alphabet of LiveKit's ids (shortuuid's): no 0, 1, I, O, l.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Ids:
    """A source of ids. `drawn` says how many were drawn and is all that has to be kept to go on."""

    def __init__(self, seed: int = 0, drawn: int = 0) -> None:
        self.seed = seed
        self.drawn = drawn

    def hex(self, prefix: str) -> str:
        """Give `prefix` and 32 lower-case hex digits, as SIDs are."""
        return prefix + self._digest(16).hex()

    def short(self, prefix: str, length: int = 12) -> str:
        """Give `prefix` and `length` (at most 32) characters of `ALPHABET`, as LiveKit's ids are."""
        return prefix + "".join(ALPHABET[byte % len(ALPHABET)] for byte in self._digest(length))

    def _digest(self, size: int) -> bytes:
        self.drawn += 1
        return blake2b(f"{self.seed}:{self.drawn}".encode(), digest_size=size).digest()
