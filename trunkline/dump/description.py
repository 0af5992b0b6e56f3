"""A numbers.yaml as values, before it is text: what the file says, and what it says beside it as comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.dump.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that is not in the file, or not wholly, with the reason. `detail` names the objects."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An agent, a trunk or a line: its key, what it says in the file's own words, and the comments above it."""

    name: str
    keys: Mapping[str, Any]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What is live and no line. `what` is a number, or what people call the object."""

    what: str
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretToSet:
    """A config secret that the file names: the password of `user` at a LiveKit trunk, or one of a dispatch rule.

    `user` is "" for a rule's, which is its PIN, or stands at `place` in what its rooms record. `object_id` is the
    trunk's or the rule's.
    """

    name: str
    user: str
    object_id: str
    place: str = ""

    @property
    def what(self) -> str:
        """What it is, for a comment."""
        if self.user:
            return f"of user {self.user} at {self.object_id}"
        return f"egress.{self.place} of {self.object_id}" if self.place else f"the PIN of {self.object_id}"

    @property
    def command(self) -> str:
        """What sets it; Pulumi asks for the value."""
        return f"pulumi config set --secret trunkline:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a dump writes. `along`: the numbers that no pattern named and that share a trunk or a rule with one."""

    agents: tuple[Entry, ...] = ()
    trunks: tuple[Entry, ...] = ()
    lines: tuple[Entry, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    secrets: tuple[SecretToSet, ...] = ()
    along: tuple[str, ...] = ()


def described(description: Description) -> Mapping[str, Any]:
    """Give a description as data for programs, as `trunkline dump --json` prints it.

    It is `lines`, `leftOut`, `along` and `secrets`; a note has its reason's code, the sentence and the objects.
    """
    return {
        "lines": [
            {"name": line.name, "number": line.keys["phone_number"], "notes": [_note(note) for note in line.notes]}
            for line in description.lines
        ],
        "leftOut": [{"what": one.what, **_note(one.note)} for one in description.left_out],
        "along": list(description.along),
        "secrets": [
            {"name": secret.name, "what": secret.what, "command": secret.command} for secret in description.secrets
        ],
    }


def _note(note: Note) -> dict[str, str]:
    return {"reason": note.reason, "says": note.reason.says, "detail": note.detail}
