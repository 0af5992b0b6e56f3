"""What docs/performance.md says that each line with a search asks of the vendors in a first `up`."""

from __future__ import annotations

import re
from collections import Counter

from bench import fleet
from tests.support.world import Stack, World


def _asked(lines: int) -> Counter[tuple[str, str]]:
    """Give what a first `up` of so many lines with one search asks, one line after the other."""
    world = World()
    Stack(world).up(re.sub(r'phone_number: "[^"]+"', "search: {country: US}", fleet.of(lines)))
    return Counter(
        (entry.vendor, "write" if entry.write else entry.path.rpartition("/")[2])
        for entry in world.sandbox.journal.entries()
    )


def test_a_searched_line_lists_the_claims_before_it_makes_its_own_after_it_and_before_it_buys() -> None:
    inbound = ("livekit", "ListSIPInboundTrunk")
    exact = 1  # the claim itself, just before the purchase: a list may lag behind what is noted at it
    assert _asked(4) - _asked(3) == {
        inbound: 3 * 2 + exact,
        ("livekit", "write"): 3,
        # The number exactly, the account anew, and the number exactly once it was bought.
        ("twilio", "IncomingPhoneNumbers.json"): 3,
        ("twilio", "write"): 1,
    }
