"""The order, the walls and the names of a plan, and that an edit reaches no further than it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.plan.inventories import IMPLICIT, SHARED, WHOLE, edited, plan_of, spec_of
from trunkline.inventory import parse
from trunkline.model.spec import Key
from trunkline.plan import Borrowed, FromFleet, FromSecret, Joined, Plan, Ref, ResourceSpec

PASSWORD = FromSecret("twilioTermination")


@pytest.mark.parametrize("text", [WHOLE, SHARED, IMPLICIT])
def test_every_resource_stands_after_all_that_it_needs(text: str) -> None:
    made: set[Key] = set()
    for spec in plan_of(text).resources:
        assert {*spec.depends_on, *(ref.key for ref in _refs(spec.props))} <= made
        made.add(spec.key)


def test_the_order_of_the_file_does_not_matter() -> None:
    head, numbers = WHOLE.split("numbers:\n")
    entries = _entries(numbers)
    assert len(entries) == 5
    assert plan_of(head + "numbers:\n" + "".join(reversed(entries))) == plan_of(WHOLE)


def test_a_remap_changes_the_dispatch_rule_alone() -> None:
    assert _differing(edited(WHOLE, "agent: sales\n", "agent: support\n")) == [("DispatchRule", "sales-us")]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("label: Sales, US", "label: New", [("InboundTrunk", "sales-us"), ("OutboundTrunk", "sales-us")]),
        ("label: Sales, US", "krisp_enabled: false\n    label: Sales, US", [("InboundTrunk", "sales-us")]),
        ("X-Team: sales", "X-Team: new", [("InboundTrunk", "sales-us"), ("OutboundTrunk", "sales-us")]),
        ('desk: "7"', 'desk: "8"', [("DispatchRule", "sales-us")]),
        ("max_call_duration: 3600", "max_call_duration: 60", [("InboundTrunk", "sales-us")]),
        (
            "label: Sales, US",
            "allowed_callers: ['+493011111111']\n    label: Sales, US",
            [("InboundTrunk", "sales-us")],
        ),
        ("203.0.113.0/28", "203.0.113.16/28", [("InboundTrunk", "uk-office")]),
        ("custom-sip.provider.com", "new.provider.com", [("OutboundTrunk", "uk-office")]),
        ("my_sip_user", "new_user", [("InboundTrunk", "uk-office"), ("OutboundTrunk", "uk-office")]),
        ("label: Sales, US", "tags: {team: growth}\n    label: Sales, US", []),
    ],
)
def test_an_edit_changes_what_it_means_and_never_the_gate(old: str, new: str, changed: list[Key]) -> None:
    text = edited(WHOLE, old, new)
    assert _differing(text) == changed
    assert plan_of(text).fleet == plan_of(WHOLE).fleet


def test_the_gate_s_inputs_hold_what_it_judges_by_alone() -> None:
    """An agent, a label or krisp in them would make every remap two updates."""
    assert plan_of(WHOLE).fleet["lines"] == {
        "sales-out": {"provider": "twilio", "removal": "protect", "adopt": False, "number": "+16505551235"},
        "sales-us": {"provider": "twilio", "removal": "protect", "adopt": False, "number": "+16505551234"},
        "support-gb": {
            "provider": "vonage",
            "removal": "release",
            "adopt": False,
            "search": {"country": "GB", "type": "mobile"},
        },
        "support-us": {
            "provider": "twilio",
            "removal": "protect",
            "adopt": False,
            "search": {"country": "US", "areaCode": "650", "type": "local"},
            "renamedFrom": "help-us",
        },
        "uk-office": {"provider": "custom", "removal": "protect", "adopt": False, "number": "+442071234567"},
    }


def test_the_wall_stands_on_the_last_resource_of_a_line_alone() -> None:
    walled = [spec.key for spec in plan_of(WHOLE).resources if spec.protect]
    assert sorted(walled) == [
        ("DispatchRule", "uk-office"),
        ("PhoneNumber", "sales-out"),
        ("PhoneNumber", "sales-us"),
        ("PhoneNumber", "support-us"),
    ]


def test_a_custom_line_for_calls_out_alone_has_its_wall_on_its_only_trunk() -> None:
    text = edited(WHOLE, "label: UK Office\n    agent: support\n", "inbound: false\n")
    assert spec_of(plan_of(text), "OutboundTrunk", "uk-office").protect


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_mark_takes_the_wall_down(removal: str) -> None:
    text = edited(WHOLE, "label: UK Office", f"label: UK Office\n    removal: {removal}")
    plan = plan_of(text)
    assert not spec_of(plan, "DispatchRule", "uk-office").protect
    assert spec_of(plan, "InboundTrunk", "uk-office").props["keep"] == (removal == "keep")


def test_a_rename_carries_the_old_name_in_alias_and_tag() -> None:
    of_line = [spec for spec in plan_of(WHOLE).resources if spec.line == "support-us"]
    assert [spec.kind for spec in of_line] == ["OutboundTrunk", "InboundTrunk", "DispatchRule", "PhoneNumber"]
    for spec in of_line:
        assert spec.aliases == ("help-us",)
        assert spec.props["tag"] == "trunkline:acme/test/support-us"
        assert spec.props["formerTags"] == ["trunkline:acme/test/help-us"]


def test_money_is_spent_after_livekit_and_the_route_stand() -> None:
    assert spec_of(plan_of(WHOLE), "PhoneNumber", "sales-us").depends_on == (
        ("OutboundTrunk", "sales-us"),
        ("InboundTrunk", "sales-us"),
        ("DispatchRule", "sales-us"),
        ("OriginationUrl", "twilio-us"),
    )


def test_a_trunk_takes_its_number_when_nothing_but_its_rule_is_left_to_make() -> None:
    """The number may come from another trunk: what failed in between, or took long, would leave it unanswered."""
    plan = plan_of(WHOLE)
    assert spec_of(plan, "InboundTrunk", "sales-us").depends_on == (("OutboundTrunk", "sales-us"),)
    assert spec_of(plan, "InboundTrunk", "support-gb").depends_on == ()
    rule = spec_of(plan, "DispatchRule", "sales-us")
    assert rule.depends_on == (("OutboundTrunk", "sales-us"), ("InboundTrunk", "sales-us"))


def test_the_route_of_an_adopted_trunk_waits_for_the_rules_of_all_its_lines_and_for_no_others() -> None:
    """Its numbers are on it already: with the route their calls go to LiveKit at once."""
    adopting = edited(SHARED, "  pool:\n", "  eu: {provider: twilio, domain_name: eu.pstn.twilio.com}\n  pool:\n")
    adopting = edited(adopting, "    shared: true\n", "    adopt: true\n")
    adopting = adopting.replace("agent: support}\n", "agent: support, trunk: pool}\n")
    other = '  other: {provider: twilio, phone_number: "+16505551233", agent: support, trunk: eu, outbound: false}\n'
    plan = plan_of(adopting + other)
    order = [spec.key for spec in plan.resources]

    assert spec_of(plan, "OriginationUrl", "pool").depends_on == (("DispatchRule", "one"), ("DispatchRule", "two"))
    assert spec_of(plan, "OriginationUrl", "eu").depends_on == ()
    assert order.index(("DispatchRule", "two")) < order.index(("OriginationUrl", "pool"))
    assert order.index(("OriginationUrl", "pool")) < order.index(("PhoneNumber", "one"))


def test_livekit_calls_out_only_as_a_user_that_the_carrier_knows() -> None:
    """Both are made or changed in one update: the carrier must be first."""
    assert spec_of(plan_of(WHOLE), "OutboundTrunk", "sales-us").depends_on == (
        ("Credential", "twilio-us"),
        ("TrunkCredentialList", "twilio-us"),
    )


def test_a_line_has_only_the_resources_of_its_directions() -> None:
    kinds = {name: [spec.kind for spec in plan_of(WHOLE).resources if spec.line == name] for name in _lines(WHOLE)}
    assert kinds == {
        "sales-out": ["OutboundTrunk", "PhoneNumber"],
        "sales-us": ["OutboundTrunk", "InboundTrunk", "DispatchRule", "PhoneNumber"],
        "support-gb": ["InboundTrunk", "DispatchRule", "PhoneNumber"],
        "support-us": ["OutboundTrunk", "InboundTrunk", "DispatchRule", "PhoneNumber"],
        "uk-office": ["OutboundTrunk", "InboundTrunk", "DispatchRule"],
    }


def test_a_vonage_number_is_forwarded_with_the_number_as_its_user_part() -> None:
    assert spec_of(plan_of(WHOLE), "PhoneNumber", "support-gb").props["sipUri"] == Joined(
        ("sip:", FromFleet("support-gb", "digits"), "@sandbox.sip.livekit.cloud;transport=tcp")
    )


def test_a_shared_trunk_holds_all_its_lines_numbers_under_the_trunk_s_own_tag() -> None:
    plan = plan_of(SHARED)
    numbers = [FromFleet("one", "phoneNumber"), FromFleet("two", "phoneNumber")]
    for kind in ("InboundTrunk", "OutboundTrunk"):
        trunk = spec_of(plan, kind, "pool")
        assert (trunk.line, trunk.props["numbers"], trunk.props["tag"]) == (
            "",
            numbers,
            "trunkline:acme/test/trunk.pool",
        )
    assert [spec.key for spec in plan.resources if spec.kind == "DispatchRule"] == [("DispatchRule", "pool")]
    assert spec_of(plan, "PhoneNumber", "two").props["claimId"] == Ref(("InboundTrunk", "pool"))
    assert {line["sharedTrunk"] for line in plan.fleet["lines"].values()} == {"pool"}


def test_a_carrier_line_without_a_trunk_gets_one_that_is_the_same_in_every_run() -> None:
    domains = {spec_of(plan_of(IMPLICIT), "SipTrunk", "twilio").props["domainName"] for _ in range(3)}
    assert domains == {"acme-test-twilio-d0c77809f6.pstn.twilio.com"}


def test_another_fleet_or_account_gets_another_domain() -> None:
    sites: list[dict[str, Any]] = [
        {},
        {"fleet": "acme/other"},
        {"accounts": {"twilio": "AC1", "livekit": "sandbox", "vonage": "k"}},
    ]
    domains = [spec_of(plan_of(IMPLICIT, **facts), "SipTrunk", "twilio").props["domainName"] for facts in sites]
    assert len(set(domains)) == len(domains)


def test_a_trunk_of_another_stack_is_referred_to_and_not_made() -> None:
    text = edited(SHARED, "    shared: true\n", "    owner: main\n").replace(
        "agent: support}", "agent: support, stacks: [test]}"
    )
    text = edited(
        text, '"+16505551231", agent: support, stacks: [test]', '"+16505551231", agent: support, stacks: [main]'
    )
    plan = plan_of(text)
    assert {spec.kind for spec in plan.resources} == {"OutboundTrunk", "InboundTrunk", "DispatchRule", "PhoneNumber"}
    number = spec_of(plan, "PhoneNumber", "two")
    assert number.props["trunkSid"] == Borrowed("pool")
    assert plan.fleet["borrowed"] == ["pool"]


def _differing(text: str) -> list[Key]:
    """The resources in which the plan of another text differs from the one of WHOLE."""
    before, after = _by_key(plan_of(WHOLE)), _by_key(plan_of(text))
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _by_key(plan: Plan) -> dict[Key, ResourceSpec]:
    return {spec.key: spec for spec in plan.resources}


def _refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _refs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _refs(item)


def _lines(text: str) -> list[str]:
    return sorted(parse(text, "numbers.yaml").lines)


def _entries(numbers: str) -> list[str]:
    """The lines' blocks of a `numbers:` section."""
    entries: list[str] = []
    for row in numbers.splitlines(keepends=True):
        if row.startswith("   "):
            entries[-1] += row
        else:
            entries.append(row)
    return entries
