"""Secrets as a type that does not print."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A value that only `reveal` gives out; `str`, `repr`, formatting and pickling never do.

    Two secrets are equal when their values are; the comparison is for drift, not for authentication.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value to the code that sends it to a vendor."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled")
