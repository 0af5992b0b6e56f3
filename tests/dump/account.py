"""One customer's accounts at all vendors, as somebody clicks them together."""

from __future__ import annotations

from random import Random
from typing import Any

from sandbox.world import Sandbox
from tests.support.world import World

HOST = "sandbox.sip.livekit.cloud"
ROUTE = f"sip:{HOST};transport=tcp"
INDIVIDUAL = {"dispatch_rule_individual": {"room_prefix": "call-"}}
AGENTS = ("desk-agent", "sales", "Night Watch", "scribe")


class Account:
    """One customer's accounts at all vendors, in a world of its own or at a sandbox that is served."""

    def __init__(self, seed: int, sandbox: Sandbox | None = None) -> None:
        self.world, self.rng = World(), Random(seed)
        self.world.sandbox = sandbox or self.world.sandbox
        self.livekit = self.world.sandbox.livekit
        self._count = 0

    def us(self) -> str:
        self._count += 1
        return f"+1650555{1000 + self._count}"

    def gb(self) -> str:
        self._count += 1
        return f"+44740012{1000 + self._count}"

    def pbx(self) -> str:
        """Give a number that no carrier's account has."""
        self._count += 1
        return f"+3319900{1000 + self._count}"

    def agent(self) -> dict[str, Any]:
        metadata = self.rng.choice(["", "", "plain text", '{"tier":"gold"}', '{"b": 1}'])
        return {"agent_name": self.rng.choice(AGENTS[:2]), "metadata": metadata}

    def rule(self, trunks: list[str], **fields: Any) -> str:
        given = {
            "name": f"rule {self.rng.randrange(99)}",
            "trunk_ids": trunks,
            "rule": self.rng.choice(
                [INDIVIDUAL, INDIVIDUAL, {"dispatch_rule_individual": {"room_prefix": "support-"}}]
            ),
            "room_config": {"agents": [self.agent()]},
        }
        made: str = self.livekit.add_dispatch_rule(**{**given, **fields})["sip_dispatch_rule_id"]
        return made

    def inbound(
        self, numbers: list[str], *, ruled: bool = True, rule: dict[str, Any] | None = None, **more: Any
    ) -> str:
        name = self.rng.choice(["Front desk", "support", "", "Büro", numbers[0] if numbers else "all"])
        made: str = self.livekit.add_inbound_trunk(**{"name": name, "numbers": numbers, **more})["sip_trunk_id"]
        if ruled:
            self.rule([made], **(rule or {}))
        return made

    def outbound(self, numbers: list[str], address: str, **more: Any) -> str:
        given = {"name": "out", "numbers": numbers, "address": address, **more}
        made: str = self.livekit.add_outbound_trunk(**given)["sip_trunk_id"]
        return made

    def twilio(self, *, route: str = ROUTE, secure: bool = False) -> str:
        """Make an Elastic SIP Trunk that sends calls to `route`, and give its id."""
        self._count += 1
        run = self.world.process()
        wanted = {
            "tag": f"Trunk {self._count}",
            "domainName": f"acme-{self._count}.pstn.twilio.com",
            "secure": secure,
            "transferMode": self.rng.choice(["disable-all", "sip-only", "enable-all"]),
        }
        made = run.adapter("SipTrunk").create(wanted).id
        if route:
            self.world.sandbox.twilio.add_origination_url(made, route, weight=10, priority=self.rng.randrange(3))
        return made

    def at_twilio(self, trunk: str, **fields: Any) -> str:
        number = self.us()
        routed = {"trunk_sid": trunk} if trunk else {}
        self.world.sandbox.twilio.add_number(number, **{**routed, **fields})
        return number

    def at_vonage(self, form: str = f"sip:{{digits}}@{HOST};transport=tcp") -> str:
        number = self.gb()
        value = form.format(digits=number[1:])
        kind = {"voiceCallbackType": "sip", "voiceCallbackValue": value} if value else {}
        self.world.sandbox.vonage.add_number(number, **kind)
        return number
