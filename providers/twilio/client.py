"""A Twilio account as the registry takes it: its SDK on our sending side."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import BaseAdapter
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from providers.authentication import basic
from providers.calls import Policy
from providers.port import Adapter, Carrier
from providers.rest import Rest
from providers.sdk_session import SdkClient, SdkSession
from providers.twilio.numbering import TwilioCarrier
from providers.twilio.refusals import TwilioDialect
from providers.twilio.trunks import adapters
from trunkline.settings import AccountSettings

# The region is not taken from the environment: an account's objects live in one, and the plan must not depend on it.
_HOME_REGION = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioVendor:
    """The account's numbers, and the adapters of its other objects by kind."""

    carrier: Carrier
    adapters: Mapping[str, Adapter]

    @classmethod
    def of(cls, settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> TwilioVendor:
        """Give the account of the settings. `transport` replaces the network below the SDK."""
        account = session(settings, policy, transport)
        return cls(carrier=TwilioCarrier(settings.account, account), adapters=adapters(account))


def session(settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> SdkSession:
    """Give the session of an account; nothing is sent yet."""
    rest = Rest(TwilioDialect(), policy, basic(settings.user, settings.password), transport)
    return SdkSession(rest, lambda: _client(settings, rest))


class _Wire(HttpClient):  # type: ignore[misc]
    """What the SDK sends with: its answers are always usable, and it logs nothing."""

    def __init__(self, rest: Rest, base_url: str) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._rest, self._base_url = rest, base_url
        self.label = ""

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **decided: object,
    ) -> Any:
        """Send what the SDK asks for. Credentials, time-out and redirects are decided here, not by its arguments."""
        verb, url = method.upper(), _placed(uri, self._base_url)
        self.label = self._rest.label(verb, uri)
        if not url:
            raise self._rest.malformed(self.label, "the answer links to a host that is not Twilio's")
        answer = self._rest.send(verb, url, query=params, form=data, headers=headers)
        return Response(answer.status, answer.text, answer.headers)


def _client(settings: AccountSettings, rest: Rest) -> SdkClient:
    wire = _Wire(rest, settings.base_url)
    # `rest` adds the credentials; the SDK only demands that there are some.
    api = Client(settings.user, "-", account_sid=settings.account, http_client=wire, environment=_HOME_REGION)
    return SdkClient(api, wire)


def _placed(uri: str, base_url: str) -> str:
    """Give the URL to use, "" for one that credentials must not go to: the next page's URL is the answer's word."""
    parts = urlsplit(uri)
    if base_url:
        query = f"?{parts.query}" if parts.query else ""
        return uri if uri.startswith(f"{base_url}/") else f"{base_url}{parts.path}{query}"
    ours = parts.scheme == "https" and (parts.hostname or "").endswith(".twilio.com")
    return uri if ours else ""
