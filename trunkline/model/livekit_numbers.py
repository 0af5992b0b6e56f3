"""How a dispatch rule and a number that LiveKit itself sells know of each other.

No trunk carries such a number: its id (`PN_PPN_…`) stands among the trunk ids of the rule that answers it, put there by
LiveKit when the number is bought or updated with the rule's id (livekit/protocol#1179: linked, not copied; LiveKit
Phone Numbers guide, read 2026-11-26). The rule is made first, so until then it holds a text of ours in the id's place:
a rule without any trunk id would answer every trunk. That text names the number, and so claims it. That LiveKit Cloud
takes an id that no trunk has is unconfirmed; livekit-server 1.13.5 does.
"""

from __future__ import annotations

from collections.abc import Iterable

NUMBER_ID = "PN_"
"""How the ids of such numbers begin."""
CLAIM = "trunkline-number:"


def claim_of(number: str) -> str:
    """Give what stands among a rule's trunk ids for the number (E.164) that it is for."""
    return f"{CLAIM}{number}"


def claimed(trunk_ids: Iterable[str]) -> tuple[str, ...]:
    """Give the numbers that a rule with these trunk ids claims."""
    return tuple(each.removeprefix(CLAIM) for each in trunk_ids if each.startswith(CLAIM))


def is_number(trunk_id: str) -> bool:
    """Whether what stands among a rule's trunk ids is such a number, by its id or by our claim."""
    return trunk_id.startswith((NUMBER_ID, CLAIM))
