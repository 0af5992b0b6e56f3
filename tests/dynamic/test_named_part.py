"""What a vendor refuses is told with the part of the inventory that has the line or the trunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from providers.dynamic import runtime, written_in
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.number import PhoneNumberProvider
from providers.dynamic.provider import AdapterProvider
from tests.support.world import World, site
from trunkline.errors import Reason, Rejected
from trunkline.inventory import parse
from trunkline.plan import compile_plan

ROOT = """\
version: 1
agents: {a: {agent_name: x}}
numbers:
  hq: {provider: twilio, trunk: us, phone_number: "+16505551201", agent: a}
"""
PARTS = {
    "fleets/eu.d/sales.yaml": 'numbers: {sales: {provider: twilio, phone_number: "+16505551200", agent: a}}\n',
    "fleets/eu.d/us.yaml": (
        "trunks:\n  us: {provider: twilio, domain_name: acme-us.pstn.twilio.com, auth_username: u,"
        " auth_password: {secret: twilioTermination}}\n"
    ),
}


@pytest.fixture
def process() -> Iterator[runtime.Runtime]:
    """A process whose Fleet was checked."""
    made = World().process()
    made.inventory = "fleets/eu.yaml"
    runtime.install(made)
    plan = compile_plan(parse(ROOT, "fleets/eu.yaml", PARTS).for_stack("test"), site())
    FleetProvider().check({}, {**plan.fleet, "facts": plan.facts})
    yield made
    runtime.install(None)


@pytest.mark.parametrize(
    ("props", "file"),
    [
        ({"tag": "trunkline:acme/test/sales"}, "fleets/eu.d/sales.yaml"),
        ({"tag": "trunkline:acme/test/trunk.us"}, "fleets/eu.d/us.yaml"),
        ({"tag": "trunkline:acme/test/hq"}, "fleets/eu.yaml"),
        ({}, "fleets/eu.yaml"),
    ],
)
def test_a_vendor_s_refusal_names_the_file_that_has_the_line_or_the_trunk(
    process: runtime.Runtime, props: Mapping[str, Any], file: str
) -> None:
    @written_in.named
    def refused(_props: Mapping[str, Any]) -> None:
        raise Rejected("v", "POST /x", "no", reason=Reason.INVALID, fix="Check the line's `b` in numbers.yaml.")

    with pytest.raises(Rejected) as error:
        refused(props)
    assert runtime.worded(str(error.value)) == (
        f"v: POST /x: no. Nothing was changed by this request. Check the line's `b` in {file}."
    )


@pytest.mark.parametrize("provider", [AdapterProvider, PhoneNumberProvider])
@pytest.mark.parametrize("verb", ["create", "update"])
def test_every_verb_that_a_vendor_may_refuse_for_what_the_file_says_does_so(provider: type, verb: str) -> None:
    assert hasattr(getattr(provider, verb), "__wrapped__")
