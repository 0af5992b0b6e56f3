"""The carriers to test against: the sandbox below the official SDKs, without sockets and with a clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from providers import twilio, vonage
from providers.calls import Policy
from providers.port import Carrier, Props
from providers.twilio.vendor import TwilioVendor
from providers.vonage.vendor import VonageVendor
from sandbox.credentials import TWILIO, VONAGE
from sandbox.faults import Fault
from sandbox.journal import Entry
from sandbox.world import Sandbox
from tests.support.sandbox_transport import SandboxTransport
from trunkline.e164 import E164
from trunkline.secret import Secret
from trunkline.settings import AccountSettings

TAG = "trunkline:demo/support"
SIP_PASSWORD = "Canary-9f1c-Password"
NAMES = ("twilio", "vonage")
NUMBERS: Mapping[str, E164] = {"twilio": E164.parse("+16505551234"), "vonage": E164.parse("+442079460123")}
OTHERS: Mapping[str, E164] = {"twilio": E164.parse("+16505551235"), "vonage": E164.parse("+442079460124")}


class Clock:
    """Time that only sleeping makes pass; `slept` are the pauses in order."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pass_by(self, seconds: float) -> None:
        """Let time go by in the vendor, which is no pause of ours."""
        self.now += seconds


@dataclass
class World:
    """One sandbox and both carriers' adapters on it."""

    clock: Clock = field(default_factory=Clock)
    base_url: str = "http://carriers.test"
    rules: Mapping[str, Any] = field(default_factory=dict)
    """The sandbox's settings: `twilio`, `vonage`."""

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(now=self.clock.time, sleep=self.clock.pass_by, **self.rules)
        self.transport = SandboxTransport(self.sandbox, self.clock.time)
        self.policy = Policy(monotonic=self.clock.time, sleep=self.clock.sleep, jitter=Random(0))
        self.twilio: TwilioVendor = twilio.connect(twilio_settings(self.base_url), self.policy, self.transport)
        self.vonage: VonageVendor = vonage.connect(vonage_settings(self.base_url), self.policy, self.transport)

    def carrier(self, name: str) -> Carrier:
        return self.twilio.carrier if name == "twilio" else self.vonage.carrier

    def emulator(self, name: str) -> Any:
        return {"twilio": self.sandbox.twilio, "vonage": self.sandbox.vonage}[name]

    def trunk(self) -> str:
        """Make a trunk and give its SID."""
        return (
            self.twilio.adapters["SipTrunk"]
            .create({"tag": TAG, "domainName": "", "secure": False, "transferMode": "disable-all"})
            .id
        )

    def desired(self, name: str) -> Props:
        """Give what a number of the carrier is to be."""
        common = {"tag": TAG, "addressSid": "", "bundleSid": "", "country": NUMBERS[name].country}
        if name == "twilio":
            return {**common, "trunkSid": self.trunk()}
        return {**common, "sipUri": f"sip:{NUMBERS[name].digits}@demo.sip.livekit.cloud;transport=tcp"}

    def fault(self, action: Any, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(action, **fields))

    def requests_since(self, mark: int) -> list[str]:
        return [shown(entry) for entry in self.sandbox.journal.entries(mark)]

    def writes_since(self, mark: int) -> list[str]:
        return [shown(entry) for entry in self.sandbox.journal.writes(mark)]


def shown(entry: Entry) -> str:
    """Give a request of the journal as the adapters' errors name it."""
    path = entry.path.replace(f"/2010-04-01/Accounts/{TWILIO.sid}", "")
    return f"{entry.method} {path}"


def twilio_settings(base_url: str = "", token: str = TWILIO.auth_token) -> AccountSettings:
    return AccountSettings(account=TWILIO.sid, user=TWILIO.sid, password=Secret(token), base_url=base_url)


def vonage_settings(base_url: str = "", secret: str = VONAGE.api_secret) -> AccountSettings:
    return AccountSettings(account=VONAGE.api_key, user=VONAGE.api_key, password=Secret(secret), base_url=base_url)
