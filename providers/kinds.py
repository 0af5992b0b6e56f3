"""The kinds of objects beside numbers, as data: what is managed of each, and what the rules of safety ask of it.

A fact without a default must be said of every kind: a rule that did not know it would be silently off for the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.model import livekit_numbers, options


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The facts of a kind.

    `fields`: the managed properties, in our names; `tag` among them where an object can hold the owner's mark.
    `parent`: the kind in which an object lives, "" for none: what lives in a parent of ours is ours.
    `swept`: when, among what no line wants any more, it is removed; 0 for never, as what goes with its parent.
    `claims`: whether the object, by its tag and numbers, says whose a number is before the number itself can.
    `carries`: the property of a carrier's number that names the object which carries it, "" where none does: what a
    number is on is never swept.
    `natural`: the properties that name the object at the vendor. `exclusive`: the vendor, or the calls, cannot bear a
    second object with the same natural key. `noted`: its tag field holds notes too. `optional`: the properties that are
    managed only where the file names them, each with its value in an object that nobody gave one. `instead`: a field
    -> the optional properties of which each takes its place. `narrowing`: those of `optional` that no key of the file
    names, and that are drift where somebody set them.
    """

    name: str
    fields: tuple[str, ...]
    parent: str
    swept: int
    claims: bool
    carries: str
    natural: tuple[str, ...] = ()
    exclusive: bool = False
    noted: bool = False
    optional: Mapping[str, Any] = field(default_factory=dict)
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrowing: tuple[str, ...] = ()

    def managed(self, props: Mapping[str, Any]) -> tuple[str, ...]:
        """Name what is managed of an object that is to have these properties."""
        replaced = (name for name, others in self.instead.items() if any(other in props for other in others))
        left_out = frozenset(replaced)
        return (
            *(name for name in self.fields if name not in left_out),
            *(name for name in self.optional if name in props),
        )


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="InboundTrunk",
            fields=(
                "tag", "name", "numbers", "allowedAddresses", "allowedNumbers", "authUsername", "authPassword",
                "headers", "krispEnabled", "mediaEncryption", "maxCallDuration", "ringingTimeout",
            ),
            parent="",
            swept=2,
            claims=True,
            carries="",
            natural=("numbers",),
            exclusive=True,
            noted=True,
            optional=options.unset("InboundTrunk"),
        ),
        Kind(
            name="OutboundTrunk",
            fields=(
                "tag", "name", "numbers", "address", "transport", "authUsername", "authPassword", "headers",
                "mediaEncryption",
            ),
            parent="",
            swept=3,
            claims=True,
            carries="",
            natural=("numbers", "address"),
            noted=True,
            optional=options.unset("OutboundTrunk"),
        ),
        Kind(
            name="DispatchRule",
            fields=("tag", "trunkIds", "roomPrefix", "agents", "attributes"),
            parent="",
            swept=1,
            # One that answers a number which no trunk carries.
            claims=True,
            carries="",
            natural=("trunkIds",),
            exclusive=True,
            noted=True,
            optional=options.unset("DispatchRule"),
            instead={"roomPrefix": (options.ROOM_NAME, options.CALLEE_PREFIX)},
            narrowing=(options.ONLY_CALLERS, options.ONLY_NUMBERS),
        ),
        # Beside the rule that answers everybody, one for some callers: at LiveKit both are dispatch rules, and what a
        # killed run left of either is swept as such.
        Kind(
            name="CallerRule",
            fields=("tag", "trunkIds", options.ONLY_CALLERS, "roomPrefix", "agents", "attributes"),
            parent="",
            swept=0,
            claims=False,
            carries="",
            natural=("trunkIds", options.ONLY_CALLERS),
            exclusive=True,
            noted=True,
            optional=options.unset("CallerRule"),
            instead={"roomPrefix": (options.ROOM_NAME, options.CALLEE_PREFIX)},
            narrowing=(options.ONLY_NUMBERS,),
        ),
        Kind(
            name="SipTrunk",
            fields=("tag", "domainName", "secure", "transferMode"),
            parent="",
            swept=4,
            claims=False,
            carries="trunkSid",
            natural=("domainName",),
            exclusive=True,
            noted=True,
            optional=options.unset("SipTrunk"),
        ),
        Kind(
            name="OriginationUrl",
            fields=("tag", "trunkSid", "sipUrl", "weight", "priority", "enabled"),
            parent="SipTrunk",
            swept=0,
            claims=False,
            carries="",
            natural=("sipUrl",),
            noted=True,
        ),
        # Beside the origination URL of its trunk: what another of the same sort is to it is told by the tag alone.
        Kind(
            name="FallbackUrl",
            fields=("tag", "trunkSid", "sipUrl", "weight", "priority", "enabled"),
            parent="SipTrunk",
            swept=0,
            claims=False,
            carries="",
            natural=("sipUrl",),
            noted=True,
        ),
        Kind(name="CredentialList", fields=("tag",), parent="", swept=5, claims=False, carries=""),
        Kind(
            name="Credential",
            fields=("credentialListSid", "username", "password"),
            parent="CredentialList",
            swept=0,
            claims=False,
            carries="",
            natural=("username",),
        ),
        Kind(
            name="TrunkCredentialList",
            fields=("trunkSid", "credentialListSid"),
            parent="SipTrunk",
            swept=0,
            claims=False,
            carries="",
            natural=("credentialListSid",),
        ),
        Kind(
            name="TrunkAddressList",
            fields=("trunkSid", "addressListSid"),
            parent="SipTrunk",
            swept=0,
            claims=False,
            carries="",
            natural=("addressListSid",),
        ),
    )
}  # fmt: skip

# In the order of their removal: no rule may point at a trunk that is gone, no carrier send calls there.
SWEPT_KINDS = tuple(kind.name for kind in sorted(KINDS.values(), key=lambda kind: kind.swept) if kind.swept)
CLAIM_KINDS = tuple(sorted((kind.name for kind in KINDS.values() if kind.claims), key="DispatchRule".__eq__))


def claimed(props: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the numbers for which an object of a claiming kind speaks, by its properties.

    A trunk has them; a rule names those that no trunk carries.
    """
    return tuple(props["numbers"]) if "numbers" in props else livekit_numbers.claimed(props.get("trunkIds", ()))


def is_claim(props: Mapping[str, Any]) -> bool:
    """Whether an object of a claiming kind is one: each trunk is, and a rule that names numbers."""
    return "numbers" in props or bool(claimed(props))
