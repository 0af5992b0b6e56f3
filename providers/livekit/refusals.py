"""What LiveKit's answers other than success mean.

Errors are Twirp's: JSON with `code` and `msg`. The check of the token stands before Twirp and answers in plain text.
Status and codes: twirp v8.1.3 (2022-11-29); messages: livekit-server 1.13.5 (2026-07-28).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import jwt

from providers.authentication import TOKEN_LEEWAY, TOKEN_SECONDS
from providers.livekit.limits import DETAIL_LENGTH, TEXT_LENGTH
from trunkline.errors import Reason, Rejected, Throttled, Unavailable, UnknownOutcome, VendorError
from trunkline.redaction import Redaction
from trunkline.secret import Secret

VENDOR = "livekit"

FIX_URL = "Check that LIVEKIT_URL is the address of the LiveKit server."
FIX_CREDENTIALS = (
    "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, that they belong to the project of LIVEKIT_URL,"
    " and that this machine's clock is right."
)

# The codes that say no. Those not listed (internal, unavailable, deadline_exceeded, …) leave the outcome open.
REASONS: Mapping[str, Reason] = {
    "unauthenticated": Reason.CREDENTIALS,
    "permission_denied": Reason.CREDENTIALS,
    "not_found": Reason.NOT_FOUND,
    "already_exists": Reason.CONFLICT,
    "invalid_argument": Reason.INVALID,
    "malformed": Reason.INVALID,
    "out_of_range": Reason.INVALID,
    "failed_precondition": Reason.INVALID,
    "bad_route": Reason.INVALID,
    "unimplemented": Reason.INVALID,
}
# Conflicts come as invalid_argument, and are told apart by these words.
CONFLICTS = ("Conflicting inbound SIP Trunks", "already exists in dispatch rule")
# A code is a word, of Twirp's or of a later version's; what else stands there is somebody's text.
_CODE = re.compile(r"[a-z_]{1,30}")
_OBJECT_ID = re.compile(r'"(S(?:T|DR)_\w+)"')


class Answered(Exception):
    """An HTTP answer that is not a success in protobuf; `body` may hold a secret, as `token`, and is not shown."""

    def __init__(self, status: int, headers: Mapping[str, str], body: str, token: Secret) -> None:
        self.status, self.headers, self.body, self.token = status, headers, body, token
        super().__init__(f"HTTP {status}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as errors name it: the RPC, the object that it is about ("" where none is), the secret in it."""

    method: str
    id: str = ""
    secret: str = ""
    write: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.id}".rstrip()

    def __repr__(self) -> str:
        return f"Request({self})"

    def lost(self, detail: str, *, status: int | None = None, code: str = "") -> VendorError:
        """Give the error for an answer that is missing or says nothing of the outcome."""
        kind = UnknownOutcome if self.write else Unavailable
        return kind(VENDOR, str(self), detail, status=status, code=code)


class Conflict(Rejected):
    """Another object holds what this one asked for. `other` is its id, "" where the answer names none."""

    def __init__(self, request: Request, detail: str, *, status: int, code: str) -> None:
        self.other = next((found for found in _OBJECT_ID.findall(detail) if found != request.id), "")
        holder = self.other or "the object that holds it"
        fix = f"Delete or change {holder}, or let the line take it over with `adopt: true`."
        super().__init__(VENDOR, str(request), detail, reason=Reason.CONFLICT, status=status, code=code, fix=fix)


def refusal(request: Request, answer: Answered, redaction: Redaction) -> VendorError:
    """Give the error that an answer means for a request; `redaction` takes the secrets out of LiveKit's words.

    The check of the token repeats the whole token in its answer.
    """
    code, words = _twirp(answer.body)
    status = answer.status
    hide = redaction.also((request.secret, answer.token.reveal()))
    detail = _shown(words, hide) or "no reason was given"
    if not code and "html" in answer.headers.get("Content-Type", ""):
        detail = "a web page came instead of an answer"
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == "resource_exhausted":
        return Throttled(VENDOR, str(request), detail, retry_after=_retry_after(answer.headers), code=code)
    if any(mark in detail for mark in CONFLICTS):
        return Conflict(request, detail, status=status, code=code)
    reason = REASONS.get(code) or _plain_reason(status)
    if reason is None:
        return request.lost(detail, status=status, code=code)
    fix = FIX_URL if code in ("", "bad_route") else ""
    if reason is Reason.CREDENTIALS:
        fix = _wrong_clock(answer) or FIX_CREDENTIALS
    return Rejected(VENDOR, str(request), detail, reason=reason, status=status, code=code, fix=fix)


def _wrong_clock(answer: Answered) -> str:
    """Say that this machine's clock is too far from the answer's for any token to be good, "" where it is not known."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        return ""
    claims = jwt.decode(answer.token.reveal(), options={"verify_signature": False})
    ahead = claims["nbf"] + TOKEN_LEEWAY - theirs
    if -TOKEN_SECONDS <= ahead <= TOKEN_LEEWAY:
        return ""
    off = f"{abs(ahead) / 60:.0f} minutes {'ahead of' if ahead > 0 else 'behind'} LiveKit's"
    return f"This machine's clock is {off}, so that its tokens are refused: set the clock, then run again."


def _plain_reason(status: int) -> Reason | None:
    """What an answer without a known Twirp code means: a 404 that is not Twirp's speaks of the address, no object."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Reason.CREDENTIALS
    refused = 300 <= status < 500 and status not in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT)
    return Reason.INVALID if refused else None


def _twirp(body: str) -> tuple[str, str]:
    """Give code and message of a Twirp error; "" and the text itself for anything else."""
    try:
        error = json.loads(body)
    except ValueError:
        return "", body
    if not (isinstance(error, dict) and isinstance(error.get("code"), str) and _CODE.fullmatch(error["code"])):
        return "", body
    return error["code"], str(error.get("msg", ""))


def _shown(words: str, hide: Redaction) -> str:
    printable = "".join(mark if mark.isprintable() else " " for mark in hide(words[:TEXT_LENGTH]))
    text = " ".join(printable.split())
    return text if len(text) <= DETAIL_LENGTH else text[:DETAIL_LENGTH] + "…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; a date is not used, since it would need this machine's clock to be right."""
    asked = headers.get("Retry-After", "").strip()
    return float(asked) if asked.isascii() and asked.isdigit() else None
