"""What the answers of LiveKit's phone number service mean: Twirp's words as data, and the shape of a usable answer.

Source: twirp v8.1.3 (2022-11-29) for codes and status. Which code stands for a number that is not to be had no document
says: each that can mean it is taken so, since the account is looked at again then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.rest import Body, shown
from trunkline.errors import Reason, Rejected, VendorError

VENDOR = "livekit"
SERVICE = "/twirp/livekit.PhoneNumberService/"
SEARCH, PURCHASE, LIST = "SearchPhoneNumbers", "PurchasePhoneNumber", "ListPhoneNumbers"
GET, UPDATE, RELEASE = "GetPhoneNumber", "UpdatePhoneNumber", "ReleasePhoneNumbers"
READS = frozenset({SEARCH, LIST, GET})

FIX_CREDENTIALS = (
    "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, that they belong to the project of LIVEKIT_URL, and that this"
    " machine's clock is right."
)
FIX_SERVICE = (
    "LiveKit Cloud alone sells phone numbers: check that LIVEKIT_URL is a project of LiveKit Cloud, or let the line"
    " have another provider."
)
FIX_TAKEN = (
    "Look whether the project holds it by now; otherwise change the line's `phone_number` in numbers.yaml, or search."
)
REASONS: Mapping[str, tuple[Reason, str]] = {
    "unauthenticated": (Reason.CREDENTIALS, FIX_CREDENTIALS),
    "permission_denied": (Reason.CREDENTIALS, FIX_CREDENTIALS),
    "not_found": (Reason.NOT_FOUND, ""),
    "bad_route": (Reason.INVALID, FIX_SERVICE),
    "unimplemented": (Reason.INVALID, FIX_SERVICE),
}
_NOT_AVAILABLE = frozenset({"not_found", "already_exists", "failed_precondition", "aborted"})
# A code is a word, of Twirp's or of a later version's; what else stands there is somebody's text.
_CODE = re.compile(r"[a-z_]{1,30}")
# What each answer has beside what it may leave out.
_HOLDS: Mapping[str, tuple[str, type]] = {
    SEARCH: ("items", list),
    LIST: ("items", list),
    PURCHASE: ("phone_numbers", list),
    GET: ("phone_number", dict),
    UPDATE: ("phone_number", dict),
}


class NumbersDialect:
    """LiveKit's side of `providers.rest.Dialect`."""

    vendor = VENDOR

    def label(self, method: str, path: str) -> str:
        """Give a request by its RPC, as LiveKit's others are named."""
        return path.rpartition("/")[2]

    def status(self, status: int, body: Body) -> int:
        return status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        words, code = shown(body.get("msg") or "no reason was given"), str(body.get("code", ""))
        code = code if _CODE.fullmatch(code) else ""
        reason, fix = REASONS.get(code) or ((Reason.CREDENTIALS, FIX_CREDENTIALS) if status in (401, 403) else _OTHER)
        if request == PURCHASE and code in _NOT_AVAILABLE:
            reason, fix = Reason.NOT_AVAILABLE, FIX_TAKEN
        return Rejected(self.vendor, request, words, reason=reason, status=status, code=code, fix=fix)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        name, kind = _HOLDS.get(request, ("", object))
        if name and not isinstance(field_of(body, name), kind):
            return f"the answer has no {name}"
        return ""


_OTHER: tuple[Reason, str] = (Reason.INVALID, "")


def field_of(message: Mapping[str, Any], name: str) -> Any:
    """Give a field of a message, which JSON may name in snake or in camel case; None where it has none.

    Twirp's servers write snake case; protobuf's own JSON is in camel case.
    """
    if name in message:
        return message[name]
    head, *rest = name.split("_")
    return message.get(head + "".join(each.capitalize() for each in rest))
