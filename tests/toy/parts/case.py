"""Toy as the tests of every carrier ask for it."""

from __future__ import annotations

from decimal import Decimal

from providers.port import NumberSearch
from tests.contract.cases.case import CarrierCase
from trunkline.e164 import E164
from trunkline.money import Money

CASE = CarrierCase(
    number=E164.parse("+16505551234"),
    other=E164.parse("+16505551235"),
    first=16505550000,
    rare=E164.shaped("+18615550123"),
    search=NumberSearch(country="US", area_code="650", type="local"),
    search_request="GET /toy/offers",
    monthly=Money("USD", Decimal("1.15")),
    page_size=50,
    routing=lambda number, make_trunk: {"sipUri": f"sip:{number.digits}@demo.sip.livekit.cloud;transport=tcp"},
    left=lambda number: {"tag": number, "sipUri": ""},
    poor={"balance": "0"},
    taken="taken",
    unconfirmed=("wrong_number",),
    confirmed_by_answer=True,
    too_short={
        "total": 1,
        "numbers": [{"id": "TN1", "phone_number": "12345", "country": "US", "type": "local", "label": "", "sip": ""}],
    },
    undocumented=(
        {},
        {"numbers": []},
        {"total": 2, "numbers": []},
        {"total": 1, "numbers": ["+16505550100"]},
        {"total": 1, "numbers": [{"id": "TN1"}]},
    ),
)
