"""Planted bugs that would harm another stack of the fleet."""

from __future__ import annotations

from tests.faults.mutant import Mutant

OWNERSHIP = "providers/dynamic/ownership.py"

STACKS: tuple[Mutant, ...] = (
    Mutant(
        "tag without the stack's name",
        "§1.4 a sibling stack's line is foreign",
        "trunkline/plan/spec.py",
        'return self.fleet if self.fleet.rpartition("/")[2] == self.stack else f"{self.fleet}/{self.stack}"',
        "return self.fleet",
    ),
    Mutant(
        "look for a borrowed trunk under our own name alone",
        "§3 others refer to a trunk's owner",
        "trunkline/plan/gate.py",
        'fact["scopes"] = list(site.scopes_of(trunk.owner))',
        'fact["scopes"] = [site.scope]',
    ),
)
