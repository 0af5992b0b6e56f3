"""What somebody does in the vendors' consoles between two runs of a stack."""

from __future__ import annotations

from random import Random

from tests.faults import market
from tests.faults.surroundings import tamper
from tests.faults.tenant import Tenant


def act(tenant: Tenant, words: str, rng: Random) -> None:
    """Do what the words of a proposal say, and let all take it as it is: see `Proposal.hand`."""
    deed, _, name = words.partition(" ")
    if deed == "vanish":
        number = tenant.oracle.number_of(name)
        assert number
        market.release(tenant.stage.world.sandbox, _carrier(tenant, name), number)
        tenant.oracle.by_hand(tenant.oracle.root(name), number)
        tenant.stage.watch.forget(number)
        tenant.vanished |= {name}
    elif deed == "unsell":
        line = tenant.stack.engine.state.resources["PhoneNumber", name]
        market.unsell(tenant.stage.world.sandbox, _carrier(tenant, name), line.outputs["phoneNumber"])
    elif deed == "drift":
        tenant.oracle.tampered = True
        tamper(tenant.stage.world.sandbox, tenant.oracle.prefix, rng)
    if deed:
        tenant.stage.watch.settle()


def _carrier(tenant: Tenant, name: str) -> str:
    return str(tenant.oracle.lines[name]["provider"])
