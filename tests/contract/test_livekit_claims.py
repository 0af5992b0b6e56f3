"""What a rule that claims a LiveKit number reads as, and keeps, whichever ids LiveKit puts into it."""

from __future__ import annotations

import pytest
from livekit.protocol.sip import SIPDispatchRuleInfo

from providers.livekit.convert import RULE, amend
from trunkline.e164 import E164
from trunkline.model.livekit_numbers import claim_of

NUMBER, OTHER = E164.parse("+14155550123"), E164.parse("+14155550124")


@pytest.mark.parametrize("trunk_ids", [["ST_a", "PN_PPN_1"], ["PN_PPN_1"], []], ids=str)
def test_a_rule_without_a_claim_reads_as_it_is(trunk_ids: list[str]) -> None:
    rule = SIPDispatchRuleInfo(trunk_ids=trunk_ids)
    assert RULE["trunkIds"].read(rule) == sorted(trunk_ids)


def test_a_claiming_rule_reads_without_livekit_s_ids_and_keeps_them_whatever_it_claims() -> None:
    rule = SIPDispatchRuleInfo(trunk_ids=[claim_of(NUMBER), "PN_PPN_1"])
    assert RULE["trunkIds"].read(rule) == [claim_of(NUMBER)]
    changed = amend(RULE, rule, {"trunkIds": [claim_of(OTHER)]})
    assert list(changed.trunk_ids) == ["PN_PPN_1", claim_of(OTHER)]
    assert list(amend(RULE, rule, {"trunkIds": ["ST_a"]}).trunk_ids) == ["ST_a"]
