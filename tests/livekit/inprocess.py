"""The suite's client without a socket."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox import Request, Response, Sandbox
from sandbox.credentials import LIVEKIT
from tests.livekit.client import Client, Encoding, Post, Raw, token


def in_process(sandbox: Sandbox) -> Post:
    """Send to a sandbox in this process; a dropped connection is a ConnectionError."""

    def post(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Raw:
        answer = sandbox.handle(Request.of(method, path, headers, body))
        if not isinstance(answer, Response):
            raise ConnectionError("the sandbox dropped the connection")
        return Raw(answer.status, answer.headers["content-type"], answer.body)

    return post


def client_of(sandbox: Sandbox, encoding: Encoding = "application/json") -> Client:
    """A client that may manage SIP."""
    return Client(in_process(sandbox), token(LIVEKIT.api_key, LIVEKIT.api_secret), encoding)
