"""What Twilio's answers mean: its codes as data, and the shape that a usable list has.

Codes: Twilio's error dictionary as stored 2026-11-24; envelopes and paging: Twilio OpenAPI 2026-04-14.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.rest import Body, shown
from trunkline.errors import Reason, Rejected, VendorError

VENDOR = "twilio"

FIX_CREDENTIALS = (
    "Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or TWILIO_API_KEY with TWILIO_API_SECRET: that they belong"
    " together, are active and may use this API."
)
FIX_ADDRESS = "Give the line the SID of a validated address of your account as `address_sid` in numbers.yaml."
FIX_BUNDLE = "Give the line the SID of an approved regulatory bundle of your account as `bundle_sid` in numbers.yaml."
FIX_TAKEN = (
    "Look whether the account holds it by now; otherwise change the line's `phone_number` in numbers.yaml, or search."
)
FIX_FUNDS = "Add funds to the Twilio account, or upgrade it from a trial; then run again."
FIX_LIST = "A credential list of this name exists, or a trunk still uses the list; look in the Twilio console."
FIX_DOMAIN = "Domain names are unique over all of Twilio: give the trunk another `domain_name` in numbers.yaml."
FIX_EMERGENCY = (
    "Take the number's emergency address off in the Twilio console, or put the line back with"
    " `clear_emergency_address: true`, apply, and remove it again."
)
FIX_CHILDREN = "Remove what still belongs to it, then run again."

# Twilio's code -> why, and what to do.
CODES: Mapping[str, tuple[Reason, str]] = {
    "20003": (Reason.CREDENTIALS, FIX_CREDENTIALS),
    "20404": (Reason.NOT_FOUND, ""),
    "21422": (Reason.NOT_AVAILABLE, FIX_TAKEN),
    "21452": (Reason.NOT_AVAILABLE, FIX_TAKEN),
    "21421": (Reason.INVALID, "Check the line's `phone_number` in numbers.yaml."),
    "21451": (Reason.INVALID, "Check the line's `area_code` in numbers.yaml."),
    "21613": (Reason.ADDRESS_REQUIRED, FIX_ADDRESS),
    "21631": (Reason.ADDRESS_REQUIRED, FIX_ADDRESS),
    "21649": (Reason.BUNDLE_REQUIRED, FIX_BUNDLE),
    "21240": (Reason.CONFLICT, FIX_LIST),
    "21247": (Reason.DEPENDENTS, FIX_CHILDREN),
    "21404": (Reason.FUNDS, FIX_FUNDS),
    "10002": (Reason.FUNDS, FIX_FUNDS),
}
# Where the code is not among those, the status speaks.
STATUSES: Mapping[int, tuple[Reason, str]] = {
    401: (Reason.CREDENTIALS, FIX_CREDENTIALS),
    402: (Reason.FUNDS, FIX_FUNDS),
    403: (Reason.CREDENTIALS, FIX_CREDENTIALS),
    409: (Reason.CONFLICT, ""),
}
# Refusals whose code is not documented; the first word that occurs in the message holds.
WORDS: tuple[tuple[str, Reason, str], ...] = (
    ("emergency address", Reason.DEPENDENTS, FIX_EMERGENCY),
    ("domainname", Reason.INVALID, FIX_DOMAIN),
)

# What else stands in the place of a code is somebody's text.
_CODE = re.compile(r"[0-9]{1,6}", re.ASCII)
_ACCOUNT = re.compile(r"/2010-04-01/Accounts/[^/]+(?=/)")
# The lists that must be whole. Numbers on offer are a sample, and their paging keys cannot be relied on.
_LIST = re.compile(
    r"GET .*/(?:IncomingPhoneNumbers|CredentialLists|Credentials)\.json|GET .*/v1/Trunks(?:/\w+/\w+)?"
    r"|GET .*/RegulatoryCompliance/Regulations"
)


class TwilioDialect:
    """Twilio's side of `providers.rest.Dialect`."""

    vendor = VENDOR

    def label(self, method: str, path: str) -> str:
        return f"{method} {_ACCOUNT.sub('', path)}"

    def status(self, status: int, body: Body) -> int:
        return status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        code = str(body.get("code") or "")
        code = code if _CODE.fullmatch(code) else ""
        # Newer services answer in the form of RFC 9457, with title and detail.
        words = shown(body.get("message") or body.get("detail") or body.get("title") or "no reason was given")
        reason, fix = CODES.get(code) or STATUSES.get(status) or _told_by(words.lower())
        return Rejected(VENDOR, request, words, reason=reason, status=status, code=code, fix=fix)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        return _page_flaw(body) if _LIST.fullmatch(request) else ""


def _told_by(words: str) -> tuple[Reason, str]:
    return next(((reason, fix) for word, reason, fix in WORDS if word in words), (Reason.INVALID, ""))


_NO_PAGE = "the answer is not a page of a list"


def _page_flaw(page: Mapping[str, Any]) -> str:
    """Say in what a page of a list is not whole: a row missing here would look like an object deleted."""
    meta = page.get("meta", page)
    if not isinstance(meta, Mapping):
        return _NO_PAGE
    key = meta.get("key") or next((name for name, value in page.items() if isinstance(value, list)), "")
    rows, size, start, end = page.get(str(key)), meta.get("page_size"), meta.get("start", 0), meta.get("end", 0)
    if not (isinstance(rows, list) and isinstance(size, int) and isinstance(start, int) and isinstance(end, int)):
        return _NO_PAGE
    follows = meta.get("next_page_url") or meta.get("next_page_uri")
    if (follows and len(rows) < size) or (end > start and len(rows) < end - start + 1):
        return f"a page of the list holds {len(rows)} rows and says that it holds more"
    return ""
