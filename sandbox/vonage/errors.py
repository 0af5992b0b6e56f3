"""Vonage's error bodies (Numbers API 1.0.20, 2021-07-14; statuses and labels from the SDK's fixtures, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox import carrier
from sandbox.request import Response

LABELS: Mapping[int, str] = {
    401: "authentication failed",
    404: "not found",
    405: "method not allowed",
    420: "method failed",
    429: "too many requests",
}
NEEDS_ADDRESS = (
    "Numbers from this country can be requested from the Dashboard (https://dashboard.nexmo.com/buy-numbers) as they "
    "require a valid local address to be provided before being purchased."
)


class Refusal(carrier.Refusal):
    """A request that is not carried out. `body` is JSON."""

    def __init__(self, status: int, body: Mapping[str, str]) -> None:
        super().__init__(f"{status} {dict(body)}")
        self.status = status
        self.body = body

    def response(self) -> Response:
        return Response.of_json(self.status, self.body)


def failed(status: int, label: str | None = None) -> Refusal:
    """The envelope with code and label; the label says what the status says where none is given."""
    text = label or LABELS.get(status, "internal error")
    return Refusal(status, {"error-code": str(status), "error-code-label": text})


def bad_fields(problems: Mapping[str, str]) -> Refusal:
    """HTTP 400 with a sentence for each field that is wrong."""
    return Refusal(400, problems)
