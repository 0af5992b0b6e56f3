"""What happens behind the back of whoever manages the numbers."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.credentials import OTHER_TWILIO, TWILIO
from tests.sandbox.callers import TwilioCaller, VonageCaller

US, GB = "+16505551234", "+442079460123"


def test_edits_by_hand_are_seen_by_the_next_reader_and_not_by_the_journal(world: Sandbox, twilio: TwilioCaller) -> None:
    world.twilio.add_number(US, friendly_name="theirs")
    world.twilio.add_foreign_number("+16505550000")
    world.twilio.edit_number(US, friendly_name="ours", voice_url="https://example.com/")
    _, body = twilio.get(f"{twilio.home}/IncomingPhoneNumbers.json")
    shown = [(each["friendly_name"], each["voice_url"]) for each in body["incoming_phone_numbers"]]
    assert shown == [("ours", "https://example.com/")]
    assert (world.twilio.numbers(), world.twilio.numbers(OTHER_TWILIO.sid)) == ((US,), ("+16505550000",))
    assert (world.ledger.entries, world.journal.writes()) == ([], [])
    world.twilio.release_by_hand(US)
    assert (twilio.numbers(), world.twilio.number(US)) == ([], None)


def test_a_sold_number_can_come_back(world: Sandbox, twilio: TwilioCaller, vonage: VonageCaller) -> None:
    world.twilio.sell(US)
    world.vonage.sell(GB)
    assert (twilio.buy(US)[0], vonage.buy(GB[1:])[0]) == (400, 420)
    world.twilio.unsell(US)
    world.vonage.unsell(GB)
    assert (twilio.buy(US)[0], vonage.buy(GB[1:])[0]) == (201, 200)


def test_links_at_vonage_are_changed_and_taken_away_by_hand(world: Sandbox, vonage: VonageCaller) -> None:
    world.vonage.add_number(GB, moHttpUrl="https://example.com/in")
    world.vonage.edit_number(GB, moHttpUrl=None, voiceCallbackType="tel", voiceCallbackValue="442079460124")
    (number,) = vonage.owned()["numbers"]
    links = {name: value for name, value in number.items() if "all" in name or "Url" in name}
    assert links == {"voiceCallbackType": "tel", "voiceCallbackValue": "442079460124"}
    world.vonage.release_by_hand(GB)
    assert vonage.owned() == {}


def test_a_trunk_deleted_by_hand_takes_its_children_along(world: Sandbox, twilio: TwilioCaller) -> None:
    trunk = twilio.trunk()
    twilio.buy(US, TrunkSid=trunk)
    world.twilio.edit_record("trunk", trunk, secure=True)
    assert twilio.get(f"/v1/Trunks/{trunk}")[1]["secure"] is True
    world.twilio.delete_record("trunk", trunk)
    number = world.twilio.number(US)
    assert number and (number["trunk_sid"], twilio.get("/v1/Trunks")[1]["trunks"]) == (None, [])


def test_a_credential_list_deleted_by_hand_leaves_its_trunk_without_it(world: Sandbox, twilio: TwilioCaller) -> None:
    trunk = twilio.trunk()
    chosen = twilio.post(f"{twilio.home}/SIP/CredentialLists.json", FriendlyName="fleet")[1]["sid"]
    twilio.post(f"/v1/Trunks/{trunk}/CredentialLists", CredentialListSid=chosen)
    world.twilio.delete_record("credential_list", chosen)
    assert twilio.get(f"/v1/Trunks/{trunk}/CredentialLists")[1]["credential_lists"] == []


def test_what_is_added_to_a_trunk_by_hand_is_there_and_goes_with_it(world: Sandbox, twilio: TwilioCaller) -> None:
    trunk = twilio.trunk()
    world.twilio.edit(
        {"kind": "origination_url", "create": {"trunk": trunk, "sip_url": "sip:x.example.com", "priority": 0}}
    )
    users = world.twilio.edit({"kind": "credential_list", "create": {"trunk": trunk, "name": "partner"}})
    hosts = world.twilio.edit({"kind": "address_list", "create": {"trunk": trunk, "name": "office"}})

    (url,) = twilio.get(f"/v1/Trunks/{trunk}/OriginationUrls")[1]["origination_urls"]
    (their_users,) = twilio.get(f"/v1/Trunks/{trunk}/CredentialLists")[1]["credential_lists"]
    (their_hosts,) = twilio.get(f"/v1/Trunks/{trunk}/IpAccessControlLists")[1]["ip_access_control_lists"]
    assert (url["sip_url"], url["priority"], url["weight"], url["enabled"]) == ("sip:x.example.com", 0, 1, True)
    assert [(each["sid"], each["friendly_name"]) for each in (their_users, their_hosts)] == [
        (users["sid"], "partner"),
        (hosts["sid"], "office"),
    ]
    assert twilio.get(f"/v1/Trunks/{trunk}")[1]["auth_type"] == "IP_ACL,CREDENTIAL_LIST"
    world.twilio.delete_record("address_list", hosts["sid"])
    assert twilio.get(f"/v1/Trunks/{trunk}")[1]["auth_type"] == "CREDENTIAL_LIST"
    world.twilio.delete_record("trunk", trunk)
    assert [dict(world.twilio.store.table(name)) for name in ("origination_urls", "trunk_lists")] == [{}, {}]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"kind": "number", "id": US, "set": {"label": "x"}}, "nobody owns"),
        ({"kind": "number", "id": "+16501551234", "create": {}}, "no block"),
        ({"kind": "planet", "id": "x", "set": {}}, "kind 'planet' is none of number, trunk"),
        ({"kind": "trunk", "id": "TK1", "delete": True}, "there is no trunk TK1"),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(world: Sandbox, edit: dict[str, Any], reason: str) -> None:
    before = world.snapshot()
    with pytest.raises(ValueError, match=reason):
        world.twilio.edit(edit)
    assert world.snapshot() == before


def test_an_unknown_field_is_refused_with_the_known_ones(world: Sandbox) -> None:
    world.twilio.add_number(US)
    world.vonage.add_number(GB)
    with pytest.raises(ValueError, match=r"no such fields: label; there are .*friendly_name"):
        world.twilio.edit_number(US, label="x")
    with pytest.raises(ValueError, match=r"no such links: label; there are .*moHttpUrl"):
        world.vonage.edit_number(GB, label="x")


def test_a_rotated_token_locks_the_old_one_out(world: Sandbox, twilio: TwilioCaller) -> None:
    world.twilio.edit_record("account", TWILIO.sid, auth_token="rotated")
    assert twilio.get("/v1/Trunks")[0] == 401
