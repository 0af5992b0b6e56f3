"""The numbers that LiveKit itself sells, as the tests of every carrier ask for them.

One test is left out: no document of LiveKit's says how it refuses a project that cannot pay.
"""

from __future__ import annotations

from providers.port import NumberSearch
from tests.contract.cases.case import CarrierCase
from trunkline.e164 import E164

CASE = CarrierCase(
    number=E164.parse("+14157551233"),
    other=E164.parse("+14156920020"),
    first=14155550000,
    rare=E164.shaped("+18615550123"),
    search=NumberSearch(country="US", area_code="415", type="local"),
    search_request="POST /twirp/livekit.PhoneNumberService/SearchPhoneNumbers",
    monthly=None,
    page_size=50,
    routing=lambda number, make_trunk: {"dispatchRuleId": "SDR_case"},
    left=lambda number: {"tag": "", "dispatchRuleId": ""},
    poor=None,
    taken="not_found",
    unconfirmed=("wrong_number",),
    confirmed_by_answer=True,
    too_short={"items": [{"id": "PN_PPN_1", "e164_format": "12345"}], "total_count": 1},
    undocumented=(
        {},
        {"items": None},
        {"items": ["+14155550100"]},
        {"items": [{"id": "PN_PPN_1"}]},
        {"items": [{"e164_format": 14155550100}]},
        {"items": [], "total_count": 2},
    ),
)
