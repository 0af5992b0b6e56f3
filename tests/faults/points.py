"""Where a run can be killed: at every write of a create, an update, a delete, a detachment and a revert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle


class Moment(StrEnum):
    """`UNSAVED`: the provider has its answer, the engine is stopped before it can save it. `LATE`: the request outlives
    its process and is carried out only after the next run.
    """

    BEFORE = "before it was sent"
    LOST = "applied, no reply"
    UNSAVED = "replied, not saved"
    LATE = "lands after the next run"


class Victim(StrEnum):
    ENGINE = "engine"
    PROVIDER = "provider"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Write:
    """A write of a scene, as the sandbox sees it; `path` is a regular expression."""

    scene: str
    name: str
    vendor: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Point:
    """One kill."""

    write: Write
    moment: Moment
    victim: Victim
    checkpoints: bool

    def __str__(self) -> str:
        saving = "checkpoints" if self.checkpoints else "no checkpoints"
        return f"{self.write.scene}: {self.write.name}, {self.moment}, {self.victim} killed, {saving}"


_NUMBER = r"/IncomingPhoneNumbers/PN\w+\.json$"
_RPC = "/twirp/livekit.SIP/"
_NUMBERS = "/twirp/livekit.PhoneNumberService/"


def _livekit(scene: str, verb: str) -> tuple[Write, ...]:
    nouns = ("SIPTrunk", "SIPDispatchRule") if verb == "Delete" else ("SIPOutboundTrunk", "SIPInboundTrunk", "SIPDispatchRule")  # fmt: skip  # noqa: E501
    return tuple(Write(scene, f"{verb}{noun}", "livekit", "POST", f"{_RPC}{verb}{noun}$") for noun in nouns)


WRITES: tuple[Write, ...] = (
    Write("create", "make the SIP trunk", "twilio", "POST", r"/v1/Trunks$"),
    Write("create", "make the origination URL", "twilio", "POST", r"/OriginationUrls$"),
    Write("create", "make the credential list", "twilio", "POST", r"/SIP/CredentialLists\.json$"),
    Write("create", "make the credential", "twilio", "POST", r"/Credentials\.json$"),
    Write("create", "give the list to the trunk", "twilio", "POST", r"/v1/Trunks/TK\w+/CredentialLists$"),
    *_livekit("create", "Create"),
    Write("create", "buy the number", "twilio", "POST", r"/IncomingPhoneNumbers\.json$"),
    Write("create", "buy the number", "vonage", "POST", r"/number/buy$"),
    Write("create", "route the number", "vonage", "POST", r"/number/update$"),
    Write("update", "change the SIP trunk", "twilio", "POST", r"/v1/Trunks/TK\w+$"),
    Write("update", "change the origination URL", "twilio", "POST", r"/OriginationUrls/OU\w+$"),
    Write("update", "change the credential list", "twilio", "POST", r"/SIP/CredentialLists/CL\w+\.json$"),
    Write("update", "make a further credential list", "twilio", "POST", r"/SIP/CredentialLists\.json$"),
    Write("update", "give the further list to the trunk", "twilio", "POST", r"/v1/Trunks/TK\w+/CredentialLists$"),
    Write("update", "make the new credential", "twilio", "POST", r"/Credentials\.json$"),
    Write("update", "remove the old credential", "twilio", "DELETE", r"/Credentials/CR\w+\.json$"),
    *_livekit("update", "Update"),
    Write("update", "route the number", "twilio", "POST", _NUMBER),
    Write("update", "route the number", "vonage", "POST", r"/number/update$"),
    Write("delete", "release the number", "twilio", "DELETE", _NUMBER),
    Write("delete", "release the number", "vonage", "POST", r"/number/cancel$"),
    *_livekit("delete", "Delete"),
    Write("delete", "take the list from the trunk", "twilio", "DELETE", r"/v1/Trunks/TK\w+/CredentialLists/CL\w+$"),
    Write("delete", "remove the credential", "twilio", "DELETE", r"/Credentials/CR\w+\.json$"),
    Write("delete", "remove the credential list", "twilio", "DELETE", r"/SIP/CredentialLists/CL\w+\.json$"),
    Write("delete", "remove the origination URL", "twilio", "DELETE", r"/OriginationUrls/OU\w+$"),
    Write("delete", "remove the SIP trunk", "twilio", "DELETE", r"/v1/Trunks/TK\w+$"),
    Write("keep", "take the number off its trunk", "twilio", "DELETE", r"/PhoneNumbers/PN\w+$"),
    Write("keep", "take the tag off the number", "twilio", "POST", _NUMBER),
    Write("keep", "take the routing off the number", "vonage", "POST", r"/number/update$"),
    *_livekit("keep", "Update"),
    Write("revert", "DeleteSIPDispatchRule", "livekit", "POST", f"{_RPC}DeleteSIPDispatchRule$"),
    Write("revert", "remove the SIP trunk", "twilio", "DELETE", r"/v1/Trunks/TK\w+$"),
    Write("revert", "remove the credential list", "twilio", "DELETE", r"/SIP/CredentialLists/CL\w+\.json$"),
    Write("revert", "DeleteSIPTrunk", "livekit", "POST", f"{_RPC}DeleteSIPTrunk$"),
    # A number that LiveKit sells: the rule first, the purchase with the rule's id, then the name as its tag.
    Write("own create", "CreateSIPDispatchRule", "livekit", "POST", f"{_RPC}CreateSIPDispatchRule$"),
    Write("own create", "buy the number", "livekit", "POST", f"{_NUMBERS}PurchasePhoneNumber$"),
    Write("own create", "name the number", "livekit", "POST", f"{_NUMBERS}UpdatePhoneNumber$"),
    Write("own update", "UpdateSIPDispatchRule", "livekit", "POST", f"{_RPC}UpdateSIPDispatchRule$"),
    Write("own update", "tie the number and name it", "livekit", "POST", f"{_NUMBERS}UpdatePhoneNumber$"),
    Write("own delete", "release the number", "livekit", "POST", f"{_NUMBERS}ReleasePhoneNumbers$"),
    Write("own delete", "DeleteSIPDispatchRule", "livekit", "POST", f"{_RPC}DeleteSIPDispatchRule$"),
    Write("own keep", "take name and rule off the number", "livekit", "POST", f"{_NUMBERS}UpdatePhoneNumber$"),
    Write("own keep", "DeleteSIPDispatchRule", "livekit", "POST", f"{_RPC}DeleteSIPDispatchRule$"),
)


def every() -> Sequence[Point]:
    """Give every write with every moment and every victim; late landings with both killed.

    The two ways of saving take turns, so that each write meets both at every moment.
    """
    early = [moment for moment in Moment if moment is not Moment.LATE]
    points = []
    for number, write in enumerate(WRITES):
        for moment in early:
            points += [Point(write, moment, each, (number + turn) % 2 == 0) for turn, each in enumerate(Victim)]
        points += [Point(write, Moment.LATE, Victim.BOTH, checkpoints) for checkpoints in (False, True)]
    return points


def cover() -> Sequence[Point]:
    """Give a point for every write, in which every moment, victim and way of saving takes its turn."""
    moments, victims = cycle(Moment), cycle((Victim.ENGINE, Victim.BOTH, Victim.PROVIDER, Victim.BOTH, Victim.ENGINE))
    points = []
    for number, write in enumerate(WRITES):
        moment, victim = next(moments), next(victims)
        points.append(Point(write, moment, Victim.BOTH if moment is Moment.LATE else victim, number % 3 == 0))
    return points
