"""What a carrier to come needs of the sending side: any proof of whose account it is, and JSON beside forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from providers.authentication import Authentication, basic, bearer
from providers.calls import Policy
from providers.rest import Body, Rest
from trunkline.errors import Reason, Rejected, VendorError
from trunkline.secret import Secret

URL = "https://api.acme.example/numbers"


class Echo(BaseAdapter):
    """Answers a 4xx whose message is all that it got."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[Mapping[str, str], bytes]] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        body = request.body or b""
        self.got.append((dict(request.headers), body.encode() if isinstance(body, str) else body))
        answer = requests.Response()
        answer.status_code, answer.request = 422, request
        answer._content = json.dumps({"message": f"{dict(request.headers)} {self.got[-1][1]!r}"}).encode()
        return answer

    def close(self) -> None:
        """Nothing is held open."""


class Dialect:
    vendor = "acme"

    def label(self, method: str, path: str) -> str:
        return f"{method} {path}"

    def status(self, status: int, body: Body) -> int:
        return status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        return Rejected(self.vendor, request, str(body["message"]), reason=Reason.INVALID, status=status)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        return ""


def signed(key: Secret) -> Authentication:
    """A vendor's own signature over method, URL and body."""

    def heads(method: str, url: str, body: bytes) -> Mapping[str, str]:
        text = f"{method} {url} ".encode() + body + key.reveal().encode()
        return {"X-Signature": hashlib.sha256(text).hexdigest()}

    return Authentication(heads=heads, secrets=(key.reveal(),))


def sent(authentication: Authentication, **words: Any) -> tuple[Mapping[str, str], bytes, str]:
    """Give the heads and the body of a write, and what its error says."""
    echo = Echo()
    with pytest.raises(Rejected) as refused:
        Rest(Dialect(), Policy(), authentication, echo).send("POST", URL, **words)
    return *echo.got[0], str(refused.value)


DOCUMENT = {"number": "+16505551234", "sip": {"username": "livekit", "password": "Sandbox9Password"}}
SIGNATURE = hashlib.sha256(
    f"POST {URL} ".encode() + json.dumps(DOCUMENT).encode() + b"signing-key-0123456789"
).hexdigest()


@pytest.mark.parametrize(
    ("authentication", "name", "value"),
    [
        (basic("acme-user", Secret("acme-password-1")), "Authorization", "Basic YWNtZS11c2VyOmFjbWUtcGFzc3dvcmQtMQ=="),
        (bearer(Secret("KEY0123456789abcdef")), "Authorization", "Bearer KEY0123456789abcdef"),
        (signed(Secret("signing-key-0123456789")), "X-Signature", SIGNATURE),
    ],
    ids=["basic", "bearer", "signature"],
)
def test_each_proof_goes_with_a_json_document_and_no_secret_of_either_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, authentication: Authentication, name: str, value: str
) -> None:
    (tmp_path / "netrc").write_text("machine api.acme.example login other password wrong\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    heads, body, said = sent(authentication, document=DOCUMENT)

    assert (heads[name], heads["Content-Type"], json.loads(body)) == (value, "application/json", DOCUMENT)
    assert [secret for secret in (*authentication.secrets, "Sandbox9Password") if secret in said] == []


def test_a_form_is_sent_as_before() -> None:
    heads, body, _ = sent(bearer(Secret("KEY0123456789abcdef")), form={"number": "+1650", "label": "a b"})

    assert (heads["Content-Type"], body) == ("application/x-www-form-urlencoded", b"number=%2B1650&label=a+b")
