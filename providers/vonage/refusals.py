"""What Vonage's answers mean: its words as data, and the shape that a usable answer has.

Source: Numbers API 1.0.20 (2021-07-14); the SDK's test data (2026-11-24) for what that leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.rest import Body, shown
from trunkline.errors import Reason, Rejected, VendorError

VENDOR = "vonage"
OWNED, SEARCH = "/account/numbers", "/number/search"
BUY, UPDATE, CANCEL = "/number/buy", "/number/update", "/number/cancel"

FIX_CREDENTIALS = "Check VONAGE_API_KEY and VONAGE_API_SECRET: that they belong together and may use the Numbers API."
FIX_ADDRESS = (
    "Vonage sells this number in its dashboard only. Buy it there, then write it as the line's `phone_number` with"
    " `adopt: true` in numbers.yaml."
)
FIX_FUNDS = "Add credit to the Vonage account, then run again."
FIX_TAKEN = (
    "Look whether the account holds it by now; otherwise change the line's `phone_number` in numbers.yaml, or search."
)

STATUSES: Mapping[int, tuple[Reason, str]] = {
    401: (Reason.CREDENTIALS, FIX_CREDENTIALS),
    403: (Reason.CREDENTIALS, FIX_CREDENTIALS),
    404: (Reason.NOT_FOUND, ""),
}
# "420" means every failure of an action; its label alone tells them apart. The first that occurs in it holds.
WORDS: tuple[tuple[str, Reason, str], ...] = (
    ("address", Reason.ADDRESS_REQUIRED, FIX_ADDRESS),
    ("dashboard", Reason.ADDRESS_REQUIRED, FIX_ADDRESS),
    ("credit", Reason.FUNDS, FIX_FUNDS),
    ("balance", Reason.FUNDS, FIX_FUNDS),
    ("funds", Reason.FUNDS, FIX_FUNDS),
)

_CODE = re.compile(r"[1-5][0-9][0-9]", re.ASCII)
_OK = "200"
_ACTION_FAILED = 420


class VonageDialect:
    """Vonage's side of `providers.rest.Dialect`."""

    vendor = VENDOR

    def label(self, method: str, path: str) -> str:
        return f"{method} {path}"

    def status(self, status: int, body: Body) -> int:
        """An error can come with HTTP 200; the code in the body is the one that counts."""
        code = _code(body)
        return int(code) if status < 300 and code else status

    def refusal(self, request: str, status: int, body: Body) -> VendorError:
        words, code = shown(_label(body)), _code(body)
        reason, fix = STATUSES.get(status) or (Reason.INVALID, "")
        if status == _ACTION_FAILED:
            reason, fix = _action_failed(request, words.lower())
        return Rejected(VENDOR, request, words, reason=reason, status=status, code=code, fix=fix)

    def flaw(self, request: str, query: Mapping[str, Any], body: Body) -> str:
        if request.startswith("GET "):
            return _page_flaw(request, query, body)
        return "" if body.get("error-code") == _OK else "the answer does not say how it went"


def _code(body: Body) -> str:
    """Give Vonage's code, "" where something else stands in its place."""
    code = str(body.get("error-code", ""))
    return code if _CODE.fullmatch(code) else ""


def _action_failed(request: str, words: str) -> tuple[Reason, str]:
    told = next(((reason, fix) for word, reason, fix in WORDS if word in words), None)
    return told or ((Reason.NOT_AVAILABLE, FIX_TAKEN) if request.endswith(BUY) else (Reason.INVALID, ""))


def _label(body: Body) -> str:
    """Give the words of a refusal; a malformed request is answered by a map of fields."""
    if "error-code-label" in body:
        return str(body["error-code-label"])
    return "; ".join(f"{field}: {words}" for field, words in body.items()) or "no reason was given"


def _page_flaw(request: str, query: Mapping[str, Any], page: Body) -> str:
    """Say in what a page is not whole: a row missing here would look like a number released."""
    if not page:
        return ""  # Vonage's way to say "none".
    count, rows = page.get("count"), page.get("numbers")
    if not isinstance(count, int) or not isinstance(rows, list):
        return "the answer is not a page of a list"
    size, index = int(query["size"]), int(query["index"])
    due = max(0, min(size, count - size * (index - 1)))
    # What is on offer changes all the time; what is owned must be complete.
    if request.endswith(OWNED) and len(rows) != due:
        return f"page {index} of the list holds {len(rows)} rows where {due} are due"
    return ""
