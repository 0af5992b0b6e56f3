"""Two stacks of one file, and stacks as versions up to 0.1 left them: tagged for the fleet's name alone."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tests.dynamic.inventories import having
from tests.faults.holdings import tagged
from tests.support.model_engine import Failed
from tests.support.world import Stack, World, site
from trunkline.inventory import parse
from trunkline.plan import Site, compile_plan

HEAD = """\
version: 1
guard: {max_purchases: 5, max_releases: 2}
agents: {support: {agent_name: support-agent}}
trunks:
  tw:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
    owner: a
"""
OFFICE = '{provider: custom, sip_address: sip.example.com, phone_number: "+442071234567", agent: support}'
ONE = '{provider: twilio, phone_number: "+16505551234", agent: support}'
TWO = '{provider: twilio, phone_number: "+16505551235", agent: support}'
NEAR = "{provider: twilio, search: {country: US, area_code: 650, type: local}, agent: support}"
FAR = "{provider: vonage, search: {country: GB, type: mobile}, agent: support}"

STAYS = {"two": f"b: {TWO}", "three": f"a: {ONE.replace('51234', '51236')}"}
FLEETS = pytest.mark.parametrize("fleet", ["acme/fleet", "acme/"])


def file(*, head: str = HEAD, **lines: str) -> str:
    """Give a file; each line is "<stacks>: <line>", as `one="a: {…}"` or `near="a, b: {…}"`."""
    rows = []
    for name, line in lines.items():
        stacks, _, rest = line.partition(": ")
        rows.append(f"  {name}: {rest[:-1]}, stacks: [{stacks}]}}\n")
    return f"{head}numbers:\n{''.join(rows)}"


def moving(line: str, stacks: str, more: str = "") -> str:
    """Give a file with the line in some stacks, with more keys or without, and lines that stay in each."""
    return file(**STAYS, line=f"{stacks}: {having(line, more) if more else line}")


class _EarlierSite(Site):
    """A site whose tags name the fleet alone."""

    @property
    def scope(self) -> str:
        return self.fleet


def up_earlier(stack: Stack, text: str) -> None:
    """Apply as versions up to 0.1 did."""
    known = site(stack.name, stack.fleet)
    earlier = _EarlierSite(**{field.name: getattr(known, field.name) for field in fields(Site)})
    plan = compile_plan(parse(text, "numbers.yaml").for_stack(stack.name), earlier)
    stack.engine.up(plan, stack.world.process())


def writes_of(stack: Stack, text: str, *, retag: bool = False) -> list[str]:
    """Apply; give the writes."""
    mark = stack.world.sandbox.journal.mark()
    stack.up(text, retag=retag)
    return [f"{entry.method} {entry.path}" for entry in stack.world.sandbox.journal.writes(mark)]


def refusals(stack: Stack, text: str, *, retag: bool = False) -> list[str]:
    """Apply what must be refused without a write; give the reasons."""
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as failure:
        stack.up(text, retag=retag)
    assert stack.world.sandbox.journal.writes(mark) == []
    return failure.value.messages


def tags(world: World) -> dict[str, list[str]]:
    """Every tag at the vendors, without its prefix -> the kinds of what carries it."""
    found: dict[str, list[str]] = {}
    for (kind, _), tag in tagged(world.sandbox, "trunkline:").items():
        found[tag] = sorted([*found.get(tag, ()), kind])
    return found


def two(world: World, fleet: str = "acme/fleet") -> tuple[Stack, Stack]:
    """Stacks a and b under one name, or, where that ends in a slash, each under its own."""
    own = fleet.endswith("/")
    return Stack(world, name="a", fleet=f"{fleet}a" if own else fleet), Stack(
        world, name="b", fleet=f"{fleet}b" if own else fleet
    )
