"""Tokens that must not open the door, and the few that do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.api.credentials import AUDIENCE, ISSUER, JWT_SECRET
from trunkline.api.auth import jwks
from trunkline.api.auth.principal import Principal, Role
from trunkline.api.auth.tokens import MAX_SIZE, SKEW, Claims, Expected, TokenVerifier, Untrusted, check
from trunkline.secret import Secret

NOW = 1_800_000_000
EXPECTED = Expected(issuer=ISSUER, audience=AUDIENCE)
GOOD: Mapping[str, Any] = {"sub": "ann", "role": "viewer", "iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60}
ANN = Claims(principal=Principal(name="ann", role=Role.VIEWER, via="jwt"), expires=NOW + 60)

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
OTHER = rsa.generate_private_key(65537, 2048)


def public_jwk(algorithm: Any, key: Any, **members: str) -> dict[str, Any]:
    return {**json.loads(algorithm.to_jwk(key.public_key())), **members}


KEY_SET = {
    "keys": [
        public_jwk(RSAAlgorithm, RSA, kid="rsa", use="sig"),
        public_jwk(ECAlgorithm, EC, kid="ec"),
        public_jwk(OKPAlgorithm, ED, kid="ed"),
    ]
}
RSA_PEM = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
RSA_JWK = json.dumps(KEY_SET["keys"][0]).encode()


def part(document: Any) -> str:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: Any, claims: Any = GOOD, secret: bytes = JWT_SECRET.encode()) -> str:
    """A token of any header and claims, with an HMAC that is right for the secret."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def by_secret(claims: Mapping[str, Any] = GOOD, **header: Any) -> str:
    return forged({"alg": "HS256", "typ": "JWT", **header}, claims)


def signed(key: Any, algorithm: str, kid: str | None, claims: Mapping[str, Any] = GOOD) -> str:
    return jwt.encode(dict(claims), key, algorithm, headers={} if kid is None else {"kid": kid})


def raw_claims(text: str) -> str:
    return forged({"alg": "HS256"}, text.encode())


