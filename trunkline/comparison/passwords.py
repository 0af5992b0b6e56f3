"""Passwords that were changed outside: seen where a vendor shows them and the state can be opened, said where not."""

from __future__ import annotations

from collections.abc import Iterator
from hmac import compare_digest

from trunkline.comparison.finding import LiveFinding
from trunkline.comparison.sides import LIVEKIT, Sides, named
from trunkline.dump import LiveObject

_CHANGE = "run `pulumi up`, which writes the file's; where the new one is right, set it as the config secret first"


def changed(sides: Sides) -> Iterator[LiveFinding]:
    """LiveKit's own lists have the passwords of trunks in clear; they are compared here and shown nowhere."""
    ours = [
        (kind, one)
        for kind, one in (
            *(("InboundTrunk", one) for one in sides.live.inbound),
            *(("OutboundTrunk", one) for one in sides.live.outbound),
        )
        if one.id in sides.held
    ]
    if sides.passwords is None:
        with_password = [one.id for _, one in ours if one.props["authPassword"]]
        count = len(with_password)
        what = "the password of 1 trunk was" if count == 1 else f"the passwords of {count} trunks were"
        if with_password:
            yield sides.finding(
                "secret-unseen",
                LIVEKIT,
                f"whether {what} changed outside cannot be seen here: the state's secrets could not be opened",
                "run it where `pulumi stack export --show-secrets` works: with the passphrase, or access to the key",
            )
        return
    for kind, one in ours:
        if one.id in sides.passwords and _differs(one, sides.passwords[one.id]):
            yield sides.finding(
                "secret-changed",
                one.id,
                f"the password of {named(kind, one)} is not the one that the last update wrote",
                _CHANGE,
                lines=sides.lines_of(one),
            )


def unseen(sides: Sides) -> Iterator[LiveFinding]:
    """What no vendor shows."""
    for id, vendor in sorted(sides.unseen.items()):
        yield sides.finding(
            "secret-unseen",
            id,
            f"{vendor} shows no password of Credential {id}, so that a change outside cannot be seen",
            "where calls out are refused, set the config secret to another password and run `pulumi up`",
            vendor=vendor,
        )


def _differs(one: LiveObject, password: str) -> bool:
    return not compare_digest(str(one.props["authPassword"]).encode(), password.encode())
