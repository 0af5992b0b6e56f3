"""What each error of a vendor says: the fact, what was left, and what to do next."""

from __future__ import annotations

import pytest

from trunkline.errors import Throttled, Unavailable, UnknownOutcome, VendorError


@pytest.mark.parametrize(
    ("error", "said", "fix"),
    [
        (
            Unavailable("twilio", "GET /Trunks", "the vendor failed", status=503),
            "twilio: GET /Trunks: the vendor failed (HTTP 503)."
            " Nothing was changed, and what the vendor holds is not known.",
            "Run again when it answers: its status page, or a proxy on the way, may say why it did not.",
        ),
        (
            UnknownOutcome("livekit", "CreateSIPInboundTrunk", "the connection broke"),
            "livekit: CreateSIPInboundTrunk: the connection broke. Whether the vendor carried it out is not known.",
            "Run `pulumi up` again: it looks for what was made before it writes anything.",
        ),
        (
            Throttled("vonage", "GET /account/numbers", "asks to wait", retry_after=None),
            "vonage: GET /account/numbers: asks to wait (HTTP 429). Nothing was changed by this request.",
            "Run again later, or with less parallelism.",
        ),
        (
            Unavailable("livekit", "ListSIPInboundTrunk", "no such host.", fix="Check LIVEKIT_URL."),
            "livekit: ListSIPInboundTrunk: no such host. Nothing was changed, and what the vendor holds is not known.",
            "Check LIVEKIT_URL.",
        ),
    ],
)
def test_an_answer_that_does_not_come_is_told_with_what_to_do_next(error: VendorError, said: str, fix: str) -> None:
    assert (str(error), error.said, error.fix) == (f"{said} {fix}", said, fix)
