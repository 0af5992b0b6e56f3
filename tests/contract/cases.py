"""What the tests of every carrier must know of one: a case for each, beside its emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from providers.port import NumberSearch, Props
from sandbox.credentials import TWILIO, VONAGE, TwilioAccount, VonageAccount
from sandbox.twilio import TwilioSettings
from sandbox.vonage import VonageSettings
from trunkline.e164 import E164
from trunkline.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCase:
    """A carrier as the contract's tests ask for it.

    `number` and `other` are on offer in a fresh sandbox, in one area, from `first` on there are enough for some pages,
    and `rare` is one that no library knows. `search` finds the area, at `monthly` each; `search_request` is what a
    search sends once prices are known. `routing` gives the route fields beside the tag of a number that is to be routed
    (it takes a function that makes a trunk at the carrier), `left` those of a detached one. `poor` are the settings of
    a sandbox whose account has no money, `taken` the vendor's code for a number that somebody else has.
    `unconfirmed`: faults after which a purchase cannot be seen, `confirmed_by_answer` whether its own answer says it.
    `too_short` is a list with a number that no line can name, `undocumented` are answers that are no list.
    """

    number: E164
    other: E164
    first: int
    rare: E164
    search: NumberSearch
    search_request: str
    monthly: Money
    page_size: int
    routing: Callable[[E164, Callable[[], str]], Props]
    left: Callable[[E164], Props]
    poor: Any
    taken: str
    unconfirmed: tuple[str, ...]
    confirmed_by_answer: bool
    too_short: Mapping[str, Any]
    undocumented: tuple[Any, ...]


CASES: Mapping[str, CarrierCase] = {
    "twilio": CarrierCase(
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
        poor=TwilioSettings(
            accounts=(TwilioAccount(sid=TWILIO.sid, auth_token=TWILIO.auth_token, balance=Decimal(0)),)
        ),
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
    ),
    "vonage": CarrierCase(
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
    ),
}
