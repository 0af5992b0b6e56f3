"""Which adopted carrier's trunks are secure, and what could not speak with them.

A trunk that is adopted without a word about encryption stays as it is. Where it is secure it takes SRTP and TLS alone
("Trunk resource", `secure`; error 32209, read 2026-11), so what is made beside it speaks those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.dynamic.matching import Matches
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Observed
from trunkline.model.tag import Tag

Facts = Mapping[str, Mapping[str, Any]]
_CLEAR = ("udp", "tcp")


def secure_trunks(survey: Survey, facts: Facts, borrowed: Mapping[str, str]) -> dict[str, Observed]:
    """Give trunk -> what it is at the carrier, of those that the file leaves as they are and that are secure.

    `borrowed`: trunk -> its id, of those that another stack owns.
    """
    following = {_trunk(owner): fact for owner, fact in sorted(facts.items()) if "follows" in fact}
    return {
        name: one
        for name, fact in following.items()
        for one in survey.objects.get("SipTrunk", ())
        if one.props["secure"]
        and (one.id == borrowed[name] if name in borrowed else one.props["domainName"] == fact.get("domain"))
    }


def reasons(secure: Mapping[str, Observed], facts: Facts) -> list[Objection]:
    """Refuse what the file says of a line or trunk that could not speak with it."""
    met = [(owner, _trunk(owner), fact["follows"]) for owner, fact in sorted(facts.items()) if _trunk(owner) in secure]
    return [
        Objection(
            f'trunk "{name}" is secure at the carrier (SipTrunk {secure[name].id}), which takes SRTP and TLS alone, and'
            f" {what} cannot speak with it, so every call would fail. Nothing was changed. Delete that key, which lets"
            " LiveKit follow the trunk; or write `media_encryption` on the trunk",
            about=owner,
        )
        for owner, name, said in met
        for what in said
    ]


def following(told: Iterable[Mapping[str, Any]], secure: Iterable[str]) -> list[Mapping[str, Any]]:
    """Give what the plan tells of each object, with the values that it has beside its trunk."""
    names = set(secure)
    return [{**each, "values": {name: _value(value, names) for name, value in each["values"].items()}} for each in told]


def tell(run: Runtime, matches: Matches, secure: Mapping[str, Observed]) -> None:
    """Say of which adopted trunks at LiveKit no call can get through, since they stay as they are too."""
    for match in matches.all:
        wanted, live = match.wanted, match.target
        if live is None or wanted.trunk not in secure or wanted.kind not in ("InboundTrunk", "OutboundTrunk"):
            continue
        stays = [name for name in ("mediaEncryption", "transport") if name in wanted.unmanaged]
        if any(live.props[name] in ("disable", *_CLEAR) for name in stays if name in live.props):
            run.notice(
                f"{wanted.kind} {live.id} does not encrypt its calls, but SipTrunk {secure[wanted.trunk].id} is secure,"
                " so every call fails. Write `media_encryption: require` and `transport: tls` on trunk"
                f' "{wanted.trunk}", which changes LiveKit alone.'
            )


def _trunk(owner: str) -> str:
    return Tag("", owner).trunk


def _value(value: Any, secure: set[str]) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"trunk", "plain", "secure"}:
        return value["secure"] if value["trunk"] in secure else value["plain"]
    return value
