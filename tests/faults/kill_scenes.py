"""What is applied where a real run is killed, where it begins, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.faults.inventory import DESK, NOTHING, inventory, own
from tests.faults.theatre import Theatre


@dataclass(frozen=True, slots=True)
class Scene:
    """`base`: where it begins; `tamper` is done by hand then; `file` is applied, and `end` is what must come of it.

    `charges` and `released`: how many numbers were bought and released in all, at the end.
    """

    base: str
    file: str
    charges: int
    released: int = 0
    tamper: Callable[[Theatre], None] | None = None


def _tamper(stage: Theatre) -> None:
    """Change by hand what no edit of the file changes: the number's trunk, and the list's name."""
    stage.sandbox.twilio.edit_number(DESK, trunk_sid=None)
    (key,) = stage.sandbox.twilio.store.table("credential_lists")
    stage.sandbox.twilio.edit_record("credential_list", key, friendly_name="by hand")


def _rename(stage: Theatre) -> None:
    """Give LiveKit's number another name by hand, and take it from its rule."""
    (number,) = stage.sandbox.livekit.numbers
    stage.sandbox.livekit.numbers.edit(number["e164_format"], name="by hand", rule="")


SCENES: Mapping[str, Scene] = {
    "create": Scene("empty", inventory(), charges=2),
    "update": Scene("made", inventory(changed=True), charges=2, tamper=_tamper),
    "delete": Scene("marked", NOTHING, charges=2, released=2),
    "keep": Scene("kept", NOTHING, charges=2),
    "revert": Scene("noted", NOTHING, charges=0),
    "own create": Scene("empty", own(), charges=1),
    "own update": Scene("own made", own(changed=True), charges=1, tamper=_rename),
    "own delete": Scene("own marked", NOTHING, charges=1, released=1),
    "own keep": Scene("own kept", NOTHING, charges=1),
}
