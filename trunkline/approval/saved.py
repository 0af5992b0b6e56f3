"""A saved plan: what `trunkline plan --save` writes and an approved update is held against.

It has what the page was made of: the Fleet's record and what its check found (the chosen numbers among it), each
object as it stood and as the program declared it, and the inventory's digest. Secrets are left out: `[secret]` stands
in their place, so that another password alone is no move.

The file names the Trunkline that wrote it, which alone reads it, and the checksum of all the rest. Whoever edits it in
good faith, by hand or by a merge, is told so; it is no signature.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import trunkline
from trunkline.errors import Problem, SettingsError
from trunkline.review import EngineLog, Page
from trunkline.review.as_json import to_json

NOT_APPROVED = "this is not what was approved"
"""How the one refusal begins of an update that would do something else than its saved plan says."""
_VERSION, _CHECKSUM = "trunklinePlan", "checksum"
_RULE = "approved-plan"
_AGAIN = "save the plan again with the Trunkline that applies it, and have that one approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One object. `op` is the engine's word for what becomes of it, `id` the vendor's ("" where there was none).

    `live`: its properties as the refresh found them, None where it was not there. `declared`: what the program wants of
    it, None where it wants none any more.
    """

    kind: str
    name: str
    line: str
    op: str
    id: str
    live: Mapping[str, Any] | None
    declared: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """`record`: the Fleet's inputs as earlier updates left them, `fleet`: what its check found; `page` as JSON."""

    stack: str
    project: str
    digest: str
    record: Mapping[str, Any]
    fleet: Mapping[str, Any]
    objects: tuple[Object, ...]
    page: Mapping[str, Any]

    @property
    def candidates(self) -> Mapping[str, str]:
        """Give the number that was reviewed for each line that buys one which a search found."""
        return {
            name: line["phoneNumber"]
            for name, line in self.fleet.get("lines", {}).items()
            if "search" in line and line.get("acquisition") == "purchase" and not line.get("held")
        }

    def to_json(self) -> dict[str, Any]:
        """Give the plain JSON object, without the file's version and checksum."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Saved:
        """Take what `to_json` gave."""
        return cls(**{**plain, "objects": tuple(Object(**one) for one in plain["objects"])})

    def write(self) -> str:
        """Give the text of the file."""
        plain = self.to_json()
        head = {_VERSION: trunkline.__version__, _CHECKSUM: _checksum(plain)}
        return json.dumps({**head, **plain}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(text: str, path: str) -> Saved:
    """Read a saved plan. `path`: what errors call it.

    Raises SettingsError for anything but what this version of Trunkline wrote; its layout as JSON does not count.
    """
    try:
        found = json.loads(text)
        version = found.pop(_VERSION)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise _refused(
            path, "is no saved plan, or a part of one", "write one with `trunkline plan --save FILE`"
        ) from None
    if version != trunkline.__version__:
        by = f"Trunkline {version}" if isinstance(version, str) else "an older Trunkline"
        raise _refused(path, f"was saved by {by}, and this is {trunkline.__version__}", _AGAIN)
    if found.pop(_CHECKSUM, None) != _checksum(found):
        raise _refused(path, "was changed after it was saved", _AGAIN)
    try:
        return Saved.from_json(found)
    except (KeyError, TypeError):  # another commit of the same version
        raise _refused(path, "was saved by a Trunkline that saves other things than this one", _AGAIN) from None


def _checksum(plain: Mapping[str, Any]) -> str:
    """Give the checksum of a plan's content, whatever the layout of its file."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def load(path: Path) -> Saved:
    """Read a saved plan from its file. Raises SettingsError where that cannot be done."""
    try:
        return read(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise _refused(
            str(path), f"cannot be read: {said}", "name the file that `trunkline plan --save` wrote"
        ) from None


def demand_stack(saved: Saved, path: str, *, stack: str, project: str) -> None:
    """Raise SettingsError where a plan is another stack's."""
    if (saved.stack, saved.project) != (stack, project):
        said = f"is the plan of stack {saved.stack} of project {saved.project}, and this is {stack} of {project}"
        raise _refused(path, said, "select that stack, or save a plan of this one")


def _refused(path: str, message: str, fix: str) -> SettingsError:
    return SettingsError([Problem(rule=_RULE, file=path, message=f"{message}; nothing was changed", fix=fix)])


def of(log: EngineLog, page: Page) -> Saved:
    """Give the plan of a preview and its page, as it is to be approved."""
    return Saved(
        stack=log.stack,
        project=log.project,
        digest=log.digest,
        record=log.fleet_before,
        fleet=log.fleet_after,
        objects=tuple(
            Object(
                kind=step.kind,
                name=step.name,
                line=step.line,
                op=step.op,
                id=step.id,
                live=step.live,
                declared=None if step.op.startswith("delete") else step.after,
            )
            for step in log.steps
        ),
        page=to_json(page),
    )
