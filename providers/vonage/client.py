"""A Vonage account as the registry takes it: its SDK on our sending side.

The SDK's HTTP client repeats any request, a purchase too, ten times when the connection is dropped
(vonage-http-client 1.5.2, 2026-11-24), and sends a form as JSON after the first JSON request. Its `make_request`, where
both happen, is not used.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from requests.adapters import BaseAdapter
from vonage_http_client import Auth, HttpClient  # type: ignore[import-untyped]
from vonage_numbers import Numbers  # type: ignore[import-untyped]

from providers.authentication import basic
from providers.calls import Policy
from providers.port import Adapter, Carrier
from providers.rest import Rest
from providers.sdk_session import SdkClient, SdkSession
from providers.vonage.numbering import VonageCarrier
from providers.vonage.refusals import VonageDialect
from trunkline.settings import AccountSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageVendor:
    """The account's numbers. It has no other objects that we manage."""

    carrier: Carrier
    adapters: Mapping[str, Adapter] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> VonageVendor:
        """Give the account of the settings. `transport` replaces the network below the SDK."""
        return cls(carrier=VonageCarrier(settings.account, session(settings, policy, transport)))


def session(settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> SdkSession:
    """Give the session of an account; nothing is sent yet."""
    rest = Rest(VonageDialect(), policy, basic(settings.user, settings.password), transport)
    # One request at a time: see REQUESTS_AT_ONCE in limits.py.
    turn = threading.Lock()
    return SdkSession(rest, lambda: _client(settings, rest, turn))


class _Wire(HttpClient):  # type: ignore[misc]
    """What the SDK sends with, in the place of its own sending."""

    def __init__(self, settings: AccountSettings, rest: Rest, turn: threading.Lock) -> None:
        # `rest` adds the credentials; the SDK only demands that there are some.
        super().__init__(Auth(api_key=settings.user, api_secret="-"))
        self._base_url, self._rest, self._turn = settings.base_url, rest, turn
        self.label = ""

    def make_request(
        self,
        request_type: str,
        host: str,
        request_path: str = "",
        params: Mapping[str, Any] | None = None,
        auth_type: str = "basic",
        sent_data_type: str = "form",
        token: str | None = None,
    ) -> Mapping[str, Any]:
        """Send what the SDK asks for and give the answer's JSON. Credentials are decided here, not by its arguments."""
        url = f"{self._base_url or f'https://{host}'}{request_path}"
        words: dict[str, Any] = {"query" if sent_data_type == "query_params" else "form": params}
        self.label = self._rest.label(request_type, url)
        with self._turn:
            return self._rest.send(request_type, url, **words).body


def _client(settings: AccountSettings, rest: Rest, turn: threading.Lock) -> SdkClient:
    wire = _Wire(settings, rest, turn)
    # `Numbers` is the SDK's; its `http_client` sends what that cannot express.
    return SdkClient(Numbers(wire), wire)
