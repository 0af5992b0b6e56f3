"""Two stacks whose fleet has one name, tagged for that name alone, as versions up to 0.1 did."""

from __future__ import annotations

import re
from dataclasses import fields, replace

from tests.support.world import site
from trunkline.inventory import parse
from trunkline.plan import Plan, Site, compile_plan

FLEET = "acme/shared"
"""The fleet of the walks whose two stacks have one name."""
OWN = "Several stacks may have that name"
"""What a stack is told that has lost its record, and cannot tell its own from the sibling's: retagging is the way."""
_OWNER = r"(?P<owner>(?:trunk\.)?[a-z]+(?P<serial>[0-9]*)(?:-(?P<stack>[ab]))?\+*)"
_TAG = re.compile(rf"trunkline:{FLEET}/{_OWNER}(?=#|$)")
_SECOND = 250
"""The serial number from which the second stack names its lines."""


class _EarlierSite(Site):
    """A site whose tags name the fleet alone."""

    @property
    def scope(self) -> str:
        return self.fleet


def earlier_plan(text: str, stack: str, fleet: str) -> Plan:
    """Compile a file as versions up to 0.1 did."""
    known = site(stack, fleet)
    earlier = _EarlierSite(**{field.name: getattr(known, field.name) for field in fields(Site)})
    return compile_plan(parse(text, "numbers.yaml").for_stack(stack), replace(earlier))


def scoped(tag: str) -> str:
    """Give a tag as today's version writes it: who made an object under the shared name is known by its name."""
    found = _TAG.match(tag)
    if not found:
        return tag
    stack = found["stack"] or ("b" if int(found["serial"] or 0) >= _SECOND else "a")
    return f"trunkline:{FLEET}/{stack}/{found['owner']}{tag[found.end() :]}"
