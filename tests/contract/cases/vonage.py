"""Vonage as the tests of every carrier ask for it."""

from __future__ import annotations

from decimal import Decimal

from providers.port import NumberSearch
from sandbox.credentials import VONAGE, VonageAccount
from sandbox.vonage import VonageSettings
from tests.contract.cases.case import CarrierCase
from trunkline.e164 import E164
from trunkline.money import Money

CASE = CarrierCase(
    number=E164.parse("+442079460123"),
    other=E164.parse("+442079460124"),
    first=442079460000,
    rare=E164.shaped("+447937405123"),
    search=NumberSearch(country="GB", area_code="20", type="local"),
    search_request="GET /number/search",
    monthly=Money("EUR", Decimal("1.25")),
    page_size=100,
    routing=lambda number, make_trunk: {"sipUri": f"sip:{number.digits}@demo.sip.livekit.cloud;transport=tcp"},
    left=lambda number: {"sipUri": ""},
    poor=VonageSettings(
        accounts=(VonageAccount(api_key=VONAGE.api_key, api_secret=VONAGE.api_secret, balance=Decimal(0)),)
    ),
    taken="420",
    unconfirmed=("wrong_number", "stale", "drop"),
    confirmed_by_answer=False,
    too_short={"count": 1, "numbers": [{"country": "US", "msisdn": "12345"}]},
    undocumented=(
        {"count": 3},
        {"numbers": []},
        {"count": 1, "numbers": [{"country": "GB"}]},
        {"count": 1, "numbers": ["442079460123"]},
        {"count": 1, "numbers": [{"country": "GB", "msisdn": 442079460123}]},
    ),
)
