"""From what the vendors hold to a numbers.yaml that adopts it. Pure: `providers.holdings` reads, `cli.dump` writes."""

from trunkline.dump.compose import compose
from trunkline.dump.description import Description, described
from trunkline.dump.holdings import CarrierTrunk, HeldNumber, Holdings, LiveObject
from trunkline.dump.reasons import Reason
from trunkline.dump.render import render
from trunkline.dump.selection import pick

__all__ = [
    "CarrierTrunk",
    "Description",
    "HeldNumber",
    "Holdings",
    "LiveObject",
    "Reason",
    "compose",
    "described",
    "pick",
    "render",
]
