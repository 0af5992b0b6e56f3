"""What stands between a run and the sandbox to do one thing at one write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class AtWrite:
    """Does something at the n-th write (from 0): `before` it is carried out, or `after`."""

    def __init__(
        self,
        number: int,
        *,
        before: Callable[[Any], None] | None = None,
        after: Callable[[], None] | None = None,
    ) -> None:
        self.left, self.before, self.after = number, before, after

    def __call__(self, sandbox: Any, request: Any) -> Any:
        vendor = next(each for each in sandbox.vendors if each.owns(request.path))
        due = vendor.is_write(request) and self.left == 0
        self.left -= vendor.is_write(request)
        if due and self.before:
            self.before(request)
        answer = sandbox.handle(request)
        if due and self.after:
            self.after()
        return answer
