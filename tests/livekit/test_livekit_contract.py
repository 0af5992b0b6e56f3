"""What a LiveKit server answers, held against the emulator and against a real livekit-server, in both encodings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.credentials import LIVEKIT
from tests.livekit import inbound_cases, rule_cases, trunk_cases
from tests.livekit.client import ENCODINGS, Client, Encoding, Post, Raw, Refusal, token
from tests.livekit.differences import ONLY_IN_EMULATOR
from tests.livekit.script import Case, play

DENIED = Refusal(401, "unauthenticated", "permissions denied")
EMPTY_BODY = {"application/json": b"{}", "application/protobuf": b""}


@pytest.mark.parametrize("case", (*inbound_cases.CASES, *trunk_cases.CASES), ids=lambda case: case.name)
def test_trunks(client: Client, case: Case) -> None:
    answers, expected = play(client, case.steps)

    assert answers == expected


@pytest.mark.parametrize("case", rule_cases.CASES, ids=lambda case: case.name)
def test_dispatch_rules(client: Client, case: Case) -> None:
    answers, expected = play(client, case.steps)

    assert answers == expected


def credential(**claims: Any) -> str:
    """A token of the sandbox's key with these claims; times are seconds from now."""
    now = int(time.time())
    times = {name: now + claims.pop(name) for name in ("nbf", "exp") if claims.get(name) is not None}
    return token(LIVEKIT.api_key, LIVEKIT.api_secret, **claims, **times)


def plain(message: str) -> Refusal:
    return Refusal(401, "", message)


NO_TOKEN = "invalid authorization token"
SIGNATURE = "invalid token: ***, error: token signature is invalid: signature is invalid"
CLAIMS = "invalid token: ***, error: token has invalid claims: token is "
ACCESS: dict[str, tuple[Callable[[], str], Refusal]] = {
    "no token": (lambda: "", DENIED),
    "no grant": (lambda: credential(sip=None), DENIED),
    "a call grant": (lambda: credential(sip={"call": True}), DENIED),
    "no JWT": (lambda: "abc", plain(NO_TOKEN)),
    "a name for a time": (lambda: token(LIVEKIT.api_key, LIVEKIT.api_secret, exp="never"), plain(NO_TOKEN)),
    "a list for a name": (lambda: token(LIVEKIT.api_key, LIVEKIT.api_secret, **{"sub": ["a"]}), plain(NO_TOKEN)),
    "an unknown key": (lambda: token("APIother", LIVEKIT.api_secret), plain("invalid API key: APIother")),
    "a wrong secret": (lambda: token(LIVEKIT.api_key, LIVEKIT.api_secret[::-1]), plain(SIGNATURE)),
    "an expired token": (lambda: credential(exp=-61), plain(CLAIMS + "expired")),
    "a token of tomorrow": (lambda: credential(nbf=86400, exp=90000), plain(CLAIMS + "not valid yet")),
}


@pytest.mark.parametrize("name", ACCESS)
def test_only_a_valid_token_with_the_sip_grant_opens_an_rpc(target: Post, encoding: Encoding, name: str) -> None:
    make, expected = ACCESS[name]
    raw = make()

    refusal = Client(target, raw, encoding).refused("ListSIPInboundTrunk", EMPTY_BODY[encoding])

    # The server repeats the token in its message: whoever shows that text shows a credential.
    assert Refusal(refusal.status, refusal.code, refusal.message.replace(raw or "\0", "***")) == expected


@pytest.mark.parametrize("claims", [{"exp": -40}, {"nbf": 50}, {"exp": None, "nbf": None}], ids=str)
def test_a_minute_is_granted_to_clocks_and_times_may_be_left_out(target: Post, claims: dict[str, Any]) -> None:
    client = Client(target, credential(**claims))

    assert client.send("ListSIPInboundTrunk", b"{}").status == 200


def test_a_token_may_stand_in_the_query(target: Post) -> None:
    raw = token(LIVEKIT.api_key, LIVEKIT.api_secret)
    client = Client(target, "")

    assert client.send(f"ListSIPInboundTrunk?access_token={raw}", b"{}").status == 200


