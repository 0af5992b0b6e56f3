"""LiveKit as a whole: the adapters of its kinds over one connection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from providers.calls import Policy
from providers.livekit.connection import Client, Connection, Direct, LoopThread
from providers.livekit.deployed import listed
from providers.livekit.objects import Objects
from providers.livekit.trunks import CALLER_RULE, DISPATCH_RULE, INBOUND_TRUNK, OUTBOUND_TRUNK
from providers.port import Adapter
from trunkline.deployed import is_cloud
from trunkline.settings import LiveKitSettings


class LiveKitVendor:
    """`host` is whom we talk to, host[:port] of the URL; `adapters` has one for each kind."""

    def __init__(self, settings: LiveKitSettings, policy: Policy, transport: Any | None) -> None:
        connection: Connection = (
            LoopThread(settings, policy) if transport is None else Direct(settings, transport, policy)
        )
        self.host = urlsplit(settings.url).netloc.rpartition("@")[2].lower()
        policy = replace(policy, redaction=policy.redaction.also((settings.api_secret.reveal(),)))
        self.adapters: Mapping[str, Adapter] = MappingProxyType(_adapters(Client(connection, policy)))
        # The service that lists agents is LiveKit Cloud's.
        self.deployed = partial(listed, settings, policy, time.time) if is_cloud(self.host) else None
        self._connection = connection

    def close(self) -> None:
        """Close the connections and end the thread that served them."""
        self._connection.close()


def _adapters(client: Client) -> dict[str, Adapter]:
    adapters: tuple[Adapter, ...] = (
        Objects(INBOUND_TRUNK, client),
        Objects(OUTBOUND_TRUNK, client),
        Objects(DISPATCH_RULE, client),
        Objects(CALLER_RULE, client),
    )
    return {adapter.kind: adapter for adapter in adapters}
