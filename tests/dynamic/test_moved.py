"""What a line that moves to another stack brings along: its number, and of what it had at LiveKit a custom line all."""

from __future__ import annotations

import pytest

from tests.dynamic.fleets import OFFICE, ONE, TWO, file, two
from tests.dynamic.inventories import having
from tests.support.world import World

GB = '{provider: vonage, phone_number: "+447400551233", agent: support}'
STAYS = {"two": f"b: {TWO}", "three": f"a: {ONE.replace('51234', '51236')}"}


@pytest.mark.parametrize(
    ("line", "stays"), [(ONE, False), (GB, False), (OFFICE, True)], ids=["twilio", "vonage", "custom"]
)
def test_its_objects_at_livekit_are_gone_until_the_new_stack_runs_and_a_custom_line_s_stay(
    line: str, stays: bool
) -> None:
    world = World()
    a, b = two(world, "acme/fleet")
    livekit = world.sandbox.livekit

    def objects() -> set[str]:
        trunks = {one["sip_trunk_id"] for one in (*livekit.inbound_trunks(), *livekit.outbound_trunks())}
        return trunks | {one["sip_dispatch_rule_id"] for one in livekit.dispatch_rules()}

    a.up(file(**STAYS))
    b.up(file(**STAYS))
    others = objects()
    a.up(file(**STAYS, line=f"a: {line}"))
    made = objects() - others
    a.up(file(**STAYS, line=f"a: {having(line, 'removal: keep')}"))
    moved = file(**STAYS, line=f"b: {having(line, 'adopt: true')}")
    a.up(moved)
    between = objects() - others
    b.up(moved)

    assert (between, made & objects()) == ((made, made) if stays else (set(), set()))
