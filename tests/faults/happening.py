"""What a run meets that is no fault of its own: where it stands in the walk, and what its file asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.faults.draft import Line
from tests.faults.holdings import records
from tests.faults.proposal import Proposal

if TYPE_CHECKING:
    from tests.faults.tenant import Tenant


def meeting(tenant: Tenant, proposal: Proposal) -> Iterator[str]:
    """Name what a run of the proposal meets, as the table has it."""
    happening = {
        "lost state": proposal.hand == "lose",
        "older commit": proposal.is_older,
        "foreign neighbour": bool(tenant.stage.bystanders.groups),
        "pending number": _has_pending(tenant),
        "random search": _searches(tenant),
        "shared search": _shares_a_search(tenant),
        "move between stacks": proposal.is_move,
        "rotated password": proposal.is_rotation,
    }
    return (kind for kind, happens in happening.items() if happens)


def _has_pending(tenant: Tenant) -> bool:
    """Whether a number in the account is not active yet."""
    numbers = records(tenant.stage.world.sandbox, "twilio", "numbers").values()
    return any(each.get("_active_from", 0.0) > tenant.stage.world.clock() for each in numbers)


def _searches(tenant: Tenant) -> bool:
    """Whether a line searches where each answer is another sample."""
    return any(line["provider"] == "twilio" for line in _searching(tenant).values())


def _shares_a_search(tenant: Tenant) -> bool:
    """Whether a line that has no number yet is searched for by another stack of the file too."""
    return any(name in other.draft.lines for name in _searching(tenant) for other in tenant.others)


def _searching(tenant: Tenant) -> dict[str, Line]:
    recorded = tenant.stack.engine.state.resources
    lines = tenant.draft.lines.items()
    return {name: line for name, line in lines if "search" in line and ("PhoneNumber", name) not in recorded}
