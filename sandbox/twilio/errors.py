"""Twilio's error envelope and the codes that the emulator uses.

Codes and messages: twilio.com/docs/api/errors as recorded in 2026-11; where no code is known for a refusal, the
general 20001 stands in (COVERAGE.md lists them).
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox import carrier
from sandbox.request import Response

# The code that Twilio sends with a status where the request says nothing more exact.
CODE_OF_STATUS: Mapping[int, int] = {400: 20001, 401: 20003, 403: 20006, 404: 20404, 405: 20004, 429: 20429}
MESSAGE_OF_STATUS: Mapping[int, str] = {
    401: "Authenticate",
    403: "Access Denied",
    405: "Method not allowed",
    429: "Too Many Requests",
    500: "An internal server error has occurred",
    503: "Service is unavailable. Please try again",
}


class Refusal(carrier.Refusal):
    """A request that is not carried out. Raised inside a transaction it leaves everything as it was."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> Response:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return Response.of_json(self.status, body)


def of_status(status: int) -> Refusal:
    """Give the refusal that says no more than its status."""
    return Refusal(status, CODE_OF_STATUS.get(status, 20000 + status % 1000), MESSAGE_OF_STATUS.get(status, "Error"))


def invalid(message: str) -> Refusal:
    """A parameter that is missing, unknown or wrong."""
    return Refusal(400, 20001, message)


def not_found(path: str) -> Refusal:
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def not_available(number: str) -> Refusal:
    """Taken, not in the inventory, or released a moment ago: the vendor does not tell which."""
    return Refusal(400, 21422, f"{number} is not available.")
