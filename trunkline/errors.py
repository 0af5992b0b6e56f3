"""Every error that Trunkline raises, sorted by what the caller does next.

TrunklineError
├── InputError              the operator mends the input; nothing was sent anywhere
│   ├── InventoryError      numbers.yaml
│   └── SettingsError       environment or stack configuration
├── Refusal                 Trunkline itself declines; the message says the way
│   └── NoCredentials       a vendor that something needs is not configured
└── VendorError             a vendor's request went wrong
    ├── Throttled           not processed, asked to wait: safe to repeat
    ├── Unavailable         a read got no usable answer: nothing was changed, nothing is known
    ├── UnknownOutcome      a write got no usable answer: look again, then decide
    ├── Rejected            the vendor processed the request and said no: nothing was changed
    └── MalformedReply      an answer that the vendor's documentation does not allow
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class TrunklineError(Exception):
    """Base of all errors with a message fit for an operator.

    `way_out` is what a command adds to it, "" where the message says what to do: others show the message alone.
    """

    way_out = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend in an input.

    `file` as the operator named it, `line` and `column` from 1 (0 where the input has no lines), `rule` a stable
    kebab-case code, `message` the fact, `fix` what to do.
    """

    rule: str
    message: str
    fix: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.message} [{self.rule}]; {self.fix}"


class InputError(TrunklineError):
    """The input has problems; all of them are in `problems`, and what is only odd in `warnings`."""

    def __init__(self, problems: Sequence[Problem], warnings: Sequence[Problem] = ()) -> None:
        self.problems, self.warnings = tuple(problems), tuple(warnings)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InventoryError(InputError):
    """numbers.yaml cannot be accepted as it stands."""


class SettingsError(InputError):
    """The environment or the stack configuration lacks something or contradicts itself."""


class Refusal(TrunklineError):
    """Trunkline will not do this, although the vendor would; the message says what to do instead."""


class NoCredentials(Refusal):
    """A vendor that something needs is not configured. `vendor` ("livekit")."""

    def __init__(self, vendor: str, message: str) -> None:
        self.vendor = vendor
        super().__init__(message)


class Reason(StrEnum):
    """Why a vendor rejected a request, in words that all vendors share."""

    CREDENTIALS = "credentials"
    NOT_FOUND = "not-found"
    NOT_AVAILABLE = "number-not-available"
    CONFLICT = "conflict"
    ADDRESS_REQUIRED = "address-required"
    BUNDLE_REQUIRED = "bundle-required"
    FUNDS = "not-enough-funds"
    DEPENDENTS = "has-dependents"
    INVALID = "invalid-request"


class VendorError(TrunklineError):
    """A request to a vendor failed.

    `vendor` ("livekit"), `request` ("POST /twirp/livekit.SIP/…"; never with a secret), `status` the HTTP status or
    None where no answer came, `code` the vendor's own code or "", `detail` the vendor's words, `fix` what to do next:
    that of its class, `usual_fix`, where there is no better. `said` is all of its text but the `fix`.
    """

    left = "Nothing was changed by this request."
    usual_fix = ""

    def __init__(
        self, vendor: str, request: str, detail: str, *, status: int | None = None, code: str = "", fix: str = ""
    ) -> None:
        self.vendor, self.request, self.detail = vendor, request, detail
        self.status, self.code, self.fix = status, code, fix or self.usual_fix
        answer = ", ".join(
            part for part in (f"HTTP {status}" if status else "", f"code {code}" if code else "") if part
        )
        head = f"{vendor}: {request}: {detail}" + (f" ({answer})" if answer else "")
        self.said = f"{f'{head}.'.replace('..', '.')} {self.left}"
        super().__init__(f"{self.said} {self.fix}".rstrip())


class Throttled(VendorError):
    """The vendor asked to wait and processed nothing. `retry_after` in seconds, None where it did not say."""

    usual_fix = "Run again later, or with less parallelism."

    def __init__(self, vendor: str, request: str, detail: str, *, retry_after: float | None, code: str = "") -> None:
        super().__init__(vendor, request, detail, status=429, code=code)
        self.retry_after = retry_after


class Unavailable(VendorError):
    """A read got no usable answer in time."""

    left = "Nothing was changed, and what the vendor holds is not known."
    usual_fix = "Run again when it answers: its status page, or a proxy on the way, may say why it did not."


class UnknownOutcome(VendorError):
    """A write got no usable answer: it may have been carried out or not."""

    left = "Whether the vendor carried it out is not known."
    usual_fix = "Run `pulumi up` again: it looks for what was made before it writes anything."


class Rejected(VendorError):
    """The vendor said no, for a reason that repeating does not mend."""

    def __init__(
        self,
        vendor: str,
        request: str,
        detail: str,
        *,
        reason: Reason,
        status: int | None = None,
        code: str = "",
        fix: str = "",
    ) -> None:
        self.reason = reason
        super().__init__(vendor, request, detail, status=status, code=code, fix=fix)


class MalformedReply(VendorError):
    """The answer is not what the vendor documents, so nothing may be concluded from it."""

    left = "The answer was not used."
