"""Elastic SIP Trunking and SIP credentials at the emulated Twilio."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.credentials import OTHER_TWILIO, TWILIO
from tests.sandbox.callers import TwilioCaller, refusal

US = "+16505551234"
URL = {"Weight": 1, "Priority": 1, "Enabled": "true", "FriendlyName": "to LiveKit",
       "SipUrl": "sip:abc.sip.livekit.cloud;transport=tcp"}  # fmt: skip
PASSWORD = "Correct-horse-1"


def credential_list(twilio: TwilioCaller, name: str = "fleet") -> str:
    return str(twilio.post(f"{twilio.home}/SIP/CredentialLists.json", FriendlyName=name)[1]["sid"])


def test_a_trunk_starts_with_the_documented_defaults(twilio: TwilioCaller) -> None:
    status, trunk = twilio.post("/v1/Trunks", FriendlyName="fleet", DomainName="Acme-US.pstn.twilio.com")
    base = f"https://trunking.twilio.com/v1/Trunks/{trunk['sid']}"
    assert (status, trunk) == (
        201,
        {
            "sid": trunk["sid"],
            "account_sid": TWILIO.sid,
            "friendly_name": "fleet",
            "domain_name": "acme-us.pstn.twilio.com",
            "disaster_recovery_url": None,
            "disaster_recovery_method": "POST",
            "transfer_mode": "disable-all",
            "transfer_caller_id": "from-transferee",
            "secure": False,
            "cnam_lookup_enabled": False,
            "symmetric_rtp_enabled": False,
            "recording": {"mode": "do-not-record", "trim": "do-not-trim"},
            "auth_type": "",
            "auth_type_set": [],
            "date_created": "2026-05-28T20:26:40Z",
            "date_updated": "2026-05-28T20:26:40Z",
            "url": base,
            "links": {
                "origination_urls": f"{base}/OriginationUrls",
                "credential_lists": f"{base}/CredentialLists",
                "ip_access_control_lists": f"{base}/IpAccessControlLists",
                "phone_numbers": f"{base}/PhoneNumbers",
            },
        },
    )


@pytest.mark.parametrize("domain", ["acme", "acme.example.com", "a.b.pstn.twilio.com", ".pstn.twilio.com", "a_b.pstn.twilio.com"])  # fmt: skip  # noqa: E501
def test_a_domain_must_be_one_label_under_pstn_twilio_com(twilio: TwilioCaller, domain: str) -> None:
    rule = "Invalid DomainName: must be letters, digits and dashes followed by .pstn.twilio.com"
    assert twilio.post("/v1/Trunks", DomainName=domain) == refusal(20001, rule)


def test_a_domain_is_unique_over_all_accounts_and_may_be_kept_in_an_update(
    world: Sandbox, twilio: TwilioCaller
) -> None:
    domain = "acme.pstn.twilio.com"
    trunk = twilio.trunk(DomainName=domain)
    other = TwilioCaller(world, OTHER_TWILIO)
    assert other.post("/v1/Trunks", DomainName=domain) == refusal(
        20001, f"Invalid DomainName: {domain} is already in use"
    )
    assert twilio.post(f"/v1/Trunks/{trunk}", DomainName=domain, Secure="true")[1]["secure"] is True


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("Weight", 0, "must be a whole number from 1 to 65535"),
        ("Weight", 65536, "must be a whole number from 1 to 65535"),
        ("Priority", -1, "must be a whole number from 0 to 65535"),
        ("Enabled", "yes", "must be true or false"),
        ("SipUrl", "sips:abc.example.com", "must be a SIP URI with the scheme sip"),
        ("FriendlyName", "x" * 65, "must have 0 to 64 characters, has 65"),
    ],
)
def test_a_wrong_origination_url_is_refused(twilio: TwilioCaller, name: str, value: Any, rule: str) -> None:
    path = f"/v1/Trunks/{twilio.trunk()}/OriginationUrls"
    assert twilio.post(path, **{**URL, name: value}) == refusal(20001, f"Invalid {name}: {rule}")
    assert twilio.get(path)[1]["origination_urls"] == []


@pytest.mark.parametrize("name", list(URL))
def test_every_field_of_an_origination_url_is_needed_to_create_it_and_none_to_update_it(
    twilio: TwilioCaller, name: str
) -> None:
    path = f"/v1/Trunks/{twilio.trunk()}/OriginationUrls"
    rest = {each: value for each, value in URL.items() if each != name}
    assert twilio.post(path, **rest) == refusal(20001, f"Missing required parameter {name} in the post body")
    created = twilio.post(path, **URL)[1]
    assert twilio.post(f"{path}/{created['sid']}", **rest)[1] == created


def test_a_trunk_has_ten_origination_urls_at_most(twilio: TwilioCaller) -> None:
    trunk = twilio.trunk()
    path = f"/v1/Trunks/{trunk}/OriginationUrls"
    assert [twilio.post(path, **URL)[0] for _ in range(11)] == [201] * 10 + [400]


def test_a_number_tied_to_a_second_trunk_moves_there(twilio: TwilioCaller) -> None:
    first, second, number = twilio.trunk(), twilio.trunk(), twilio.buy(US)[1]["sid"]

    def carried() -> list[list[str]]:
        lists = [twilio.get(f"/v1/Trunks/{trunk}/PhoneNumbers")[1]["phone_numbers"] for trunk in (first, second)]
        return [[each["phone_number"] for each in carried] for carried in lists]

    assert twilio.post(f"/v1/Trunks/{first}/PhoneNumbers", PhoneNumberSid=number)[0] == 201
    assert carried() == [[US], []]
    twilio.post(f"/v1/Trunks/{second}/PhoneNumbers", PhoneNumberSid=number)
    assert carried() == [[], [US]]
    assert twilio.delete(f"/v1/Trunks/{first}/PhoneNumbers/{number}")[0] == 404
    assert twilio.delete(f"/v1/Trunks/{second}/PhoneNumbers/{number}") == (204, None)
    assert (carried(), twilio.numbers()) == ([[], []], [US])


def test_a_deleted_trunk_leaves_its_numbers_owned_and_its_lists_free(world: Sandbox, twilio: TwilioCaller) -> None:
    trunk, chosen = twilio.trunk(), credential_list(twilio)
    twilio.buy(US, TrunkSid=trunk)
    twilio.post(f"/v1/Trunks/{trunk}/OriginationUrls", **URL)
    twilio.post(f"/v1/Trunks/{trunk}/CredentialLists", CredentialListSid=chosen)
    assert twilio.get(f"/v1/Trunks/{trunk}")[1]["auth_type_set"] == ["CREDENTIAL_LIST"]
    assert twilio.delete(f"/v1/Trunks/{trunk}") == (204, None)
    owned = world.twilio.number(US)
    assert owned and owned["trunk_sid"] is None
    assert (dict(world.twilio.store.table("origination_urls")), dict(world.twilio.store.table("trunk_lists"))) == (
        {},
        {},
    )


def test_the_strict_mode_refuses_to_delete_a_trunk_with_children(world: Sandbox, twilio: TwilioCaller) -> None:
    world.twilio.settings = replace(world.twilio.settings, strict_trunk_delete=True)
    trunk = twilio.trunk()
    number = twilio.buy(US, TrunkSid=trunk)[1]["sid"]
    message = f"Trunk {trunk} has dependencies; remove what belongs to it first"
    assert twilio.delete(f"/v1/Trunks/{trunk}") == refusal(21247, message)
    twilio.delete(f"/v1/Trunks/{trunk}/PhoneNumbers/{number}")
    assert twilio.delete(f"/v1/Trunks/{trunk}") == (204, None)


def test_a_user_of_two_lists_of_a_trunk_calls_out_with_either_password(world: Sandbox, twilio: TwilioCaller) -> None:
    domain, passwords = "acme.pstn.twilio.com", {"one": "Canary-Sandbox-1", "two": "Canary-Sandbox-2"}
    trunk = twilio.post("/v1/Trunks", FriendlyName="fleet", DomainName=domain)[1]["sid"]
    for name, password in passwords.items():
        chosen = credential_list(twilio, name)
        credentials = f"{twilio.home}/SIP/CredentialLists/{chosen}/Credentials.json"
        assert twilio.post(credentials, Username="livekit", Password=password)[0] == 201
        assert twilio.post(credentials, Username="livekit", Password=password)[0] == 400
        assert twilio.post(f"/v1/Trunks/{trunk}/CredentialLists", CredentialListSid=chosen)[0] == 201

    taken = [world.twilio.takes_calls_of(domain, "livekit", password) for password in (*passwords.values(), "other")]
    assert taken == [True, True, False]


def test_a_credential_list_is_unique_by_name_and_stays_while_a_trunk_uses_it(twilio: TwilioCaller) -> None:
    chosen, trunk = credential_list(twilio), twilio.trunk()
    lists = f"{twilio.home}/SIP/CredentialLists"
    again = refusal(21240, "Credential list with friendly name fleet already exists")
    assert twilio.post(f"{lists}.json", FriendlyName="fleet") == again
    link = f"/v1/Trunks/{trunk}/CredentialLists"
    assert twilio.post(link, CredentialListSid=chosen)[1]["friendly_name"] == "fleet"
    assert twilio.post(link, CredentialListSid=chosen)[0] == 400
    used = refusal(21240, f"Credential list {chosen} is used by {trunk}")
    assert twilio.delete(f"{lists}/{chosen}.json") == used
    assert twilio.delete(f"{link}/{chosen}") == (204, None)
    assert twilio.delete(f"{lists}/{chosen}.json") == (204, None)


@pytest.mark.parametrize("password", ["Short-1", "all-lower-case-1", "ALL-UPPER-CASE-1", "No-digit-at-all"])
def test_a_weak_password_is_refused(twilio: TwilioCaller, password: str) -> None:
    path = f"{twilio.home}/SIP/CredentialLists/{credential_list(twilio)}/Credentials.json"
    rule = "Invalid Password: must have 12 characters or more, with a digit and letters in mixed case"
    assert twilio.post(path, Username="livekit", Password=password) == refusal(20001, rule)


def test_a_password_goes_in_and_is_nowhere_to_be_found(world: Sandbox, twilio: TwilioCaller) -> None:
    base = f"{twilio.home}/SIP/CredentialLists/{credential_list(twilio)}/Credentials"
    created = twilio.post(f"{base}.json", Username="livekit", Password=PASSWORD)[1]
    assert twilio.post(f"{base}.json", Username="livekit", Password=PASSWORD)[0] == 400
    seen = repr([created, twilio.get(f"{base}.json"), world.snapshot(), world.journal.entries()])
    assert PASSWORD not in seen
    assert world.twilio.password_is(created["sid"], PASSWORD)
    assert twilio.post(f"{base}/{created['sid']}.json", Password="Another-horse-2")[0] == 200
    assert not world.twilio.password_is(created["sid"], PASSWORD)
