"""What the model of the Pulumi engine keeps between runs, and the flags and steps of a run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from trunkline.model.spec import Key


class Failed(Exception):
    """The run ended with an error; `messages` is what the operator reads."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


@dataclass
class Recorded:
    """A resource in the state."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    protect: bool = False
    taint: bool = False


@dataclass
class State:
    """What a backend keeps between runs, in the order in which resources were made."""

    resources: dict[Key, Recorded] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    """line -> number, as the last complete update exported them; "" for one on order."""
    known: str = ""
    """The ids of the lines' objects at LiveKit, as the last complete update exported them."""
    marks: dict[str, str] = field(default_factory=dict)
    """line -> its mark, as the last complete update exported it."""
    active: str = ""
    """The numbers that were in their accounts then."""
    replaced: list[tuple[Key, Recorded]] = field(default_factory=list)
    """The entries with `delete: true`: what was replaced and is yet to be deleted."""

    def copied(self) -> State:
        """Give a state of its own; the properties are shared, since nobody changes them in place."""
        resources = {key: replace(recorded) for key, recorded in self.resources.items()}
        return State(
            resources,
            dict(self.settled),
            self.known,
            self.marks,
            self.active,
            [(key, replace(one)) for key, one in self.replaced],
        )


@dataclass(frozen=True)
class Step:
    """One thing that a run did or would do: create, update, delete or refresh."""

    op: str
    key: Key
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """The flags of a run. `target` and `exclude` are given at most one of; no target means all."""

    replace: Collection[Key] = ()
    target: Collection[Key] = ()
    exclude: Collection[Key] = ()
    refresh: bool = True
    ignore_protect: bool = False

    def includes(self, key: Key) -> bool:
        return key in self.target if self.target else key not in self.exclude
