"""A Twirp client for `livekit.SIP` in both encodings, small enough to trust. It knows nothing of the sandbox.

It is not LiveKit's SDK, so that the suite sees what is on the wire: the SDK hides refusals that come as plain text.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Literal
from urllib.parse import urlsplit

import jwt
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from livekit.protocol import sip

Encoding = Literal["application/json", "application/protobuf"]
ENCODINGS: tuple[Encoding, ...] = ("application/json", "application/protobuf")
Document = Mapping[str, Any]
METHODS: Mapping[str, MethodDescriptor] = sip.DESCRIPTOR.services_by_name["SIP"].methods_by_name


@dataclass(frozen=True)
class Raw:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Refusal:
    """An error: its HTTP status, Twirp's code (empty for plain text), its message, its metadata."""

    status: int
    code: str
    message: str
    meta: tuple[tuple[str, str], ...] = ()


Answer = Document | Refusal
"""What came back: the response message as JSON without what is not set, or a refusal."""

Post = Callable[[str, str, Mapping[str, str], bytes], Raw]
"""Sends (HTTP method, path, headers, body)."""


@contextmanager
def over_http(url: str) -> Iterator[Post]:
    """Send to a server; one connection, closed on the way out."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def post(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Raw:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return Raw(answer.status, answer.headers.get("content-type", ""), answer.read())

    with closing(connection):
        yield post


@dataclass(frozen=True)
class Client:
    """Calls RPCs with JSON documents, in the given encoding. `token` goes out as a bearer; empty sends none."""

    post: Post
    token: str
    encoding: Encoding = "application/json"

    def call(self, rpc: str, document: Document) -> Answer:
        """Call an RPC; field names are in snake case."""
        request = json_format.ParseDict(dict(document), _new(METHODS[rpc].input_type))
        raw = self.send(rpc, _encoded(request, document, self.encoding))
        if raw.status != 200:
            return _refusal(raw)
        answer = _new(METHODS[rpc].output_type)
        if self.encoding == "application/protobuf":
            answer.ParseFromString(raw.body)
        else:
            json_format.Parse(raw.body, answer)
        decoded: Document = json_format.MessageToDict(answer, preserving_proto_field_name=True)
        return decoded

    def send(self, rpc: str, body: bytes, *, method: str = "POST", headers: Document | None = None) -> Raw:
        """Send bytes to an RPC's path; `headers` replace those that a call has."""
        bearer = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return self.post(
            method, f"/twirp/livekit.SIP/{rpc}", {"content-type": self.encoding, **bearer, **(headers or {})}, body
        )

    def refused(self, rpc: str, body: bytes, *, method: str = "POST", headers: Document | None = None) -> Refusal:
        """Send bytes that are to be refused."""
        raw = self.send(rpc, body, method=method, headers=headers)
        assert raw.status != 200, raw
        return _refusal(raw)

    def empty(self) -> None:
        """Delete every trunk and rule of the project."""
        for trunk in self._items("ListSIPTrunk"):
            self.call("DeleteSIPTrunk", {"sip_trunk_id": trunk["sip_trunk_id"]})
        for rule in self._items("ListSIPDispatchRule"):
            self.call("DeleteSIPDispatchRule", {"sip_dispatch_rule_id": rule["sip_dispatch_rule_id"]})

    def _items(self, rpc: str) -> list[Document]:
        answer = self.call(rpc, {})
        assert not isinstance(answer, Refusal), answer
        items: list[Document] = answer.get("items", [])
        return items


def token(api_key: str, secret: str, **claims: Any) -> str:
    """An access token that may manage SIP for the next hour; `claims` replace its claims, None removes one."""
    now = int(time.time())
    own = {"iss": api_key, "sub": "", "nbf": now, "exp": now + 3600, "sip": {"admin": True}}
    kept = {name: value for name, value in {**own, **claims}.items() if value is not None}
    return jwt.encode(kept, secret, algorithm="HS256")


def _encoded(request: Message, document: Document, encoding: Encoding) -> bytes:
    return json.dumps(document).encode() if encoding == "application/json" else request.SerializeToString()


def _refusal(raw: Raw) -> Refusal:
    if not raw.content_type.startswith("application/json"):
        return Refusal(raw.status, "", raw.body.decode())
    error = json.loads(raw.body)
    return Refusal(raw.status, error["code"], error["msg"], tuple(sorted(error.get("meta", {}).items())))


def _new(descriptor: Any) -> Message:
    message: Message = GetMessageClass(descriptor)()
    return message
