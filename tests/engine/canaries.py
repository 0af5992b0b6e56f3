"""Secrets planted to be looked for: in clear, and in the forms in which they could leak unseen."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from sandbox.credentials import LIVEKIT, TWILIO, VONAGE

BY_HAND = "canary-by-hand/96+"
TERMINATION = "Canary-Termination/97+"
UK_OFFICE = "canary-uk:office/98+"
REFUSED = "canary-without-a-capital/95+"  # breaks a rule of Twilio, so that the program refuses it
SECRETS: Mapping[str, str] = {
    "Twilio's token": TWILIO.auth_token,
    "Vonage's secret": VONAGE.api_secret,
    "LiveKit's secret": LIVEKIT.api_secret,
    "the termination password": TERMINATION,
    "the password of a custom trunk": UK_OFFICE,
    "a password set by hand": BY_HAND,
    "a refused password": REFUSED,
}

TOKEN = base64.b64encode(b'{"alg":')[:9]
"""How every JSON Web Token begins."""


def forms(secret: str) -> Iterable[bytes]:
    """The secret as it is, percent-encoded, in hexadecimal, and in base64 at each of the three alignments."""
    plain = secret.encode()
    yield from {plain, quote(secret, safe="").encode(), quote_plus(secret).encode(), plain.hex().encode()}
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + plain)
        # The ends depend on what stands around the secret; what is between does not.
        yield encoded[4 if shift else 0 : len(encoded) - 4]
        yield base64.urlsafe_b64encode(bytes(shift) + plain)[4 if shift else 0 : len(encoded) - 4]


def leaks(texts: Mapping[str, bytes], secrets: Mapping[str, str] = SECRETS) -> list[str]:
    """Where a secret stands, or a token that somebody signed: "the termination password in preview.txt"."""
    known = {name: tuple(forms(secret)) for name, secret in secrets.items()} | {"a token": (TOKEN,)}
    return sorted(
        f"{name} in {place}"
        for name, written in known.items()
        for place, text in texts.items()
        if any(form in text for form in written)
    )


def files_under(directory: Path) -> dict[str, bytes]:
    """Every file, by its path."""
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()
    }
