"""Which keys of a set can be used, and which of them a token means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.api.test_tokens import KEY_SET, OTHER, RSA, public_jwk
from trunkline.api.auth import jwks


def test_a_key_set_gives_only_keys_for_signatures_of_the_pinned_algorithms() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505
    document = {
        "keys": [
            *KEY_SET["keys"],
            public_jwk(RSAAlgorithm, weak, kid="weak"),
            public_jwk(RSAAlgorithm, RSA, kid="enc", use="enc"),
            public_jwk(RSAAlgorithm, RSA, kid="ps", alg="PS256"),
            {**public_jwk(RSAAlgorithm, RSA, kid="signs"), "key_ops": ["sign"]},
            public_jwk(RSAAlgorithm, RSA, kid="text", key_ops="verify"),
            {**public_jwk(RSAAlgorithm, RSA), "kid": 7},
            {**public_jwk(RSAAlgorithm, RSA), "kid": None},
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
            {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "p521"},
            {"kty": "RSA", "n": "!!", "e": "AQAB", "kid": "junk"},
            {**json.loads(RSAAlgorithm.to_jwk(RSA)), "kid": "private"},
        ]
    }
    found = jwks.parse(json.dumps(document).encode())
    assert {key.kid: key.algorithm for key in found} == {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA"}


def test_a_key_that_is_also_for_checking_signatures_can_be_used() -> None:
    key = {**public_jwk(RSAAlgorithm, RSA, kid="rsa"), "key_ops": ["verify", "wrapKey"]}
    assert [one.kid for one in jwks.parse(json.dumps({"keys": [key]}).encode())] == ["rsa"]


def test_where_several_keys_could_be_meant_none_is() -> None:
    def chosen(*more: dict[str, Any], kid: str, algorithm: str = "RS256") -> bool:
        keys = jwks.parse(json.dumps({"keys": [*KEY_SET["keys"], *more]}).encode())
        return jwks.choose(keys, kid, algorithm) is not None

    other, nameless = (public_jwk(RSAAlgorithm, OTHER, kid="other"), public_jwk(RSAAlgorithm, OTHER))
    assert (chosen(kid=""), chosen(other, kid=""), chosen(nameless, kid="")) == (True, False, False)
    assert (chosen(other, kid="rsa"), chosen(other, kid="other"), chosen(nameless, kid="rsa")) == (True, True, True)
    # One name for two keys: which was meant cannot be said, unless the two are for two algorithms, or the same key.
    assert not chosen({**other, "kid": "rsa"}, kid="rsa")
    assert chosen({**other, "kid": "ec"}, kid="ec") and chosen({**other, "kid": "ec"}, kid="ec", algorithm="ES256")
    assert chosen(KEY_SET["keys"][0], kid="rsa") and chosen(KEY_SET["keys"][0], kid="")


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"{}", b'{"keys":1}', b'{"keys":[1]}', b"\xff", b'{"keys":[],"keys":[]}'),
        json.dumps(KEY_SET).replace('"kid": "rsa"', '"kid": "old", "kid": "rsa"').encode(),
    ],
)
def test_what_is_no_key_set_is_refused(data: bytes) -> None:
    with pytest.raises(jwks.KeySetInvalid):
        jwks.parse(data)
