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
from providers.kinds import Kind
from sandbox.credentials import TWILIO
from tests.contract.walks import NEEDS, NUMBER, WALKS
from tests.support.world import World

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


@pytest.mark.parametrize("fact", ["fields", "parent", "swept", "claims", "carries"])
def test_a_kind_does_not_start_without_a_fact_that_a_rule_of_safety_asks_for(fact: str) -> None:
    facts: dict[str, Any] = {"fields": ("tag",), "parent": "", "swept": 1, "claims": False, "carries": ""}
    assert Kind(name="Toy", **facts).fields == ("tag",)
    with pytest.raises(TypeError, match=fact):
        Kind(name="Toy", **{name: value for name, value in facts.items() if name != fact})


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


def begin_letting_go(world: World, desired: Mapping[str, Any]) -> None:
    """Begin a run without a program whose numbers are let go already: what takes their calls goes after them."""
    begin(world)
    trunk_s = WALKS["InboundTrunk"][0]["numbers"] if "trunkIds" in desired else ()
    runtime.current().let_go.update(desired.get("numbers", trunk_s))


@pytest.mark.parametrize("kind", WALKS)
def test_deleting_twice_is_deleting_once(kind: str, world: World) -> None:
    made = before(kind, world)
    one = provider(kind)
    desired = {name: resolved(value, made) for name, value in WALKS[kind][0].items()}
    created = one.create(dict(one.check({}, dict(desired)).inputs))
    begin_letting_go(world, desired)
    one.delete(created.id, dict(created.outs))
    begin_letting_go(world, desired)
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
