"""Twilio as the tests of every carrier ask for it."""

from __future__ import annotations

from decimal import Decimal

from providers.port import NumberSearch
from sandbox.credentials import TWILIO, TwilioAccount
from sandbox.twilio import TwilioSettings
from tests.contract.cases.case import CarrierCase
from trunkline.e164 import E164
from trunkline.money import Money

CASE = CarrierCase(
    number=E164.parse("+16505551234"),
    other=E164.parse("+16505551235"),
    first=16505550000,
    rare=E164.shaped("+18615550123"),
    search=NumberSearch(country="US", area_code="650", type="local"),
    search_request="GET /AvailablePhoneNumbers/US/Local.json",
    monthly=Money("USD", Decimal("1.15")),
    page_size=1000,
    routing=lambda number, make_trunk: {"trunkSid": make_trunk()},
    left=lambda number: {"tag": number, "trunkSid": ""},
    poor=TwilioSettings(accounts=(TwilioAccount(sid=TWILIO.sid, auth_token=TWILIO.auth_token, balance=Decimal(0)),)),
    taken="21422",
    unconfirmed=("wrong_number",),
    confirmed_by_answer=True,
    too_short={
        "incoming_phone_numbers": [{"sid": "PN1", "phone_number": "12345"}],
        "page_size": 1000,
        "start": 0,
        "end": 0,
    },
    undocumented=(
        {},
        {"incoming_phone_numbers": []},
        {"incoming_phone_numbers": None, "page_size": 50},
        {"incoming_phone_numbers": [{"sid": "PN1"}], "page_size": 50, "uri": ""},
        {"incoming_phone_numbers": ["PN1"], "page_size": 50, "uri": ""},
        {"incoming_phone_numbers": [{"phone_number": "+16505550100"}], "page_size": 50, "uri": ""},
    ),
)
