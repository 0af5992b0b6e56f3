"""What a provider process says of itself: tracebacks and notices, and no secret in either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from providers.dynamic import diagnostics, runtime
from tests.support.world import World
from trunkline.errors import NoCredentials, Reason, Rejected, TrunklineError
from trunkline.redaction import Redaction
from trunkline.secret import Secret

CANARY = "canary-Of-a-Process/7+"


@pytest.fixture
def process() -> Iterator[None]:
    made = World().process()
    made.policy = replace(made.policy, redaction=Redaction(frozenset({Secret(CANARY)})))
    runtime.install(made)
    yield
    runtime.install(None)


def traceback_of(words: str) -> str:
    none: dict[str, str] = {}
    try:
        return none[words]
    except KeyError:
        return diagnostics.told()


@pytest.mark.usefixtures("process")
def test_a_defect_is_told_by_its_traceback_without_the_secrets_of_the_stack() -> None:
    told = traceback_of(f"input_value={{'password': '{CANARY[:14]}..."[:60])
    assert "KeyError" in told and "test_telling.py" in told
    assert CANARY[:8] not in told


def test_before_a_process_is_configured_a_token_is_taken_out_all_the_same() -> None:
    assert "eyJhbGciOiJ" not in traceback_of("Bearer eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJBUEkifQ.c2lnbmF0dXJl")


@pytest.mark.usefixtures("process")
def test_a_notice_repeats_no_secret_that_somebody_wrote_into_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    runtime.print_notice(f"trunk ST_1 is called {CANARY}")
    assert capsys.readouterr().err == "trunk ST_1 is called ***\n"


@pytest.mark.usefixtures("process")
def test_what_shuts_a_vendor_is_told_at_length_once_and_each_other_cause_too() -> None:
    def refused(request: str, status: int = 401, reason: Reason = Reason.CREDENTIALS) -> Rejected:
        return Rejected("twilio", request, "Authenticate", reason=reason, status=status, fix="Check the token.")

    causes = [refused("GET /a"), refused("GET /b"), refused("GET /b", status=403), NoCredentials("vonage", "No key.")]
    causes += [NoCredentials("vonage", "No key."), *(refused("GET /c", 404, Reason.NOT_FOUND) for _ in range(2))]
    again = "not let in, as another error of this run says at length. Nothing was changed by this request."
    assert [told_of(cause) for cause in causes] == [
        "twilio: GET /a: Authenticate (HTTP 401). Nothing was changed by this request. Check the token.",
        f"twilio: {again}",
        "twilio: GET /b: Authenticate (HTTP 403). Nothing was changed by this request. Check the token.",
        "No key.",
        f"vonage: {again}",
        *["twilio: GET /c: Authenticate (HTTP 404). Nothing was changed by this request. Check the token."] * 2,
    ]


def told_of(error: TrunklineError) -> str:
    try:
        raise error
    except TrunklineError:
        return diagnostics.told()
