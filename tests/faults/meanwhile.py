"""Runs of others in the middle of a run: of the same stack, cancelled and alive, and of a sibling in the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.dynamic import runtime
from tests.faults.draft import Draft
from tests.faults.proposal import Proposal
from tests.support.model_engine import Engine
from tests.support.world import SECRETS

if TYPE_CHECKING:
    from tests.faults.tenant import Tenant


def same_stack(tenant: Tenant, wanted: Draft) -> None:
    """Somebody cancels the run, which lives on, and starts the same one; the last to save wins.

    Its marks count where it was the last: what it had applied is forgotten with its state otherwise.
    """
    mine, engine = runtime.current(), tenant.stack.engine
    other = Engine(secrets=SECRETS, checkpoints=engine.checkpoints, state=engine.state)
    tenant.stage.say("   (other run)")
    if tenant.stage.up(other, tenant.plan(wanted), tenant.oracle).end == "ok":
        tenant.overtaken = other.state
    runtime.install(mine)
    engine.state = other.state


def sibling(tenant: Tenant) -> None:
    """Another stack of the file is applied meanwhile."""
    if not tenant.others:
        return
    mine, other = runtime.current(), tenant.others[0]
    tenant.stage.say(f"   (run of {other.name})")
    other.views = {}
    other.attempt(other.coming or Proposal(name="meanwhile", draft=other.draft))
    runtime.install(mine)
