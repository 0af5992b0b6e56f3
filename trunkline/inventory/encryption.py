"""Rules about encrypted calls: SRTP for the voice, TLS for the signalling, and what each carrier speaks of them.

A carrier's trunk has one mode for all its calls; a line can only change what LiveKit demands. Where the two differ,
every call of the line fails. LiveKit, "Secure trunking" (read 2026-11-26): the carrier's side, TLS in the SIP URIs and
media encryption of the trunks, all three; the carriers' own words stand in their declarations.
"""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Finding
from trunkline.model.entries import Line, Trunk


def trunk_findings(trunk: Trunk) -> Iterator[Finding]:
    """Give what is wrong with a carrier's trunk whose calls are to be encrypted."""
    speech = CARRIERS[trunk.provider].speech
    if speech and trunk.media_encryption == "require" and trunk.transport != "tls":
        message = f"it requires SRTP with `transport: {trunk.transport}`, but {speech.needs_tls}, so every call fails"
        yield "media_encryption", "srtp-without-tls", message, "add `transport: tls`, or delete `media_encryption`"


def line_findings(line: Line, trunk: Trunk | None) -> Iterator[Finding]:
    """Give what is wrong with a carrier's line that demands another encryption than its trunk has.

    `trunk` is None where one is made for the stack: such a one has no encryption.
    """
    speech = CARRIERS[line.provider].speech
    if speech is None or not line.media_encryption:
        return
    name = f'its trunk "{trunk.name}"' if trunk else "the trunk that is made for the stack"
    encrypted = trunk is not None and trunk.media_encryption == "require"
    if line.media_encryption == "require" and not encrypted:
        message = f"it requires SRTP, but {name} does not: {speech.plain}, so LiveKit refuses every call"
        where = f'trunk "{trunk.name}"' if trunk else f"a {line.provider} trunk under `trunks`"
        fix = f"give {where} `media_encryption: require` and `transport: tls`, or delete the line's"
        yield "media_encryption", "encryption-mismatch", message, fix
    elif line.media_encryption == "disable" and encrypted:
        message = f"it disables SRTP, but {name} requires it: {speech.encrypted}, so LiveKit refuses every call"
        yield "media_encryption", "encryption-mismatch", message, "delete the line's `media_encryption`"


def in_clear(trunk: Trunk, media_encryption: str) -> bool:
    """Tell whether the keys of encrypted calls travel in clear text: a custom trunk may, and nobody gains by it."""
    return trunk.provider == "custom" and media_encryption == "require" and trunk.transport != "tls"
