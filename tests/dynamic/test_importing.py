"""The import file of a stack has what an update recorded, and making it writes nothing at any vendor."""

from __future__ import annotations

from typing import Any

from stacks import importing
from tests.support.world import SECRETS, Stack, World

FILE = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
trunks:
  us:
    provider: twilio
    domain_name: acme.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
  office:
    provider: custom
    sip_address: sip.example.com
    auth_username: pbx
    auth_password: {secret: ukOfficePassword}
numbers:
  us:
    search: {country: US, area_code: 650}
    trunk: us
    agent: desk
    callers: {vip: {from: ["+13035550100"], agent: desk}}
  uk: {phone_number: "+442071234567", trunk: office, agent: desk}
"""


def seal(value: str) -> Any:
    return {"sealed": len(value)}


def applied_again() -> tuple[World, Stack]:
    """A world with a fleet, and a stack that found all of it after its state was lost."""
    world = World()
    Stack(world).up(FILE)
    found = Stack(world)
    found.up(FILE)
    return world, found


def test_it_has_every_resource_as_an_update_would_record_it_and_no_secret_in_clear() -> None:
    world, stack = applied_again()
    mark = world.sandbox.journal.mark()

    entries, left = importing.resources(world.process(), stack.plan(FILE), stack.engine.secrets, seal)

    assert world.sandbox.journal.writes(mark) == []
    assert left == []
    made = {(one["type"].rpartition(":")[2], one["logicalName"]): one for one in entries if "id" in one}
    kept = stack.engine.state.resources
    assert made.keys() == kept.keys()
    for key, one in made.items():
        outputs = {name: value for name, value in one["outputs"].items() if name != "__provider"}
        secret = {name for name, value in outputs.items() if isinstance(value, dict) and "sealed" in value}
        assert {name: value for name, value in outputs.items() if name not in secret} == {
            name: value for name, value in kept[key].outputs.items() if name not in secret and value is not None
        }, key
        assert one["id"] == kept[key].id
    assert not any(SECRETS[name] in str(entries) for name in ("twilioTermination", "ukOfficePassword"))


def test_what_an_update_would_write_is_left_out_with_what_refers_to_it_and_nothing_is_written() -> None:
    world, stack = applied_again()
    ids = stack.ids()
    world.sandbox.livekit.edit_trunk(ids["InboundTrunk uk"], krisp_enabled=True)
    world.sandbox.livekit.delete(ids["DispatchRule us"])
    mark = world.sandbox.journal.mark()

    entries, left = importing.resources(world.process(), stack.plan(FILE), stack.engine.secrets, seal)

    would = "it is not as the file has it, or not there at all, and an update would write it"
    assert left == [
        f"InboundTrunk uk: {would}",
        "DispatchRule uk: InboundTrunk uk, which it refers to, is left out",
        f"DispatchRule us: {would}",
    ]
    assert world.sandbox.journal.writes(mark) == []
    made = {f"{one['type'].rpartition(':')[2]} {one['logicalName']}" for one in entries if "id" in one}
    assert made == {*ids, "Fleet fleet"} - {"InboundTrunk uk", "DispatchRule uk", "DispatchRule us"}
