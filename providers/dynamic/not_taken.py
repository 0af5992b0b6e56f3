"""Why a number that is in the account is not taken as a line's, and what its operator does next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.ownership import MOVE
from providers.dynamic.searching import Impossible
from providers.port import OwnedNumber
from trunkline.model.tag import Tag


def refusal(
    owned: OwnedNumber, wish: Mapping[str, Any], old: Mapping[str, Any], holder: Tag | None, *, is_ours: bool
) -> Impossible:
    """Give the refusal. `holder`: whose tag or claim it has, `is_ours`: whether that one is of this stack.

    `old`: what the record has of the line.
    """
    number = owned.number
    if holder is not None and is_ours:
        return Impossible(
            f"{number} is held by {holder.describe()}. Nothing moves between lines by itself: write `renamed_from:"
            f" {holder.owner}` if this is the same line, or apply that line's `removal: keep` first and then"
            " `adopt: true` here"
        )
    if holder is not None:
        return Impossible(
            f"{number} is in the {wish['provider']} account already and belongs to {holder.describe()}. {MOVE}"
        )
    is_recorded = old.get("phoneNumber") == number
    if is_recorded and not old.get("held"):
        return _chosen_alone(number, wish)
    whose = "was detached by `removal: keep`" if is_recorded else "was not made by Trunkline"
    way = "Set" if "number" in wish else f'Write `phone_number: "{number}"` in place of `search`, and'
    return Impossible(
        f"{number} is in the {wish['provider']} account already and {whose}. {way} `adopt: true` to take it over in"
        " place; nothing is bought then"
    )


def _chosen_alone(number: str, wish: Mapping[str, Any]) -> Impossible:
    """It is this line's purchase, whose claim somebody took away or a list does not show yet, or it is another's.

    To take it might take what is somebody else's, and to pick another might buy a second one.
    """
    way, another = "", f'give the line another number, and write `give_up: "{number}"` beside it'
    if "search" in wish:
        way, another = f'`phone_number: "{number}"` in place of `search`, and ', f'write `give_up: "{number}"` here'
    return Impossible(
        f"{number} was chosen for it and is in the {wish['provider']} account by now, but neither a tag nor anything at"
        " LiveKit says that it was bought for it. Nothing was changed or bought. Where LiveKit's lists lag, a later"
        f" `pulumi up` finds whose it is. If the number is the line's, write {way}`adopt: true`, which takes it over in"
        f" place; if it is somebody else's, {another}"
    )
