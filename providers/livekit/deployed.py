"""The agents that LiveKit Cloud runs for a project: `CloudAgent/ListAgents`, of which names alone are read.

Messages: livekit-protocol 1.1.29 (`cloud_agent`). Host, claim and header are those of LiveKit's own command, as a
public report of 2026-09 tells them; no document of LiveKit's confirms them. An answer holds agents' secrets: nothing of
it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from requests.adapters import BaseAdapter

from providers.authentication import Authentication, livekit_token
from providers.calls import Policy
from providers.livekit.refusals import VENDOR
from providers.rest import Body, Rest
from trunkline.deployed import USUAL, Deployed
from trunkline.errors import Reason, Rejected, VendorError
from trunkline.settings import LiveKitSettings

URL: Final = "https://agents.livekit.cloud"
PATH: Final = "/twirp/livekit.CloudAgent/ListAgents"
_HEADERS: Final = {"X-LIVEKIT-CLI-VERSION": "2.4.0"}


class _Words:
    """How the service says things: Twirp's JSON, whose errors have a status of their own."""

    vendor = VENDOR

    def label(self, method: str, path: str) -> str:
        return f"{method} {path}"

    def status(self, status: int, body: Body) -> int:
        return status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        reason = Reason.CREDENTIALS if status in (401, 403) else Reason.INVALID
        return Rejected(VENDOR, request, "the key may not list agents", status=status, reason=reason)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        return "" if isinstance(body.get("agents", []), list) else "the answer's agents are no list"


def listed(
    settings: LiveKitSettings,
    policy: Policy,
    now: Callable[[], float],
    transport: BaseAdapter | None = None,
    url: str = URL,
) -> Deployed:
    """Give agent -> its deployments. Raises the vendor's errors. `transport` replaces the network."""
    rest = Rest(_Words(), policy, _signed(settings, now), transport)
    body = rest.send("POST", f"{url}{PATH}", document={}, headers=_HEADERS).body
    found: dict[str, frozenset[str]] = {}
    for agent in body.get("agents", ()):
        name = _text(agent, "agentName", "agent_name")
        where = {_text(one, "deployment") or USUAL for one in _rows(agent, "agentDeployments", "agent_deployments")}
        if name:
            found[name] = found.get(name, frozenset()) | where
    return found


def _signed(settings: LiveKitSettings, now: Callable[[], float]) -> Authentication:
    """Give a token for this alone, of a short life."""
    token = livekit_token(settings.api_key, settings.api_secret, now(), service="agent")
    heads = {"Authorization": f"Bearer {token}"}
    return Authentication(heads=lambda method, url, body: heads, secrets=(settings.api_secret.reveal(), token))


def _rows(value: Any, *names: str) -> list[Any]:
    """Give a list of a message, by its JSON name or the protocol's; Twirp's servers write either."""
    found: Any = next((value[name] for name in names if isinstance(value, Mapping) and name in value), None)
    return found if isinstance(found, list) else []


def _text(value: Any, *names: str) -> str:
    found = next((value[name] for name in names if isinstance(value, Mapping) and name in value), "")
    return found if isinstance(found, str) else ""
