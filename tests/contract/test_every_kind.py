"""What every kind of resource keeps, whatever its vendor: walked from state to state over all registered kinds.

A kind that is registered and has no walk here fails the first test, so that a new vendor is held to the same contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from providers.dynamic import runtime
from providers.dynamic.codec import decode
from providers.dynamic.resources import RESOURCES
from sandbox.credentials import TWILIO
from tests.support.world import World

TAG = "trunkline:acme/test/line"
NUMBER = "+16505551234"
LIVEKIT_TRUNK = {
    "tag": TAG,
    "formerTags": [],
    "adopt": False,
    "keep": False,
    "claims": "",
    "name": "Line",
    "numbers": [NUMBER],
    "authUsername": "",
    "authPassword": "",
    "headers": {},
    "mediaEncryption": "disable",
}
PHONE = {
    "line": "line",
    "tag": TAG,
    "formerTags": [],
    "acquisition": "purchase",
    "addressSid": "",
    "bundleSid": "",
    "adopt": False,
    "removal": "release",
    "repurchase": False,
    "searched": False,
    "claimKind": "InboundTrunk",
}
# Kind -> the first state, and what each further state changes. "$Kind" stands for the id of an object made before.
WALKS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "InboundTrunk": (
        LIVEKIT_TRUNK
        | {
            "allowedAddresses": [],
            "allowedNumbers": [],
            "krispEnabled": True,
            "maxCallDuration": 0,
            "ringingTimeout": 0,
        },
        {"krispEnabled": False},
        {"name": "Renamed", "allowedNumbers": ["+442071234567"], "allowedAddresses": ["203.0.113.0/28"]},
        {"authUsername": "user", "authPassword": "canary-walk-1", "headers": {"X-Team": "growth"}},
        {"maxCallDuration": 3600, "ringingTimeout": 20, "mediaEncryption": "require"},
        {"allowedNumbers": [], "headers": {}, "authUsername": "", "authPassword": "", "maxCallDuration": 0},
        {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG]},
    ),
    "OutboundTrunk": (
        LIVEKIT_TRUNK | {"address": "sip.example.com", "transport": "auto", "removal": "release"},
        {"address": "sip.example.com:5061", "transport": "tls"},
        {"authUsername": "user", "authPassword": "canary-walk-2"},
        {"authPassword": "canary-walk-3"},
        {"numbers": ["+16505551235"], "name": "Renamed"},
    ),
    "DispatchRule": (
        {
            "tag": TAG,
            "formerTags": [],
            "adopt": False,
            "keep": False,
            "removal": "release",
            "trunkIds": ["$InboundTrunk"],
            "roomPrefix": "call-",
            "agents": [{"agentName": "support-agent", "metadata": ""}],
            "attributes": {},
        },
        {"agents": [{"agentName": "sales-agent", "metadata": '{"tier":"gold"}'}]},
        {"roomPrefix": "sales-", "attributes": {"team": "growth"}},
        {"attributes": {}},
    ),
    "SipTrunk": (
        {
            "tag": TAG,
            "adopt": False,
            "domainName": "walk.pstn.twilio.com",
            "secure": False,
            "transferMode": "enable-all",
        },
        {"secure": True},
        {"domainName": "walked.pstn.twilio.com", "transferMode": "disable-all"},
    ),
    "OriginationUrl": (
        {
            "tag": TAG,
            "adopt": False,
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:sandbox.sip.livekit.cloud;transport=tcp",
            "weight": 1,
            "priority": 1,
            "enabled": True,
        },
        {"sipUrl": "sip:sandbox.sip.livekit.cloud;transport=tls"},
        {"weight": 10, "priority": 2, "enabled": False},
    ),
    "FallbackUrl": (
        {
            "tag": f"{TAG}+",
            "adopt": False,
            "trunkSid": "$SipTrunk",
            "sipUrl": "sip:desk@pbx.example.com",
            "weight": 1,
            "priority": 2,
            "enabled": True,
        },
        {"sipUrl": "sip:night@pbx.example.com"},
        {"weight": 10, "priority": 3, "enabled": False},
    ),
    "CredentialList": ({"tag": TAG, "adopt": False}, {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG]}),
    "Credential": (
        {
            "credentialListSid": "$CredentialList",
            "trunkSid": "$SipTrunk",
            "username": "livekit",
            "password": "Canary-Walk-0001",
            "witness": "walk.pstn.twilio.com",
        },
    ),
    "TrunkCredentialList": ({"trunkSid": "$SipTrunk", "credentialListSid": "$CredentialList"},),
    "TrunkAddressList": ({"trunkSid": "$SipTrunk", "addressListSid": "$AddressList"},),
    "PhoneNumber/twilio": (
        PHONE
        | {
            "provider": "twilio",
            "phoneNumber": NUMBER,
            "country": "US",
            "trunkSid": "$SipTrunk",
            "claimId": "$InboundTrunk",
        },
        {"removal": "protect"},
        {"tag": "trunkline:acme/test/renamed", "formerTags": [TAG], "removal": "release"},
    ),
    "PhoneNumber/vonage": (
        PHONE
        | {
            "provider": "vonage",
            "phoneNumber": "+447400551233",
            "country": "GB",
            "sipUri": "sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp",
            "claimId": "$VonageTrunk",
        },
        {"sipUri": "sip:447400551233@sandbox.sip.livekit.cloud;transport=tls"},
    ),
}
# What must stand before an object of a kind can be made.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "DispatchRule": ("InboundTrunk",),
    "OriginationUrl": ("SipTrunk",),
    "FallbackUrl": ("SipTrunk",),
    "Credential": ("SipTrunk", "CredentialList"),
    "TrunkCredentialList": ("SipTrunk", "CredentialList"),
    "TrunkAddressList": ("SipTrunk", "AddressList"),
    "PhoneNumber/twilio": ("SipTrunk", "InboundTrunk"),
    "PhoneNumber/vonage": ("VonageTrunk",),
}
OTHER_TRUNK = WALKS["InboundTrunk"][0] | {"numbers": ["+447400551233"]}


def provider(kind: str) -> Any:
    return RESOURCES[kind.partition("/")[0]].provider_class()


def begin(world: World) -> None:
    """Start a process whose Fleet lets the walks' numbers be bought."""
    process = world.process()
    process.approved = frozenset({NUMBER, "+447400551233"})
    runtime.install(process)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    begin(world)
    yield world
    runtime.install(None)


