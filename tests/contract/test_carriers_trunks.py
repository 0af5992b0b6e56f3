"""Twilio's trunks and what belongs to them, walked through their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from providers.kinds import KINDS as FACTS
from providers.port import Adapter, Props
from tests.contract.carriers import SIP_PASSWORD, TAG, World

URL = "sip:demo.sip.livekit.cloud;transport=tcp"


@dataclass
class Case:
    """A kind in a world: what it is to be first, and what it is changed to step by step."""

    world: World
    kind: str
    desired: dict[str, Any]
    changes: tuple[Mapping[str, Any], ...]

    @property
    def adapter(self) -> Adapter:
        return self.world.twilio.adapters[self.kind]

    @property
    def scope(self) -> str:
        return str(self.desired[self.adapter.scope_field]) if self.adapter.scope_field else ""

    def visible(self, desired: Props) -> Props:
        return {name: value for name, value in desired.items() if name not in self.adapter.hidden}


KINDS = (
    "SipTrunk",
    "OriginationUrl",
    "FallbackUrl",
    "CredentialList",
    "Credential",
    "TrunkCredentialList",
    "TrunkAddressList",
)


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest) -> Case:
    return make_case(request.param)


def make_case(kind: str) -> Case:
    world = World()
    if kind == "SipTrunk":
        desired = {"tag": TAG, "domainName": "demo.pstn.twilio.com", "secure": False, "transferMode": "disable-all"}
        return Case(
            world,
            kind,
            desired,
            ({"secure": True}, {"transferMode": "sip-only", "domainName": "demo2.pstn.twilio.com"}, {"tag": "other"}),
        )
    if kind in ("OriginationUrl", "FallbackUrl"):
        desired = {
            "tag": TAG, "trunkSid": world.trunk(), "sipUrl": URL, "weight": 1, "priority": 1, "enabled": True,
        }  # fmt: skip
        changes = (
            {"enabled": False},
            {"weight": 10, "priority": 0},
            {"sipUrl": "sip:192.0.2.1:5060"},
            {"tag": "other"},
        )
        return Case(world, kind, desired, changes)
    if kind == "CredentialList":
        return Case(world, kind, {"tag": TAG}, ({"tag": "other"},))
    lists = world.twilio.adapters["CredentialList"]
    if kind == "Credential":
        held = lists.create({"tag": TAG}).id
        desired = {"credentialListSid": held, "username": "livekit", "password": SIP_PASSWORD}
        return Case(world, kind, desired, ({"password": "Another-Passw0rd"},))
    if kind == "TrunkAddressList":
        twilio, trunk = world.sandbox.twilio, world.trunk()
        made = twilio.add_address_list(trunk, "office")["sid"]
        world.twilio.adapters[kind].delete(made, trunk)
        return Case(world, kind, {"trunkSid": trunk, "addressListSid": made}, ())
    desired = {"trunkSid": world.trunk(), "credentialListSid": lists.create({"tag": TAG}).id}
    return Case(world, kind, desired, ())


def test_every_kind_of_the_port_has_an_adapter_with_its_properties() -> None:
    world = World()
    assert sorted(world.twilio.adapters) == sorted(KINDS)
    for kind in KINDS:
        assert set(make_case(kind).desired) == set(FACTS[kind].fields)


def test_a_created_object_is_what_was_desired_and_is_read_back_equal(case: Case) -> None:
    created = case.adapter.create(case.desired)
    assert created.props == case.visible(case.desired)
    assert created.tag == case.desired.get("tag", "")
    assert case.adapter.get(created.id, case.scope) == created
    assert created in case.adapter.list(case.scope)


def test_every_change_is_made_in_place_and_read_back_equal(case: Case) -> None:
    desired = dict(case.desired)
    observed = case.adapter.create(desired)
    for change in case.changes:
        desired.update(change)
        updated = case.adapter.update(observed, desired)
        assert (updated.id, updated.props) == (observed.id, case.visible(desired))
        assert case.adapter.get(observed.id, case.scope) == updated
        observed = updated


def test_an_update_sends_only_what_differs() -> None:
    case = make_case("OriginationUrl")
    observed = case.adapter.create(case.desired)
    mark = case.world.sandbox.journal.mark()
    case.adapter.update(observed, {**case.desired, "weight": 7})
    assert [dict(entry.params) for entry in case.world.sandbox.journal.entries(mark)] == [{"Weight": "7"}]


def test_an_update_to_what_is_there_already_sends_nothing_unless_something_is_hidden(case: Case) -> None:
    observed = case.adapter.create(case.desired)
    mark = case.world.sandbox.journal.mark()
    assert case.adapter.update(observed, case.desired) == observed
    assert len(case.world.requests_since(mark)) == len(case.adapter.hidden)


def test_a_password_reaches_twilio_and_never_comes_back() -> None:
    case = make_case("Credential")
    created = case.adapter.create(case.desired)
    assert case.world.sandbox.twilio.password_is(created.id, SIP_PASSWORD)
    updated = case.adapter.update(created, {**case.desired, "password": "Another-Passw0rd"})
    assert case.world.sandbox.twilio.password_is(created.id, "Another-Passw0rd")
    assert "password" not in updated.props
    assert case.adapter.secret == case.adapter.hidden == ("password",)


def test_deleting_twice_is_success(case: Case) -> None:
    created = case.adapter.create(case.desired)
    case.adapter.delete(created.id, case.scope)
    case.adapter.delete(created.id, case.scope)
    assert case.adapter.get(created.id, case.scope) is None
    assert created not in case.adapter.list(case.scope)


def test_where_the_parent_is_gone_there_are_no_children() -> None:
    case = make_case("OriginationUrl")
    created = case.adapter.create(case.desired)
    case.world.twilio.adapters["SipTrunk"].delete(case.scope)
    assert case.adapter.list(case.scope) == ()
    assert case.adapter.get(created.id, case.scope) is None
    case.adapter.delete(created.id, case.scope)


def test_a_list_sorts_by_id_and_shows_objects_of_others_too() -> None:
    world = World()
    adapter = world.twilio.adapters["SipTrunk"]
    foreign = {"tag": "", "domainName": "", "secure": True, "transferMode": "enable-all"}
    made = [adapter.create(foreign) for _ in range(5)]
    assert adapter.list() == tuple(sorted(made, key=lambda each: each.id))


def test_what_somebody_else_changed_is_seen_and_only_that_is_put_back() -> None:
    case = make_case("SipTrunk")
    created = case.adapter.create(case.desired)
    case.world.sandbox.twilio.edit_record("trunk", created.id, secure=True, cnam_lookup_enabled=True)
    drifted = case.adapter.get(created.id)
    assert drifted == replace(created, props={**created.props, "secure": True})
    assert case.adapter.update(drifted, case.desired) == created
    kept = case.world.sandbox.twilio.store.get("trunks", created.id) or {}
    assert kept["cnam_lookup_enabled"] is True


def test_a_trunk_shows_the_recovery_url_that_we_do_not_manage() -> None:
    case = make_case("SipTrunk")
    created = case.adapter.create(case.desired)
    assert created.also == {"recoveryUrl": ""}
    case.world.sandbox.twilio.edit_record("trunk", created.id, disaster_recovery_url="https://example.com/")
    (seen,) = case.adapter.list()
    assert seen.also == {"recoveryUrl": "https://example.com/"}
