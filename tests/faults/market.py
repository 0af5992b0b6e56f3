"""What happens to numbers at their carriers without our doing, by the carrier's name."""

from __future__ import annotations

from functools import cache

from sandbox.numbering import blocks
from sandbox.stock import Pattern, offered
from sandbox.world import Sandbox

CARRIERS = ("twilio", "vonage", "livekit")
_AREAS = ("202", "313", "808", "907")
_EACH = 250


def sell(sandbox: Sandbox, carrier: str, number: str) -> None:
    """Another customer is faster."""
    (sandbox.livekit.numbers if carrier == "livekit" else sandbox.carriers[carrier]).sell(number)


def unsell(sandbox: Sandbox, carrier: str, number: str) -> None:
    """What was released can be had again."""
    (sandbox.livekit.numbers if carrier == "livekit" else sandbox.carriers[carrier]).unsell(number)


def release(sandbox: Sandbox, carrier: str, number: str) -> None:
    """Somebody releases a number in the carrier's console."""
    if carrier == "livekit":
        sandbox.livekit.numbers.release(number)
    else:
        sandbox.carriers[carrier].release_by_hand(number)


@cache
def of_livekit(serial: int) -> str:
    """Give the number that LiveKit sells to a line with this serial: one that it offers, since it tells of no other."""
    return _on_offer(_AREAS[serial // _EACH % len(_AREAS)])[serial % 200]


@cache
def _on_offer(area_code: str) -> tuple[str, ...]:
    local = [block for block in blocks("US") if block.type == "local"]
    found = offered(local, Pattern(f"1{area_code}", "start"), lambda number: True, _EACH)
    return tuple(number for number, _ in found)
