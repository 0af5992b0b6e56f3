"""Who else lives in the accounts of the simulation, and what people do there by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from sandbox.world import Sandbox
from tests.faults.draft import Draft
from tests.faults.shared_name import scoped
from tests.support.world import Stack, World

ADOPTABLE = ("+16505559001", "+16505559002", "+16505559003", "+16505559004")
"""Numbers in the account that a line may take over."""
FOREIGN = ("+16505559101", "+16505559102")
"""Numbers in the account that belong to somebody else."""
FOREIGN_OWN = ("+14085550100", "+14085550101")
"""Numbers that LiveKit sold to somebody else of the same project: to people, and to another fleet."""


@cache
def strangers() -> Mapping[str, Any]:
    """An account in which another fleet, with lines of the same names, and people without Trunkline are at home."""
    world = World(-1)
    other: dict[str, dict[str, Any]] = {
        "l1": {"provider": "twilio", "phone_number": "+16505558001", "agent": "support"},
        "l2": {
            "provider": "vonage",
            "search": {"country": "GB", "type": "mobile"},
            "country": "GB",
            "agent": "support",
        },
        "l3": {"provider": "custom", "phone_number": "+442071238003", "sip_address": "a.example", "agent": "support"},
    }
    Stack(world, name="other", fleet="acme/other").up(Draft(lines=other).text())
    sandbox = world.sandbox
    sandbox.twilio.add_number(FOREIGN[0], friendly_name="Reception", voice_url="https://example.com/voice")
    sandbox.twilio.add_number(FOREIGN[1], friendly_name="trunkline:acme/elsewhere/l1")
    sandbox.vonage.add_number("+447400990001", moHttpUrl="https://example.com/sms")
    trunk = sandbox.livekit.add_inbound_trunk(name="by hand", numbers=[FOREIGN[0]])
    sandbox.livekit.add_outbound_trunk(name="by hand", numbers=[FOREIGN[0]], address="sip.example.org")
    sandbox.livekit.add_dispatch_rule(
        name="by hand",
        trunk_ids=[trunk["sip_trunk_id"]],
        rule={"dispatch_rule_individual": {"room_prefix": "hand-"}},
    )
    return sandbox.snapshot()


def sell_to_strangers(sandbox: Sandbox) -> None:
    """Let the project have numbers of LiveKit's that are not ours, each with a rule."""
    names = ("Reception", "trunkline:acme/elsewhere/l1")
    for number, name in zip(FOREIGN_OWN, names, strict=True):
        individual = {"dispatch_rule_individual": {"room_prefix": f"{number}-"}}
        rule = sandbox.livekit.add_dispatch_rule(name=name, trunk_ids=[f"ST_{number}"], rule=individual)
        sandbox.livekit.numbers.add(number, rule["sip_dispatch_rule_id"], name=name)


def tamper(sandbox: Any, prefix: str, rng: Random) -> None:
    """Change something of ours by hand; `prefix` is what our tags begin with."""
    ours = [each for each in sandbox.livekit.inbound_trunks() if scoped(each.get("metadata", "")).startswith(prefix)]
    rules = [each for each in sandbox.livekit.dispatch_rules() if scoped(each.get("name", "")).startswith(prefix)]
    own = [each["e164_format"] for each in sandbox.livekit.numbers if scoped(each["name"]).startswith(prefix)]
    if own and rng.random() < 0.5:
        sandbox.livekit.numbers.edit(rng.choice(own), name="by hand", rule=rng.choice((None, "")))
        return
    act = rng.randrange(4)
    if act == 0 and ours:
        sandbox.livekit.edit_trunk(rng.choice(ours)["sip_trunk_id"], krisp_enabled=True, name="by hand")
    elif act == 1 and rules:
        sandbox.livekit.delete(rng.choice(rules)["sip_dispatch_rule_id"])
    elif act == 2:
        named = {number: scoped(sandbox.twilio.number(number)["friendly_name"]) for number in sandbox.twilio.numbers()}
        numbers = [number for number, name in named.items() if name.startswith(prefix)]
        if numbers:
            sandbox.twilio.edit_number(rng.choice(numbers), trunk_sid=None)
    elif ours:
        sandbox.livekit.delete(rng.choice(ours)["sip_trunk_id"])
