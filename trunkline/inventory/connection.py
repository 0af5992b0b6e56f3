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
from trunkline.model.entries import Agent, Line, Trunk


def findings(trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    """Give (key, rule, message, fix) of what does not fit together."""
    if sip.is_websocket_host(host := sip.host_and_port(trunk.sip_address)[0]):
        message = f"{host} is the host of a LiveKit project's API, which takes no calls"
        yield "sip_address", "address", message, "write the carrier's host; LiveKit's is the setting LIVEKIT_SIP_URI"
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
    name, encrypted = _named(trunk), trunk is not None and trunk.media_encryption == "require"
    if line.media_encryption == "require" and not encrypted:
        message = f"it requires SRTP, but {name} does not: {speech.plain}, so LiveKit refuses every call"
        where = f'trunk "{trunk.name}"' if trunk else f"a {line.provider} trunk under `trunks`"
        fix = f"give {where} `media_encryption: require` and `transport: tls`, or delete the line's"
        yield "media_encryption", "encryption-mismatch", message, fix
    elif line.media_encryption == "disable" and encrypted:
        message = f"it disables SRTP, but {name} requires it: {speech.encrypted}, so LiveKit refuses every call"
        yield "media_encryption", "encryption-mismatch", message, "delete the line's `media_encryption`"


def encryption_of_agent(line: Line, trunk: Trunk | None, agent: Agent, *, follows: bool) -> Iterator[Finding]:
    """Give what is wrong with a line whose agent's rule demands another encryption of calls in than its trunk has.

    `follows`: the trunk is adopted without a word about its encryption, which only the carrier knows.
    """
    speech, wanted = CARRIERS[line.provider].speech, agent.options.get("media_encryption")
    if speech is None or not line.inbound:
        return
    encrypted = trunk is not None and trunk.media_encryption == "require"
    said, fix = (
        f'its agent "{agent.id}"',
        f"delete `media_encryption` of agent {agent.id}, or give the line another agent",
    )
    if wanted == "require" and not encrypted and not follows:
        message = (
            f"{said} requires SRTP, but {_named(trunk)} does not: {speech.plain}, so LiveKit refuses every call in"
        )
        yield "agent", "encryption-mismatch", message, fix
    elif wanted == "disable" and encrypted:
        message = f"{said} disables SRTP, but {_named(trunk)} requires it: {speech.encrypted}, so every call in fails"
        yield "agent", "encryption-mismatch", message, fix


def encryption_of_way_out(line: Line, trunk: Trunk) -> Iterator[Finding]:
    """Give what is wrong with a custom line that calls out over a carrier's own host, which needs TLS for SRTP."""
    host = sip.host_and_port(trunk.sip_address)[0].lower()
    carrier = next((one for one in CARRIERS.values() if one.sip_hosts and one.sip_hosts.fullmatch(host)), None)
    encryption = line.media_encryption or trunk.media_encryption
    if line.outbound and carrier and carrier.speech and encryption == "require" and trunk.transport != "tls":
        message = (
            f"it requires SRTP with `transport: {trunk.transport}` towards {host}, but {carrier.speech.needs_tls}, so"
            " every call out fails"
        )
        yield "media_encryption", "srtp-without-tls", message, "add `transport: tls`, or delete `media_encryption`"


def _named(trunk: Trunk | None) -> str:
    return f'its trunk "{trunk.name}"' if trunk else "the trunk that is made for the stack"


def in_clear(trunk: Trunk, media_encryption: str) -> bool:
    """Tell whether the keys of encrypted calls travel in clear text: a custom trunk may, and nobody gains by it."""
    return trunk.provider == "custom" and media_encryption == "require" and trunk.transport != "tls"
