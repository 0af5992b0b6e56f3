"""A description as data for programs, as `trunkline dump --json` prints it: lines, and what is none, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trunkline.dump.description import Description, Note


def described(description: Description) -> Mapping[str, Any]:
    """Give `lines`, `leftOut`, `along` and `secrets`; a note has its reason's code, the sentence and the objects."""
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
