"""The one error of the toolchain: what could not be set up, and what to do about it."""

from __future__ import annotations


class SetupFailure(Exception):
    """A message for the operator: the fact, what was left untouched, and the next step."""
