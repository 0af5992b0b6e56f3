"""A machine whose clock is wrong: LiveKit refuses its tokens, and the error names the clock and by how much."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from providers.livekit.refusals import FIX_CREDENTIALS
from sandbox.faults import Fault
from sandbox.world import Sandbox
from tests.support.livekit_target import in_process
from trunkline.errors import Rejected

REFUSED = "invalid token: error: token has invalid claims: token is {}"


def fix(words: str, headers: dict[str, str]) -> str:
    """What is advised where a token is refused with such words and headers."""
    sandbox = Sandbox()
    sandbox.faults.add(Fault("status", vendor="livekit", status=401, body=REFUSED.format(words), headers=headers))
    with pytest.raises(Rejected) as caught:
        in_process(sandbox).connect().adapters["DispatchRule"].list()
    return caught.value.fix


def at(seconds: float) -> dict[str, str]:
    """What an answer says of its time that many seconds from now."""
    return {"Date": formatdate(time.time() + seconds, usegmt=True)}


@pytest.mark.parametrize(
    ("seconds", "words", "told"),
    [(-7200, "not valid yet", "120 minutes ahead of"), (7200, "expired", "120 minutes behind")],
)
def test_a_clock_that_is_far_off_is_named_with_its_difference_and_the_credentials_are_not_blamed(
    seconds: float, words: str, told: str
) -> None:
    assert fix(words, at(seconds)) == (
        f"This machine's clock is {told} LiveKit's, so that its tokens are refused: set the clock, then run again."
    )


@pytest.mark.parametrize("headers", [None, {"Date": "yesterday"}, {}], ids=["right", "unreadable", "untold"])
def test_a_clock_that_is_right_or_not_known_to_be_wrong_is_named_beside_the_credentials(
    headers: dict[str, str] | None,
) -> None:
    assert fix("expired", at(0) if headers is None else headers) == FIX_CREDENTIALS
    assert "this machine's clock" in FIX_CREDENTIALS