def test_another_scheme_than_bearer_is_refused(client: Client) -> None:
    refusal = client.refused("ListSIPInboundTrunk", b"", headers={"authorization": "Basic YTpi"})

    assert refusal == Refusal(401, "", "invalid authorization header. Must start with Bearer ")


def bad_route(message: str, route: str) -> Refusal:
    return Refusal(404, "bad_route", message, (("twirp_invalid_route", route),))


def test_an_unknown_rpc_is_a_bad_route_even_without_a_token(target: Post) -> None:
    refusal = Client(target, "").refused("GetSIPDispatchRule", b"{}")

    path = "/twirp/livekit.SIP/GetSIPDispatchRule"
    assert refusal == bad_route(f'no handler for path "{path}"', f"POST {path}")


def test_only_post_is_allowed(client: Client) -> None:
    refusal = client.refused("ListSIPTrunk", b"", method="GET")

    message = 'unsupported method "GET" (only POST is allowed)'
    assert refusal == bad_route(message, "GET /twirp/livekit.SIP/ListSIPTrunk")


def test_only_the_two_encodings_are_understood(client: Client) -> None:
    refusal = client.refused("ListSIPTrunk", b"{}", headers={"content-type": "Text/Plain"})

    assert refusal == bad_route('unexpected Content-Type: "Text/Plain"', "POST /twirp/livekit.SIP/ListSIPTrunk")


MALFORMED = [
    b"",
    b"{",
    b"[]",
    b'"trunk"',
    b'{"trunk": []}',
    b'{"x": NaN}',
    b'{"trunk": 3}',
    b'{"trunk": {"numbers": "+1"}}',
    b'{"trunk":{},"trunk":{}}',
    b"\xff",
]


@pytest.mark.parametrize("body", MALFORMED)
def test_json_that_does_not_fit_is_malformed(target: Post, body: bytes) -> None:
    client = Client(target, "", "application/json")

    refusal = client.refused("CreateSIPInboundTrunk", body)

    assert refusal == Refusal(400, "malformed", "the json request could not be decoded")


def test_bytes_that_are_no_message_are_malformed(target: Post) -> None:
    refusal = Client(target, "", "application/protobuf").refused("CreateSIPInboundTrunk", b"\x0a\xff")

    assert refusal == Refusal(400, "malformed", "the protobuf request could not be decoded")


@pytest.mark.parametrize("encoding", ENCODINGS[:1], indirect=True)
def test_json_comes_in_either_case_with_unknown_fields_and_goes_out_whole_in_snake_case(client: Client) -> None:
    trunk = (
        b'{"numbers": ["+1"], "krispEnabled": true, "auth_realm": null, "ringingTimeout": "5s", "media": {}, "x": 1}'
    )
    media_type = "Application/JSON; charset=utf-8"

    raw = client.send("CreateSIPInboundTrunk", b'{"trunk": %b}' % trunk, headers={"content-type": media_type})

    shown = json.loads(raw.body)
    assert shown.pop("sip_trunk_id").startswith("ST_")
    assert {name: value for name, value in shown.items() if name not in ONLY_IN_EMULATOR} == {
        "name": "",
        "metadata": "",
        "numbers": ["+1"],
        "allowed_addresses": [],
        "allowed_numbers": [],
        "auth_username": "",
        "auth_password": "",
        "auth_realm": "",
        "headers": {},
        "headers_to_attributes": {},
        "attributes_to_headers": {},
        "include_headers": "SIP_NO_HEADERS",
        "ringing_timeout": "5s",
        "max_call_duration": None,
        "krisp_enabled": True,
        "media_encryption": "SIP_MEDIA_ENCRYPT_DISABLE",
        "media": {"only_listed_codecs": False, "codecs": []},
        "created_at": None,
        "updated_at": None,
    }


def test_an_answer_has_the_encoding_of_its_request(client: Client, encoding: Encoding) -> None:
    raw = client.send("ListSIPDispatchRule", EMPTY_BODY[encoding])

    assert raw == Raw(200, encoding, {"application/json": b'{"items":[]}', "application/protobuf": b""}[encoding])
