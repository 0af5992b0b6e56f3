"""What the carriers refuse, and what the operator reads then; no secret is ever among it."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from providers import twilio
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.twilio.settings import TwilioSettings
from tests.contract.carriers import NAMES, NUMBERS, OTHERS, SIP_PASSWORD, World
from tests.contract.cases import CASES, SELLERS
from tests.contract.test_carriers_trunks import KINDS, make_case
from trunkline.e164 import E164
from trunkline.errors import Reason, Rejected, VendorError
from trunkline.secret import Secret
from trunkline.settings import AccountSettings


def refused(act: Callable[[], Any]) -> Rejected:
    with pytest.raises(Rejected) as raised:
        act()
    return raised.value


def buys(world: World, name: str, number: str, **papers: str) -> Callable[[], Any]:
    asked = E164.parse(number)
    desired = {**world.desired(name), "country": asked.country, **papers}
    return lambda: world.carrier(name).buy(asked, desired)


@pytest.mark.parametrize("name", SELLERS)
def test_a_number_that_somebody_else_has_is_not_available(name: str) -> None:
    world = World()
    world.emulator(name).add_foreign_number(NUMBERS[name])
    error = refused(buys(world, name, NUMBERS[name]))
    assert error.reason is Reason.NOT_AVAILABLE
    assert error.code == SELLERS[name].taken
    assert "numbers.yaml" in error.fix


def test_vonage_refusing_to_sell_what_is_ours_already_is_no_proof_and_charges_nothing() -> None:
    world = World()
    world.sandbox.vonage.add_number(NUMBERS["vonage"])
    assert refused(buys(world, "vonage", NUMBERS["vonage"])).reason is Reason.NOT_AVAILABLE
    assert world.sandbox.ledger.charges() == []


@pytest.mark.parametrize(
    ("number", "papers", "reason", "named"),
    [
        ("+493023456789", {}, Reason.ADDRESS_REQUIRED, "`address_sid`"),
        ("+447400123456", {}, Reason.BUNDLE_REQUIRED, "`bundle_sid`"),
        ("+447400123456", {"bundleSid": "BU" + 32 * "0"}, Reason.BUNDLE_REQUIRED, "approved"),
    ],
)
def test_papers_that_twilio_needs_are_named_by_their_field_in_the_inventory(
    number: str, papers: dict[str, str], reason: Reason, named: str
) -> None:
    error = refused(buys(World(), "twilio", number, **papers))
    assert (error.reason, named in error.fix) == (reason, True)


def test_twilio_sells_a_number_that_comes_with_its_papers() -> None:
    world = World()
    bundle = world.sandbox.twilio.add_bundle()
    bought = buys(world, "twilio", "+447400123456", bundleSid=bundle["sid"])()
    assert bought.number == "+447400123456"


def test_a_number_that_vonage_sells_by_hand_only_says_so() -> None:
    error = refused(buys(World(), "vonage", "+493023456789"))
    assert error.reason is Reason.ADDRESS_REQUIRED
    assert "dashboard" in error.fix and "`adopt: true`" in error.fix


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_account_says_that_it_needs_funds(name: str) -> None:
    world = World(rules={name: CASES[name].poor})
    error = refused(buys(world, name, NUMBERS[name]))
    assert error.reason is Reason.FUNDS
    assert world.sandbox.ledger.charges() == []


def test_wrong_credentials_name_the_settings_to_check() -> None:
    world = World()
    wrong = {name: world.connect(name, "wrong" * 7).carrier for name in SELLERS}
    for name, carrier in wrong.items():
        error = refused(carrier.owned)
        assert (error.reason, error.status) == (Reason.CREDENTIALS, 401)
        assert name.upper() in error.fix
    assert world.clock.slept == []


def test_an_api_key_works_in_the_place_of_the_auth_token() -> None:
    world = World()
    user, secret = next(iter(TWILIO.keys.items()))
    settings = AccountSettings(account=TWILIO.sid, user=user, password=Secret(secret), base_url=world.base_url)
    carrier = twilio.connect(settings, world.policy, world.transport).carrier
    assert (carrier.owned(), carrier.account) == ((), TWILIO.sid)


def test_a_number_with_an_emergency_address_says_what_to_take_off() -> None:
    world = World()
    world.sandbox.twilio.add_number(NUMBERS["twilio"])
    world.sandbox.twilio.edit_number(NUMBERS["twilio"], emergency_address_sid="AD" + 32 * "1")
    owned = world.twilio.carrier.find(NUMBERS["twilio"])
    assert owned is not None
    error = refused(lambda: world.twilio.carrier.release(owned))
    assert error.reason is Reason.DEPENDENTS and "emergency address" in error.fix
    assert world.twilio.carrier.find(NUMBERS["twilio"]) == owned


def test_vonage_failing_to_cancel_a_number_that_is_still_there_is_an_error() -> None:
    world = World()
    world.sandbox.vonage.add_number(NUMBERS["vonage"])
    owned = world.vonage.carrier.find(NUMBERS["vonage"])
    assert owned is not None
    world.fault("status", status=420, write=True)
    assert refused(lambda: world.vonage.carrier.release(owned)).status == 420


def test_an_error_that_vonage_sends_with_success_is_an_error() -> None:
    world = World()
    body = json.dumps({"error-code": "420", "error-code-label": "method failed"})
    world.fault("status", status=200, body=body, write=True)
    assert refused(buys(world, "vonage", NUMBERS["vonage"])).reason is Reason.NOT_AVAILABLE


def test_vonages_map_of_wrong_fields_is_shown() -> None:
    world = World()
    world.fault("status", status=400, body=json.dumps({"country": "Is required."}), write=True)
    error = refused(buys(world, "vonage", NUMBERS["vonage"]))
    assert (error.reason, error.detail) == (Reason.INVALID, "country: Is required")


def test_a_trunk_with_children_and_a_taken_domain_are_told_apart() -> None:
    world = World(rules={"twilio": TwilioSettings(strict_trunk_delete=True)})
    trunks, urls = world.twilio.adapters["SipTrunk"], world.twilio.adapters["OriginationUrl"]
    desired = {"tag": "a", "domainName": "demo.pstn.twilio.com", "secure": False, "transferMode": "disable-all"}
    made = trunks.create(desired)
    url = {"tag": "a", "trunkSid": made.id, "sipUrl": "sip:a.example", "weight": 1, "priority": 1, "enabled": True}
    urls.create(url)
    assert refused(lambda: trunks.delete(made.id)).reason is Reason.DEPENDENTS
    taken = refused(lambda: trunks.create(desired))
    assert taken.reason is Reason.INVALID and "`domain_name`" in taken.fix


def test_a_credential_list_of_the_same_name_is_a_conflict() -> None:
    adapter = World().twilio.adapters["CredentialList"]
    adapter.create({"tag": "a"})
    assert refused(lambda: adapter.create({"tag": "a"})).reason is Reason.CONFLICT


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"code": 21452, "message": "none"}, Reason.NOT_AVAILABLE),
        (400, {"code": 21613, "message": "address"}, Reason.ADDRESS_REQUIRED),
        (400, {"code": 10002, "message": "trial"}, Reason.FUNDS),
        (403, {"code": 20006, "message": "Access Denied"}, Reason.CREDENTIALS),
        (409, {"code": 20409, "message": "conflict"}, Reason.CONFLICT),
        (400, {"type": "t", "title": "Bad", "detail": "why", "status": 400, "code": 31001}, Reason.INVALID),
        (401, None, Reason.CREDENTIALS),
    ],
)
def test_twilios_codes_have_reasons_in_lists_and_writes_alike(
    status: int, body: dict[str, Any] | None, reason: Reason
) -> None:
    text = "<html>" if body is None else json.dumps(body)
    for act in ("list", "buy"):
        world = World()
        buy = buys(world, "twilio", NUMBERS["twilio"])
        world.fault("status", status=status, body=text)
        assert refused(world.twilio.carrier.owned if act == "list" else buy).reason is reason


def test_an_error_is_one_printable_line_of_bounded_length() -> None:
    world = World()
    world.fault("status", status=400, body=json.dumps({"code": 1, "message": "a\nb\x1b[31mc" + "x" * 5000}))
    error = refused(world.twilio.carrier.owned)
    assert error.detail.startswith("a b [31mcxxx")
    assert len(error.detail) < 320 and str(error).isprintable()


def test_no_secret_is_in_an_error_a_traceback_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    basic = [
        base64.b64encode(f"{user}:{password}".encode()).decode()
        for user, password in ((TWILIO.sid, TWILIO.auth_token), (VONAGE.api_key, VONAGE.api_secret))
    ]
    canaries = [TWILIO.auth_token, VONAGE.api_secret, LIVEKIT.api_secret, SIP_PASSWORD, *basic]
    said = []
    for action in ("drop", "html", "truncate", "status"):
        for act, world, sent in leaky_acts():
            words = f"not {sent}"
            echo = json.dumps({"code": 20001, "message": words, "error-code-label": words, "msg": words})
            body = {"body": echo, "status": 400} if action == "status" else {}
            world.fault(action, write=True, times=None, **body)
            with pytest.raises(VendorError) as raised:
                act()
            said.append("".join(traceback.format_exception(raised.value)) + repr(vars(raised.value)))
    text = "\n".join([*said, caplog.text])
    assert text.count("not ***") >= 4
    assert [canary for canary in canaries if canary in text] == []


def leaky_acts() -> list[tuple[Callable[[], Any], World, str]]:
    """Give writes that carry a secret, each in a world of its own, and the secret."""
    case, worlds = make_case("Credential"), {name: World() for name in SELLERS}
    sent = {"twilio": TWILIO.auth_token, "vonage": VONAGE.api_secret, "livekit": LIVEKIT.api_secret}
    return [
        (lambda: case.adapter.create(case.desired), case.world, SIP_PASSWORD),
        *((buys(world, name, OTHERS[name]), world, sent[name]) for name, world in worlds.items()),
    ]


def test_no_adapter_or_carrier_shows_a_secret_when_it_is_printed() -> None:
    case = make_case("Credential")
    created = case.adapter.create(case.desired)
    world = case.world
    carriers = [world.carrier(name) for name in SELLERS]
    shown = repr([created, *world.vendors.values(), *carriers, *(world.twilio.adapters[kind] for kind in KINDS)])
    secrets = (SIP_PASSWORD, TWILIO.auth_token, VONAGE.api_secret, LIVEKIT.api_secret)
    assert not any(secret in shown for secret in secrets)
