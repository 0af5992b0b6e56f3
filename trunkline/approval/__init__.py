"""What was approved is what runs: a saved plan, and what has moved since it was made. Pure but for `load`."""

from trunkline.approval.moves import Move, bound, declared, found, standing, told, unbound
from trunkline.approval.saved import NOT_APPROVED, Object, Saved, demand_stack, load, of, read

__all__ = [
    "NOT_APPROVED",
    "Move",
    "Object",
    "Saved",
    "bound",
    "declared",
    "demand_stack",
    "found",
    "load",
    "of",
    "read",
    "standing",
    "told",
    "unbound",
]
