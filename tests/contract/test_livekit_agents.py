"""How LiveKit Cloud is asked for a project's agents, and what is read of its answer."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
import requests
from requests.adapters import BaseAdapter

from providers.calls import Policy
from providers.livekit import connect
from providers.livekit.deployed import listed
from trunkline.errors import Rejected, VendorError
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings

SECRET = "canary-secret-of-a-project-1234567890"
NOW = 1_800_000_000
ANSWER = {
    "agents": [
        {
            "agentId": "CA_1",
            "agentName": "desk-agent",
            "secrets": [{"name": "KEY", "value": "canary-of-an-agent"}],
            "agentDeployments": [{"deployment": "staging", "region": "us-east"}, {"region": "us-east"}],
        },
        {"agent_name": "scribe", "agent_deployments": []},
        {"agentId": "CA_without_a_name"},
    ]
}


def settings(url: str = "wss://acme.livekit.cloud") -> LiveKitSettings:
    return LiveKitSettings(url=url, api_key="APIkey", api_secret=Secret(SECRET), sip_host="sip.example.com")


class Cloud(BaseAdapter):
    """Answers as it was told, and keeps what it was asked."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__()
        self.status, self.body, self.asked = status, body, list[requests.PreparedRequest]()

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:
        self.asked.append(request)
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, str(request.url)
        response._content = json.dumps(self.body).encode()
        return response

    def close(self) -> None:
        """Nothing is held open."""


def ask(cloud: Cloud) -> Any:
    return listed(settings(), Policy(timeout=1, deadline=1, attempts=1), lambda: NOW, cloud)


def test_names_and_deployments_alone_are_read() -> None:
    assert ask(Cloud(200, ANSWER)) == {
        "desk-agent": frozenset({"staging", "production"}),
        "scribe": frozenset(),
    }


def test_a_project_without_agents_has_none() -> None:
    assert ask(Cloud(200, {})) == {}


def test_it_is_asked_with_a_token_of_a_short_life_for_this_alone() -> None:
    cloud = Cloud(200, ANSWER)
    ask(cloud)
    [request] = cloud.asked
    token = request.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_nbf": False})
    assert (request.method, request.url, request.body) == (
        "POST",
        "https://agents.livekit.cloud/twirp/livekit.CloudAgent/ListAgents",
        b"{}",
    )
    assert claims == {"iss": "APIkey", "nbf": NOW - 300, "exp": NOW + 600, "agent": {"admin": True}}
    assert request.headers["X-LIVEKIT-CLI-VERSION"]


@pytest.mark.parametrize(
    ("status", "body"), [(401, {}), (403, {"code": "permission_denied", "msg": "no"}), (200, {"agents": 1})]
)
def test_an_answer_that_says_nothing_is_an_error_without_a_word_of_it(status: int, body: Any) -> None:
    with pytest.raises(VendorError) as raised:
        ask(Cloud(status, {**body, "secret": "canary-of-an-agent"}))
    assert isinstance(raised.value, Rejected) == (status != 200)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "asks"),
    [("wss://acme.livekit.cloud", True), ("https://livekit.example.com", False), ("http://localhost:7880", False)],
)
def test_it_is_asked_of_livekit_cloud_alone(url: str, asks: bool) -> None:
    vendor = connect(settings(url), Policy(timeout=1, deadline=1, attempts=1))
    assert (vendor.deployed is not None) is asks
