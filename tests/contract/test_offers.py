"""What the API's one live endpoint asks the carriers."""

from __future__ import annotations

import pytest

from providers.offers import search
from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from trunkline.offers import Offer, Wanted


def test_offers_come_priced_and_nothing_is_bought() -> None:
    with SandboxServer(Sandbox()) as server:
        ask = search(environment(server.url))
        assert ask is not None

        (found,) = ask(Wanted(provider="twilio", country="US", area_code="650", limit=1))

        assert found == Offer(number=found.number, country="US", type="local", monthly=("1.15", "USD"))
        assert found.number.startswith("+1650")
        assert server.sandbox.ledger.charges() == []


def test_a_carrier_without_credentials_is_not_there() -> None:
    with SandboxServer(Sandbox()) as server:
        settings = {name: value for name, value in environment(server.url).items() if not name.startswith("VONAGE")}
        ask = search(settings)
        assert ask is not None

        with pytest.raises(LookupError, match="vonage"):
            ask(Wanted(provider="vonage", country="GB"))


def test_without_any_carrier_there_is_no_search() -> None:
    assert search({}) is None