def respelled(token: str) -> str:
    """The same token with unused bits of its last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


TEXT = by_secret()
HEAD, BODY, SIGNATURE = TEXT.split(".")
GOOD_JSON = json.dumps(dict(GOOD))

REFUSED: Mapping[str, str] = {
    "alg none": forged({"alg": "none"}),
    "alg none without signature": f"{part({'alg': 'none'})}.{BODY}.",
    "alg None": forged({"alg": "None"}),
    "alg nOnE": forged({"alg": "nOnE"}),
    "alg empty": forged({"alg": ""}),
    "alg a list": forged({"alg": ["HS256"]}),
    "alg null": forged({"alg": None}),
    "alg missing": forged({"typ": "JWT"}),
    "alg hs256": forged({"alg": "hs256"}),
    "alg HS384": jwt.encode(dict(GOOD), JWT_SECRET, "HS384"),
    "alg HS512": jwt.encode(dict(GOOD), JWT_SECRET + JWT_SECRET, "HS512"),
    "HS256 with the RSA key's PEM": forged({"alg": "HS256", "kid": "rsa"}, secret=RSA_PEM),
    "HS256 with the RSA key's JWK": forged({"alg": "HS256", "kid": "rsa"}, secret=RSA_JWK),
    "HS256 with an empty key": forged({"alg": "HS256"}, secret=b""),
    "HS256 with another secret": forged({"alg": "HS256"}, secret=b"another" * 8),
    "RS256 said, HMAC made with the PEM": forged({"alg": "RS256", "kid": "rsa"}, secret=RSA_PEM),
    "ES256 said of the RSA key": signed(EC, "ES256", "rsa"),
    "RS256 said of the EC key": signed(RSA, "RS256", "ec"),
    "PS256 of the RSA key": signed(RSA, "PS256", "rsa"),
    "RS512 of the RSA key": signed(RSA, "RS512", "rsa"),
    "EdDSA said of the EC key": signed(ED, "EdDSA", "ec"),
    "RS256 of a key that is not in the set": signed(OTHER, "RS256", "rsa"),
    "RS256 without kid of a key that is not in the set": signed(OTHER, "RS256", None),
    "HS256 without kid with the RSA key's PEM": forged({"alg": "HS256"}, secret=RSA_PEM),
    "RS256 without kid, HMAC made with the PEM": forged({"alg": "RS256"}, secret=RSA_PEM),
    "PS256 without kid": signed(RSA, "PS256", None),
    "kid unknown": signed(RSA, "RS256", "nobody"),
    "kid a path": signed(RSA, "RS256", "../../dev/null"),
    "kid SQL": signed(RSA, "RS256", "rsa' OR '1'='1"),
    "kid with NUL": signed(RSA, "RS256", "rsa\0"),
    "kid a number": forged({"alg": "RS256", "kid": 1}),
    "kid very long": signed(RSA, "RS256", "k" * 1_000_000),
    "jwk embedded": by_secret(jwk=KEY_SET["keys"][0]),
    "jku": by_secret(jku="https://evil.example/keys"),
    "x5u": by_secret(x5u="https://evil.example/cert"),
    "x5c": by_secret(x5c=["MIIB"]),
    "x5t a number": by_secret(x5t=1),
    "x5t a list": by_secret(x5t=["MIIB"]),
    "x5t of SHA-256 an object": by_secret(**{"x5t#S256": {}}),
    "an x5t and an x5c": by_secret(x5t="abc", x5c=["MIIB"]),
    "a member that is not known": by_secret(nonce="1"),
    "crit an x5t": by_secret(crit=["x5t"], x5t="abc"),
    "crit unknown": by_secret(crit=["exp2"], exp2=1),
    "crit empty": by_secret(crit=[]),
    "b64 false": by_secret(crit=["b64"], b64=False),
    "zip": by_secret(zip="DEF"),
    "typ another": by_secret(typ="secevent+jwt"),
    "typ a number": by_secret(typ=1),
    "header a list": forged(["HS256"]),
    "header no JSON": forged(b"{alg:HS256}"),
    "header twice alg": forged(b'{"alg":"none","alg":"HS256"}'),
    "exp missing": by_secret(without("exp")),
    "exp a text": by_secret({**GOOD, "exp": str(NOW + 60)}),
    "exp a fraction of a second ago": by_secret({**GOOD, "exp": NOW - 0.001}),
    "exp a fraction beyond all time": by_secret({**GOOD, "exp": 1e30}),
    "exp a list of one": by_secret({**GOOD, "exp": [NOW + 60]}),
    "exp true": by_secret({**GOOD, "exp": True}),
    "exp null": by_secret({**GOOD, "exp": None}),
    "exp NaN": raw_claims(GOOD_JSON.replace(str(NOW + 60), "NaN")),
    "exp Infinity": raw_claims(GOOD_JSON.replace(str(NOW + 60), "Infinity")),
    "exp 1e400": raw_claims(GOOD_JSON.replace(str(NOW + 60), "1e400")),
    "exp beyond all time": by_secret({**GOOD, "exp": 10**30}),
    "exp negative": by_secret({**GOOD, "exp": -1}),
    "exp now": by_secret({**GOOD, "exp": NOW}),
    "exp a second ago": by_secret({**GOOD, "exp": NOW - 1}),
    "exp twice": raw_claims(GOOD_JSON[:-1] + f', "exp": {NOW + 99}}}'),
    "nbf ahead": by_secret({**GOOD, "nbf": NOW + SKEW + 1}),
    "nbf a text": by_secret({**GOOD, "nbf": "0"}),
    "iat ahead": by_secret({**GOOD, "iat": NOW + SKEW + 1}),
    "iat a fraction ahead": by_secret({**GOOD, "iat": NOW + SKEW + 0.5}),
    "iat NaN": raw_claims(GOOD_JSON[:-1] + ', "iat": NaN}'),
    "iss missing": by_secret(without("iss")),
    "iss a part": by_secret({**GOOD, "iss": ISSUER[:-1]}),
    "iss longer": by_secret({**GOOD, "iss": ISSUER + "/"}),
    "iss a list": by_secret({**GOOD, "iss": [ISSUER]}),
    "aud missing": by_secret(without("aud")),
    "aud a part": by_secret({**GOOD, "aud": AUDIENCE[:-1]}),
    "aud in capitals": by_secret({**GOOD, "aud": AUDIENCE.upper()}),
    "aud a list without us": by_secret({**GOOD, "aud": ["other"]}),
    "aud a list with numbers": by_secret({**GOOD, "aud": [1, AUDIENCE]}),
    "role missing": by_secret(without("role")),
    "role unknown": by_secret({**GOOD, "role": "root"}),
    "role a list": by_secret({**GOOD, "role": ["admin"]}),
    "role in capitals": by_secret({**GOOD, "role": "Admin"}),
    "role with a blank": by_secret({**GOOD, "role": "admin "}),
    "role twice": raw_claims(GOOD_JSON[:-1] + ', "role": "admin"}'),
    "sub missing": by_secret(without("sub")),
    "sub empty": by_secret({**GOOD, "sub": ""}),
    "sub half a pair": by_secret({**GOOD, "sub": "ann\ud800"}),
    "claims in UTF-16": forged({"alg": "HS256"}, json.dumps(dict(GOOD)).encode("utf-16-le")),
    "claims in UTF-32": forged({"alg": "HS256"}, json.dumps(dict(GOOD)).encode("utf-32-be")),
    "claims behind a mark": forged({"alg": "HS256"}, json.dumps(dict(GOOD)).encode("utf-8-sig")),
    "claims in Latin-1": forged({"alg": "HS256"}, GOOD_JSON.replace("ann", "é").encode("latin-1")),
    "header in UTF-16": forged(json.dumps({"alg": "HS256"}).encode("utf-16-le")),
    "sub a number": by_secret({**GOOD, "sub": 1}),
    "sub with a line break": by_secret({**GOOD, "sub": "ann\nadmin"}),
    "claims a list": by_secret([]),  # type: ignore[arg-type]
    "claims a text": forged({"alg": "HS256"}, "admin"),
    "claims deep": raw_claims("[" * 3000),
    "empty": "",
    "one part": HEAD,
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{TEXT}.{SIGNATURE}",
    "no signature": f"{HEAD}.{BODY}.",
    "signature of another": f"{HEAD}.{BODY}.{by_secret({**GOOD, 'role': 'admin'}).rpartition('.')[2]}",
    "padding": TEXT + "=",
    "blank before": " " + TEXT,
    "blank behind": TEXT + " ",
    "line break behind": TEXT + "\n",
    "plus and slash for minus and underscore": TEXT + "+/",
    "not ASCII": TEXT[:-1] + "é",
    "second spelling of the signature": respelled(TEXT),
    "over 8 KB": by_secret({**GOOD, "pad": "x" * MAX_SIZE}),
    "1 MB": "a." * 500_000,
    "JSON serialisation of a JWS": json.dumps({"payload": BODY, "signatures": []}),
}


async def find_key(kid: str, algorithm: str) -> jwks.Key | None:
    return jwks.choose(jwks.parse(json.dumps(KEY_SET).encode()), kid, algorithm)


VERIFIER = TokenVerifier(EXPECTED, secret=Secret(JWT_SECRET), find_key=find_key)


def verify(token: str, now: float = NOW) -> Claims:
    return asyncio.run(VERIFIER.verify(token.encode("latin-1", "replace"), now))


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_a_token_that_breaks_one_rule_is_refused(token: str) -> None:
    with pytest.raises(Untrusted):
        verify(token)


def test_the_corpus_is_as_large_as_asked_for() -> None:
    assert len(REFUSED) >= 60


@pytest.mark.parametrize(
    "token",
    [
        by_secret(),
        by_secret(typ="at+jwt"),
        forged({"alg": "HS256"}),
        by_secret({**GOOD, "aud": ["other", AUDIENCE]}),
        by_secret({**GOOD, "nbf": NOW + SKEW, "iat": NOW + SKEW}),
        signed(RSA, "RS256", "rsa"),
        signed(EC, "ES256", "ec"),
        signed(ED, "EdDSA", "ed"),
        signed(RSA, "RS256", None),
        signed(EC, "ES256", ""),
        by_secret(GOOD, x5t="bm9ib2R5", **{"x5t#S256": "bm9ib2R5"}),
        by_secret({**GOOD, "nbf": NOW + SKEW - 0.5, "iat": 1.5}),
    ],
    ids=[
        *("HS256", "at+jwt", "no typ", "aud list", "within the skew", "RS256", "ES256", "EdDSA"),
        *("no kid and one key for the alg", "an empty kid", "thumbprints of a certificate", "fractions of a second"),
    ],
)
def test_a_good_token_says_who_and_until_when(token: str) -> None:
    assert verify(token) == ANN


def test_a_token_ends_at_its_very_second() -> None:
    assert verify(TEXT, NOW + 59.999) == ANN
    with pytest.raises(Untrusted):
        verify(TEXT, NOW + 60)


def test_a_token_ends_at_the_very_fraction_of_a_second_that_it_names() -> None:
    token = by_secret({**GOOD, "exp": NOW + 60.25})
    assert verify(token, NOW + 60.2).expires == NOW + 60.25
    with pytest.raises(Untrusted):
        verify(token, NOW + 60.25)


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_no_bit_of_a_token_can_be_flipped(place: int) -> None:
    data = TEXT.encode()
    for bit in range(8):
        changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
        with pytest.raises(Untrusted):
            asyncio.run(VERIFIER.verify(changed, NOW))


def test_an_issuer_or_audience_that_is_not_pinned_is_not_asked_for() -> None:
    open_to_all = Expected(issuer="", audience="")
    assert check(without("aud") | {"iss": "anyone"}, open_to_all, NOW) == ANN
    with pytest.raises(Untrusted):  # a token for somebody else is still not for us
        check(GOOD, open_to_all, NOW)
