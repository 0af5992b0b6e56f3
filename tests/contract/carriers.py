"""The carriers to test against: the sandbox below the official SDKs, without sockets and with a clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from random import Random
from typing import Any, cast

from providers.calls import Policy
from providers.port import Carrier, Props
from providers.twilio.client import TwilioVendor
from providers.vonage.client import VonageVendor
from sandbox.credentials import TWILIO
from sandbox.environment import environment
from sandbox.faults import Fault
from sandbox.journal import Entry
from sandbox.world import Sandbox
from tests.contract.cases import CASES, SELLERS
from tests.support.own_numbers import OwnNumbers, connected_project, rule_of
from tests.support.sandbox_transport import SandboxTransport
from trunkline.e164 import E164
from trunkline.secret import Secret
from trunkline.settings import AccountSettings, Settings

TAG = "trunkline:demo/support"
SIP_PASSWORD = "Canary-9f1c-Password"
NAMES = tuple(CASES)
NUMBERS: Mapping[str, E164] = {name: case.number for name, case in SELLERS.items()}
OTHERS: Mapping[str, E164] = {name: case.other for name, case in SELLERS.items()}


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
    """One sandbox and the carriers' adapters on it. `rules`: carrier -> the sandbox's settings."""

    clock: Clock = field(default_factory=Clock)
    base_url: str = "http://carriers.test"
    rules: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(now=self.clock.time, sleep=self.clock.pass_by, **self.rules)
        self.transport = SandboxTransport(self.sandbox, self.clock.time)
        self.policy = Policy(monotonic=self.clock.time, sleep=self.clock.sleep, jitter=Random(0))
        self.vendors = {name: self.connect(name) for name in SELLERS}

    @property
    def twilio(self) -> TwilioVendor:
        return cast(TwilioVendor, self.vendors["twilio"])

    @property
    def vonage(self) -> VonageVendor:
        return cast(VonageVendor, self.vendors["vonage"])

    def connect(self, name: str, secret: str = "") -> Any:
        """Give a carrier's account; with another secret where one is given."""
        return connected(name, self.policy, self.base_url, secret, self.transport)

    def carrier(self, name: str) -> Carrier:
        return cast(Carrier, self.vendors[name].carrier)

    def emulator(self, name: str) -> Any:
        return emulator(self.sandbox, name)

    def trunk(self) -> str:
        """Make a trunk and give its SID."""
        return (
            self.twilio.adapters["SipTrunk"]
            .create({"tag": TAG, "domainName": "", "secure": False, "transferMode": "disable-all"})
            .id
        )

    def desired(self, name: str) -> Props:
        """Give what a number of the carrier is to be."""
        number = NUMBERS[name]
        papers = {"addressSid": "", "bundleSid": "", "country": number.country}
        routing = SELLERS[name].routing(number, self.trunk)
        if "dispatchRuleId" in routing:
            routing = {"dispatchRuleId": rule_of(self.sandbox)}
        return {"tag": TAG, **papers, **routing}

    def fault(self, action: Any, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(action, **fields))

    def requests_since(self, mark: int) -> list[str]:
        return [shown(entry) for entry in self.sandbox.journal.entries(mark)]

    def writes_since(self, mark: int) -> list[str]:
        return [shown(entry) for entry in self.sandbox.journal.writes(mark)]


def emulator(sandbox: Sandbox, name: str) -> Any:
    """Give what steers a carrier of the sandbox by hand."""
    return sandbox.carriers[name] if name in CASES else OwnNumbers(sandbox)


def shown(entry: Entry) -> str:
    """Give a request of the journal as the adapters' errors name it."""
    path = entry.path.replace(f"/2010-04-01/Accounts/{TWILIO.sid}", "")
    return f"{entry.method} {path}"


def connected(name: str, policy: Policy, base_url: str = "", secret: str = "", transport: Any = None) -> Any:
    """Connect a carrier's account in the sandbox, or the LiveKit project for its numbers, as the registry does."""
    if name not in CASES:
        return connected_project(policy, base_url, secret, transport)
    return import_module(f"providers.{name}").connect(account_settings(name, base_url, secret), policy, transport)


def account_settings(name: str, base_url: str = "", secret: str = "") -> AccountSettings:
    """Give how a carrier's account in the sandbox is reached; with another secret where one is given."""
    account = Settings.load(environment(base_url), lambda name: None).carriers[name]
    return replace(account, password=Secret(secret)) if secret else account


def twilio_settings(base_url: str = "", secret: str = "") -> AccountSettings:
    return account_settings("twilio", base_url, secret)


def vonage_settings(base_url: str = "", secret: str = "") -> AccountSettings:
    return account_settings("vonage", base_url, secret)
