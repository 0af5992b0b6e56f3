"""Purchases that do not show yet: how they come about, and what is seen of them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, SEARCHED, VONAGE, inventory
from tests.faults.interruption import AtWrite
from tests.faults.scene import index_of
from tests.support.model_engine import Killed
from tests.support.world import Stack, World

LINES = {"bought": BOUGHT, "searched": SEARCHED, "vonage": VONAGE}
ACCOUNT = {"twilio": "IncomingPhoneNumbers.json", "vonage": "/account/numbers"}
FROM_THE_START = {"bought": (), "searched": ("picked",), "vonage": ("untagged",)}
BUYS = {"twilio": "IncomingPhoneNumbers.json", "vonage": "/number/buy"}


def vendor_of(line: str) -> str:
    return "vonage" if line == "vonage" else "twilio"


def lags(world: World, line: str, seconds: float = 1000.0) -> None:
    """Let the account's answers show the past."""
    vendor = vendor_of(line)
    world.sandbox.faults.add(
        Fault("stale", vendor=vendor, method="GET", path=ACCOUNT[vendor], lag_seconds=seconds, times=None)
    )


def loses_the_reply(world: World, line: str, when: Any = "after") -> None:
    vendor = vendor_of(line)
    world.sandbox.faults.add(Fault("drop", vendor=vendor, write=True, path=BUYS[vendor], when=when))


def status(stack: Stack, line: str) -> str:
    return str(stack.engine.state.resources["PhoneNumber", line].outputs["status"])


def charged(world: World) -> list[str]:
    return [charge.number for charge in world.sandbox.ledger.charges()]


def order(world: World, stack: Stack, line: str) -> str:
    """Buy a number that does not show; give it."""
    lags(world, line)
    loses_the_reply(world, line)
    stack.up(inventory({line: LINES[line]}))
    assert status(stack, line) == "ordered"
    (number,) = charged(world)
    return number


def sold(world: World, line: str) -> Any:
    """Let another customer be faster, at the purchase of a first `up`."""

    def sell(request: Any) -> None:
        form = dict(request.form)
        getattr(world.sandbox, vendor_of(line)).sell(form.get("PhoneNumber") or f"+{form['msisdn']}")

    return AtWrite(index_of(inventory({line: LINES[line]}), BUYS[vendor_of(line)]), before=sell)


def outsold(world: World, line: str, number: str) -> Any:
    """Let another customer be faster, at whatever purchase a run sends."""

    def handle(sandbox: Any, request: Any) -> Any:
        if request.method == "POST" and request.path.endswith(BUYS[vendor_of(line)]):
            getattr(world.sandbox, vendor_of(line)).sell(number)
        return sandbox.handle(request)

    return handle


def claim(world: World) -> dict[str, Any]:
    (trunk,) = world.sandbox.livekit.inbound_trunks()
    return dict(trunk)


def said_by(world: World, line: str, *words: str) -> str:
    """Give what the claim's tag field is to hold, with notes of these words about its number.

    From the start it says that a Vonage number carries no tag, and that a search picked one of Twilio's.
    """
    (number,) = claim(world)["numbers"]
    return f"trunkline:acme/test/{line}" + "".join(f"#{word}={number}" for word in (*FROM_THE_START[line], *words))


def is_refused_after_a_kill(world: World, stack: Stack, line: str) -> None:
    """Kill a purchase that another customer then wins, and see that the line waits for that number.

    Another process may have bought it: "not available" may mean "yours already".
    """
    file = inventory({line: LINES[line]})

    def die(_: Any) -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS[vendor_of(line)]), before=die))
    (number,) = claim(world)["numbers"]

    stack.up(file, handle=outsold(world, line, number))
    assert (status(stack, line), claim(world)["numbers"], charged(world)) == ("ordered", [number], [])
    assert claim(world)["metadata"] == said_by(world, line, "again")
    stack.up(file)
    assert (status(stack, line), claim(world)["numbers"], charged(world)) == ("ordered", [number], [])
