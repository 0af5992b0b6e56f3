"""A sandbox, a stack and an inventory, put together without processes: what fast tests run in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from random import Random
from typing import Any

import pytest

from providers import livekit
from providers.calls import Policy
from providers.dynamic.runtime import Runtime
from providers.registry import WITHIN, Vendors, joined
from sandbox.credentials import LIVEKIT, LIVEKIT_SIP_URI, VONAGE
from sandbox.environment import environment
from sandbox.world import Sandbox
from tests.support.model_engine import Engine, Failed
from tests.support.model_state import Options, Step
from tests.support.sandbox_livekit_session import SandboxSession
from tests.support.sandbox_transport import SandboxTransport
from trunkline.inventory import parse
from trunkline.plan import Plan, Site, compile_plan
from trunkline.secret import Secret
from trunkline.settings import AccountSettings, LiveKitSettings, Settings

SECRETS = {
    "twilioSipUsername": "livekit",
    "twilioSipPassword": "Canary-Termination-1",
    "ukOfficePassword": "canary-uk-office-2",
    "twilioTermination": "Canary-Termination-3",
    "vonageApiSecret": VONAGE.api_secret,
}


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class World:
    """One sandbox and the stacks that work on it."""

    def __init__(self, seed: int = 0, **settings: Any) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(seed, now=self.clock, sleep=self.clock.sleep, **settings)
        self.notices: list[str] = []

    def process(
        self, *, handle: Callable[..., Any] | None = None, allow_account_change: bool = False, at_once: int = 1
    ) -> Runtime:
        """A new provider process. `handle` stands in for the sandbox's own, to count, to fail or to kill."""
        served = _Served(self.sandbox, handle) if handle else self.sandbox
        policy = Policy(monotonic=self.clock, sleep=self.clock.sleep, jitter=Random(0))
        return Runtime(
            vendors=_vendors(served, policy, self.clock),
            policy=policy,
            now=self.clock,
            at_once=at_once,
            allow_account_change=allow_account_change,
            notice=self.notices.append,
        )

    def plan(self, text: str, *, stack: str = "test", fleet: str = "acme/test", retag: bool = False) -> Plan:
        """Compile an inventory's text."""
        return compile_plan(parse(text, "numbers.yaml").for_stack(stack), replace(site(stack, fleet), retag=retag))

    def writes(self) -> list[str]:
        """The writes since the last `clear`, as "POST /path"."""
        return [f"{entry.vendor} {entry.method} {entry.path}" for entry in self.sandbox.journal.writes()]


class Stack:
    """A stack of a world: its engine and its state."""

    def __init__(
        self, world: World, *, name: str = "test", fleet: str = "acme/test", checkpoints: bool = False
    ) -> None:
        self.world, self.name, self.fleet = world, name, fleet
        self.engine = Engine(secrets=SECRETS, checkpoints=checkpoints)

    def up(
        self, text: str, *, handle: Callable[..., Any] | None = None, retag: bool = False, **flags: Any
    ) -> list[Step]:
        """Apply; `flags` are those of `Options`."""
        return self.engine.up(self.plan(text, retag=retag), self.world.process(handle=handle), Options(**flags))

    def preview(self, text: str, **flags: Any) -> list[Step]:
        return self.engine.preview(self.plan(text), self.world.process(), Options(**flags))

    def refused(self, text: str) -> str:
        """Apply what must be refused before any write, and give what was said."""
        mark = self.world.sandbox.journal.mark()
        with pytest.raises(Failed) as failure:
            self.up(text)
        assert self.world.sandbox.journal.writes(mark) == []
        return "\n".join(failure.value.messages)

    def destroy(self, **flags: Any) -> list[Step]:
        return self.engine.destroy(self.world.process(), Options(**flags))

    def ids(self) -> dict[str, str]:
        """Every resource's vendor id, by "Kind name"."""
        return {
            f"{kind} {name}": recorded.outputs.get("vendorId", recorded.id)
            for (kind, name), recorded in sorted(self.engine.state.resources.items())
        }

    def plan(self, text: str, *, retag: bool = False) -> Plan:
        """Compile an inventory's text for this stack."""
        return self.world.plan(text, stack=self.name, fleet=self.fleet, retag=retag)


def site(stack: str = "test", fleet: str = "acme/test") -> Site:
    return Site(
        fleet=fleet,
        stack=stack,
        accounts={"livekit": "sandbox", **{name: one.account for name, one in _accounts().items()}},
        sip_host=LIVEKIT_SIP_URI.removeprefix("sip:"),
        config_secrets=frozenset(SECRETS),
        secrets={name: Secret(value) for name, value in SECRETS.items()},
    )


class _Served:
    """The sandbox behind another `handle`."""

    def __init__(self, sandbox: Sandbox, handle: Callable[..., Any]) -> None:
        self._sandbox, self._handle = sandbox, handle

    def handle(self, request: Any) -> Any:
        return self._handle(self._sandbox, request)


def _vendors(sandbox: Any, policy: Policy, clock: Clock) -> Vendors:
    livekit_settings = LiveKitSettings(
        url="http://sandbox",
        api_key=LIVEKIT.api_key,
        api_secret=Secret(LIVEKIT.api_secret),
        sip_host=LIVEKIT_SIP_URI.removeprefix("sip:"),
    )
    connected: dict[str, Any] = {
        name: import_module(f"providers.{name}").connect(account, policy.paced(), SandboxTransport(sandbox, clock))
        for name, account in _accounts().items()
    }
    paced, within = policy.paced(), SandboxTransport(sandbox, clock)
    connected["livekit"] = livekit.connect(livekit_settings, paced, SandboxSession(sandbox, clock))
    connected |= {
        name: import_module(f"providers.{name}").connect(livekit_settings, paced, within) for name in WITHIN["livekit"]
    }
    accounts = {name: account.account for name, account in _accounts().items()}
    return joined(connected, {**accounts, "livekit": connected["livekit"].host})


@cache
def _accounts() -> Mapping[str, AccountSettings]:
    return Settings.load(environment("http://localhost"), lambda name: None).carriers