def resolved(value: Any, made: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [resolved(item, made) for item in value]
    return made[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def address_list(world: World) -> str:
    """Make an IP access control list by hand, which no resource of ours does."""
    twilio = world.sandbox.twilio
    with twilio.store.transaction():
        made = twilio.desk.new("ip_access_control_lists", "AL", TWILIO.sid, friendly_name="office")
    return str(made["sid"])


def before(kind: str, world: World) -> dict[str, str]:
    """Make what the kind needs; give the ids."""
    made: dict[str, str] = {}
    for needed in NEEDS.get(kind, ()):
        if needed == "AddressList":
            made[needed] = address_list(world)
            continue
        props = OTHER_TRUNK if needed == "VonageTrunk" else WALKS[needed][0]
        class_of = "InboundTrunk" if needed == "VonageTrunk" else needed
        made[needed] = provider(class_of).create(dict(props)).id
    if kind.startswith("PhoneNumber/"):
        trunks = [made[needed] for needed in ("InboundTrunk", "VonageTrunk") if needed in made]
        provider("DispatchRule").create(WALKS["DispatchRule"][0] | {"trunkIds": trunks})
    begin(world)
    return made


def test_every_registered_kind_has_a_walk() -> None:
    assert {kind.partition("/")[0] for kind in WALKS} == set(RESOURCES)


@pytest.mark.parametrize("kind", WALKS)
def test_from_state_to_state_the_id_stays_and_the_plan_is_empty(kind: str, world: World) -> None:
    made = before(kind, world)
    one = provider(kind)
    desired = {name: resolved(value, made) for name, value in WALKS[kind][0].items()}
    inputs = one.check({}, dict(desired)).inputs
    created = one.create(dict(inputs))
    outputs, id_ = decode(created.outs), created.id

    for change in ({}, *WALKS[kind][1:]):
        begin(world)
        desired |= change
        news = one.check(inputs, dict(desired)).inputs
        difference = one.diff(id_, outputs, news)
        assert (difference.changes is False) == (change == {}), change
        assert not difference.replaces
        if change:
            outputs = decode(one.update(id_, outputs, news).outs)
        begin(world)
        read = one.read(id_, dict(outputs))
        assert (read.id, decode(read.outs)) == (id_, outputs)
        # Without any, the engine keeps those that it has.
        inputs = news if read.inputs is None else decode(read.inputs)
        assert one.diff(id_, outputs, one.check(inputs, dict(desired)).inputs).changes is False


@pytest.mark.parametrize("kind", WALKS)
def test_creating_again_takes_what_is_there_and_writes_nothing(kind: str, world: World) -> None:
    """What a run does that follows one which was killed before it saved."""
    made = before(kind, world)
    one = provider(kind)
    desired = {name: resolved(value, made) for name, value in WALKS[kind][0].items()}
    inputs = one.check({}, dict(desired)).inputs
    first = one.create(dict(inputs))
    begin(world)
    mark = world.sandbox.journal.mark()

    again = one.create(dict(inputs))

    assert (again.id, again.outs) == (first.id, first.outs)
    # Nobody can tell a SIP password at Twilio before LiveKit holds it too, so it is written once more.
    writes = [entry.path for entry in world.sandbox.journal.writes(mark)]
    assert [path for path in writes if "/Credentials/" not in path] == []


@pytest.mark.parametrize("kind", WALKS)
def test_deleting_twice_is_deleting_once(kind: str, world: World) -> None:
    made = before(kind, world)
    one = provider(kind)
    desired = {name: resolved(value, made) for name, value in WALKS[kind][0].items()}
    created = one.create(dict(one.check({}, dict(desired)).inputs))
    begin(world)
    one.delete(created.id, dict(created.outs))
    begin(world)
    mark = world.sandbox.journal.mark()

    one.delete(created.id, dict(created.outs))

    # A number that no answer shows is asked for by its id, since answers lag; the vendor says that it is gone.
    writes = world.sandbox.journal.writes(mark)
    assert [entry for entry in writes if entry.committed] == []
    assert len(writes) == ("PhoneNumber" in kind)
    begin(world)
    read = one.read(created.id, dict(created.outs))
    # A number is never said to be gone, or the engine would buy it again.
    assert (read.id, read.outs.get("status")) == ((created.id, "vanished") if "PhoneNumber" in kind else ("", None))


@pytest.mark.parametrize("kind", sorted(set(WALKS) - {"Credential", "TrunkCredentialList", "TrunkAddressList"}))
def test_what_another_owner_has_tagged_meanwhile_is_not_deleted(kind: str, world: World) -> None:
    made = before(kind, world)
    one = provider(kind)
    desired = {name: resolved(value, made) for name, value in WALKS[kind][0].items()}
    created = one.create(dict(one.check({}, dict(desired)).inputs))
    taken = {**created.outs, "tag": "trunkline:acme/test/somebody-else", "formerTags": []}
    if "sipUri" in taken:
        taken["sipUri"] = "sip:447400551233@elsewhere.example.com;transport=tcp"
    mark = world.sandbox.journal.mark()
    begin(world)

    one.delete(created.id, taken)

    assert world.sandbox.journal.writes(mark) == []
    assert "it was left as it is" in world.notices[-1]
