"""Buying, changing and releasing numbers at the emulated Twilio."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox import Sandbox
from sandbox.credentials import OTHER_TWILIO, TWILIO
from sandbox.ledger import Charge, Release
from sandbox.twilio import TwilioSettings
from tests.sandbox.callers import NOON, Clock, TwilioCaller, VonageCaller, refusal

US = "+16505551234"
NOT_AVAILABLE = refusal(21422, f"{US} is not available.")


def test_a_purchase_is_charged_once_and_shows_what_was_asked_for(world: Sandbox, twilio: TwilioCaller) -> None:
    status, number = twilio.buy(US, FriendlyName="fleet/sales-us")
    assert (status, number["phone_number"], number["friendly_name"]) == (201, US, "fleet/sales-us")
    assert world.ledger.entries == [Charge("twilio", TWILIO.sid, US, Decimal("1.15"), "USD", NOON)]
    assert twilio.get(f"{twilio.home}/IncomingPhoneNumbers/{number['sid']}.json") == (200, number)
    assert twilio.get(f"{twilio.home}/Balance.json")[1]["balance"] == "9998.85"


def test_a_number_without_a_name_gets_its_own_in_national_form(twilio: TwilioCaller) -> None:
    assert twilio.buy(US)[1]["friendly_name"] == "(650) 555-1234"
    assert twilio.buy("+442079460123")[1]["friendly_name"] == "+442079460123"


def test_buying_an_own_number_again_changes_it_and_charges_nothing(world: Sandbox, twilio: TwilioCaller) -> None:
    first = twilio.buy(US, FriendlyName="before")[1]
    status, second = twilio.buy(US, FriendlyName="after")
    assert (status, second) == (201, {**first, "friendly_name": "after"})
    assert len(world.ledger.purchases(US)) == 1


@pytest.mark.parametrize("why", ["foreign", "sold", "just released", "at the other carrier", "in no block"])
def test_what_nobody_sells_is_refused_without_a_reason(
    world: Sandbox, twilio: TwilioCaller, vonage: VonageCaller, why: str
) -> None:
    number = "+16501551234" if why == "in no block" else US
    if why == "foreign":
        world.twilio.add_foreign_number(US)
    elif why == "sold":
        world.twilio.sell(US)
    elif why == "just released":
        sid = twilio.buy(US)[1]["sid"]
        assert twilio.delete(f"{twilio.home}/IncomingPhoneNumbers/{sid}.json") == (204, None)
    elif why == "at the other carrier":
        vonage.buy(US[1:], "US")
    charged = len(world.ledger.charges())
    assert twilio.buy(number) == refusal(21422, f"{number} is not available.")
    assert len(world.ledger.charges()) == charged


def test_a_released_number_can_be_bought_once_it_has_cooled_down(
    world: Sandbox, twilio: TwilioCaller, clock: Clock
) -> None:
    sid = twilio.buy(US)[1]["sid"]
    twilio.delete(f"{twilio.home}/IncomingPhoneNumbers/{sid}.json")
    clock.sleep(599)
    assert twilio.buy(US) == NOT_AVAILABLE
    clock.sleep(1)
    assert twilio.buy(US)[0] == 201
    assert [type(entry) for entry in world.ledger.entries] == [Charge, Release, Charge]
    assert world.ledger.owned == (US,)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"PhoneNumber": "6505551234"}, (21421, "PhoneNumber: 6505551234 is not a valid number in E.164 format")),
        ({}, (20001, "Missing required parameter PhoneNumber or AreaCode in the post body")),
        ({"AreaCode": "65"}, (21451, "AreaCode: 65 is not an area code of three digits")),
        ({"AreaCode": "999"}, (21452, "No phone numbers found in area code 999")),
        ({"PhoneNumber": US, "FriendlyName": "x" * 65},
         (20001, "Invalid FriendlyName: must have 0 to 64 characters, has 65")),
        ({"PhoneNumber": US, "Friendlyname": "x"}, (20001, "Unknown parameter Friendlyname")),
        ({"PhoneNumber": US, "VoiceReceiveMode": "Voice"},
         (20001, "Invalid VoiceReceiveMode: must be one of voice, fax")),
        ({"PhoneNumber": US, "TrunkSid": "TK" + "0" * 32},
         (20001, f"Invalid trunk_sid: TK{'0' * 32} is not in this account")),
        ({"PhoneNumber": [US, US]}, (20001, "Parameter PhoneNumber was given more than once")),
    ],
)  # fmt: skip
def test_a_wrong_purchase_is_refused_and_changes_nothing(
    world: Sandbox, twilio: TwilioCaller, fields: dict[str, str], expected: tuple[int, str]
) -> None:
    before = world.snapshot()
    assert twilio.post(f"{twilio.home}/IncomingPhoneNumbers.json", **fields) == refusal(*expected)
    assert world.snapshot() == before


def test_an_account_without_money_buys_nothing(clock: Clock) -> None:
    poor = replace(TWILIO, balance=Decimal("1.14"))
    world = Sandbox(now=clock, twilio=TwilioSettings(accounts=(poor,)))
    message = f"The balance of 1.14 USD does not pay for {US} (1.15 USD)"
    assert TwilioCaller(world).buy(US) == refusal(21404, message)
    assert (world.ledger.entries, world.twilio.numbers()) == ([], ())


def test_a_kind_that_needs_an_address_or_a_bundle_is_refused_without(world: Sandbox, twilio: TwilioCaller) -> None:
    berlin, mobile = "+493025551233", "+447400551233"
    assert twilio.buy(berlin)[1]["code"] == 21631
    missing = "Bundle required and not provided for country: [GB] and numberType: [MOBILE]"
    assert twilio.buy(mobile) == refusal(21649, missing)
    pending = world.twilio.add_bundle("pending-review")["sid"]
    waiting = refusal(21649, f"Bundle [{pending}] status is not twilio-approved")
    assert twilio.buy(mobile, BundleSid=pending) == waiting
    world.twilio.edit_record("bundle", pending, status="twilio-approved")
    assert twilio.buy(mobile, BundleSid=pending)[1]["bundle_sid"] == pending


def test_what_the_regulations_list_is_what_a_purchase_demands(world: Sandbox, twilio: TwilioCaller) -> None:
    def regulations(country: str, kind: str) -> list[str]:
        path = "/v2/RegulatoryCompliance/Regulations"
        return [row["friendly_name"] for row in twilio.get(path, IsoCountry=country, NumberType=kind)[1]["results"]]

    assert regulations("US", "local") == []
    assert sorted(regulations("GB", "mobile")) == ["GB: Mobile - Business", "GB: Mobile - Individual"]
    other = world.twilio.add_bundle(country="DE", type="mobile")["sid"]
    wrong = f"Bundle [{other}] does not have the regulation type of the phone number"
    assert twilio.buy("+447400551233", BundleSid=other) == refusal(21649, wrong)


def test_bundles_are_read_with_their_status_and_regulation(world: Sandbox, twilio: TwilioCaller) -> None:
    path, kept = "/v2/RegulatoryCompliance/Bundles", world.twilio.add_bundle("in-review", country="GB", type="mobile")
    status, shown = twilio.get(f"{path}/{kept['sid']}")
    assert (status, shown["status"], shown["regulation_sid"]) == (200, "in-review", kept["regulation_sid"])
    assert [row["sid"] for row in twilio.get(path, Status="in-review")[1]["results"]] == [kept["sid"]]
    assert twilio.get(path, Status="draft")[1]["results"] == []
    assert twilio.get(f"{path}/BU{'0' * 32}")[0] == 404


def test_an_address_must_be_of_the_country_where_the_rule_says_local(twilio: TwilioCaller) -> None:
    def address(country: str) -> str:
        fields = {"CustomerName": "A", "Street": "B", "City": "C", "Region": "D", "PostalCode": "1"}
        return str(twilio.post(f"{twilio.home}/Addresses.json", **fields, IsoCountry=country)[1]["sid"])

    berlin = "+493025551233"
    assert twilio.buy(berlin, AddressSid=address("FR"))[1]["code"] == 21613
    assert twilio.buy(berlin, AddressSid=address("DE"))[0] == 201


def test_a_number_with_an_emergency_address_is_not_released(twilio: TwilioCaller) -> None:
    where = {"CustomerName": "A", "Street": "B", "City": "C", "Region": "D", "PostalCode": "1", "IsoCountry": "US"}
    address = twilio.post(f"{twilio.home}/Addresses.json", **where, EmergencyEnabled="true")[1]["sid"]
    number = twilio.buy(US, EmergencyAddressSid=address, EmergencyStatus="Active")[1]
    assert (number["emergency_status"], number["emergency_address_status"]) == ("Active", "registered")
    path = f"{twilio.home}/IncomingPhoneNumbers/{number['sid']}.json"
    assert twilio.delete(path)[0] == 400
    assert twilio.delete(f"{twilio.home}/Addresses/{address}.json")[0] == 400
    assert twilio.post(path, EmergencyAddressSid="")[1]["emergency_status"] == "Inactive"
    assert twilio.delete(path) == (204, None)
    assert twilio.delete(f"{twilio.home}/Addresses/{address}.json") == (204, None)


def test_a_trunk_and_a_voice_application_push_each_other_out(twilio: TwilioCaller) -> None:
    trunk, app = twilio.trunk(), "AP" + "0" * 32
    number = twilio.buy(US, TrunkSid=trunk, VoiceApplicationSid=app)[1]
    path = f"{twilio.home}/IncomingPhoneNumbers/{number['sid']}.json"
    assert (number["trunk_sid"], number["voice_application_sid"]) == (trunk, "")
    with_app = twilio.post(path, VoiceApplicationSid=app)[1]
    assert (with_app["trunk_sid"], with_app["voice_application_sid"]) == (None, app)
    with_trunk = twilio.post(path, TrunkSid=trunk)[1]
    assert (with_trunk["trunk_sid"], with_trunk["voice_application_sid"]) == (trunk, "")
    assert twilio.post(path, TrunkSid="")[1]["trunk_sid"] is None


def test_another_account_neither_sees_nor_touches_a_number(world: Sandbox, twilio: TwilioCaller) -> None:
    sid = twilio.buy(US)[1]["sid"]
    other = TwilioCaller(world, OTHER_TWILIO)
    path = f"/IncomingPhoneNumbers/{sid}.json"
    absent = refusal(20404, f"The requested resource {other.home}{path} was not found", 404)
    assert other.numbers() == []
    assert [other.get(other.home + path), other.delete(other.home + path)] == [absent, absent]
    assert other.get(twilio.home + path) == refusal(20003, "Authenticate", 401)
    assert twilio.numbers() == [US]


def test_twenty_simultaneous_purchases_of_one_number_charge_once(world: Sandbox) -> None:
    callers = [TwilioCaller(world, account) for account in (TWILIO, OTHER_TWILIO) for _ in range(10)]
    threads = [threading.Thread(target=caller.buy, args=(US,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.ledger.purchases(US)) == 1
    assert len(world.journal.writes()) == 20
