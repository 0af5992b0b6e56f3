"""The numbers that LiveKit itself sells, with the words in which the sandbox's carriers are steered by hand."""

from __future__ import annotations

from typing import Any, cast

from providers import livekit_numbers
from providers.calls import Policy
from sandbox.credentials import LIVEKIT, LIVEKIT_SIP_URI
from sandbox.world import Sandbox
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings


class OwnNumbers:
    """The one project's, by the names of `sandbox.carrier.Carrier`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._numbers = sandbox.livekit.numbers

    def add_number(self, number: str, **fields: Any) -> None:
        self._numbers.add(number, **fields)

    def add_foreign_number(self, number: str) -> None:
        """Another project's is in no answer; it can only be had no more."""
        self._numbers.sell(number)

    def sell(self, number: str) -> None:
        self._numbers.sell(number)


def connected_project(policy: Policy, url: str, secret: str = "", transport: Any = None) -> Any:
    """Connect the project's numbers, as the registry does; with another secret where one is given."""
    settings = LiveKitSettings(
        url=url,
        api_key=LIVEKIT.api_key,
        api_secret=Secret(secret or LIVEKIT.api_secret),
        sip_host=LIVEKIT_SIP_URI.partition(":")[2],
    )
    return livekit_numbers.connect(settings, policy, transport)


def rule_of(sandbox: Sandbox) -> str:
    """Give the rule that answers a number that is to be bought."""
    made = sandbox.livekit.dispatch_rules()
    individual = {"dispatch_rule_individual": {"room_prefix": "call-"}}
    found = made[0] if made else sandbox.livekit.add_dispatch_rule(trunk_ids=["trunkline-number:+1"], rule=individual)
    return cast(str, found["sip_dispatch_rule_id"])
