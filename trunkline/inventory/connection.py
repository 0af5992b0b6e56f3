"""Rules about the SIP side of a trunk, or of a custom line that brings its own: address, login and encryption.

A carrier's trunk has one mode for all its calls; a line can only change what LiveKit demands. Where the two differ,
every call of the line fails. LiveKit, "Secure trunking" (read 2026-11-26): the carrier's side, TLS in the SIP URIs and
media encryption of the trunks, all three; the carriers' own words stand in their declarations.
"""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Finding
from trunkline.inventory import sip
from trunkline.model.entries import Line, Trunk


def findings(trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    """Give (key, rule, message, fix) of what does not fit together."""
    if sip.has_port(trunk.sip_address) and trunk.transport == "auto":
        # LiveKit drops the port with transport AUTO: livekit/livekit issue 3907.
        fix = "add `transport: udp`, `tcp` or `tls`, or delete the port"
        yield (
            "sip_address",
            "no-transport",
            f"{trunk.sip_address} has a port, which LiveKit drops without a transport",
            fix,
        )
    if bool(trunk.auth_username) != (trunk.auth_password is not None):
        there, lacking = (
            ("auth_username", "auth_password") if trunk.auth_username else ("auth_password", "auth_username")
        )
        yield there, "half-auth", f"it has {there} but no {lacking}", f"add `{lacking}`, or delete `{there}`"
    elif trunk.inbound_auth and trunk.auth_password is None:
        fix = "add auth_username and auth_password, or delete `inbound_auth`"
        yield "inbound_auth", "half-auth", "it challenges callers, but has no user and password", fix


def encryption_of_trunk(trunk: Trunk) -> Iterator[Finding]:
    """Give what is wrong with a carrier's trunk whose calls are to be encrypted."""
    speech = CARRIERS[trunk.provider].speech
    if speech and trunk.media_encryption == "require" and trunk.transport != "tls":
        message = f"it requires SRTP with `transport: {trunk.transport}`, but {speech.needs_tls}, so every call fails"
        yield "media_encryption", "srtp-without-tls", message, "add `transport: tls`, or delete `media_encryption`"


def encryption_of_line(line: Line, trunk: Trunk | None) -> Iterator[Finding]:
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
