"""What a comparison costs grows with the lines, and not with their square: counted in calls of functions, no times."""

from __future__ import annotations

from collections import Counter

from tests.comparison.stage import LINE, inbound, outbound, rule, sides
from tests.dynamic.test_scale import calls
from trunkline.comparison import Sides, compare
from trunkline.comparison.changed import ChangedObject
from trunkline.dump import Holdings
from trunkline.inventory import parse

FEW, MANY = 30, 120


def all_wrong(lines: int) -> Sides:
    """Each line has an agent of its own, whom LiveKit Cloud does not run and no call reaches, open trunks that were
    changed by hand, and two trunks and a rule too many."""
    names = {number: (f"line-{number:04}", f"+1650{2_000_000 + number}") for number in range(lines)}
    accepted = "".join(f"  - {{id: ST_{name}-in, reason: known}}\n" for name, _ in names.values())
    agents = "".join(f"  {name}: {{agent_name: {name}}}\n" for name, _ in names.values())
    entries = "".join(
        f'  {name}: {{provider: custom, sip_address: sip.example.com, phone_number: "{number}", agent: {name}}}\n'
        for name, number in names.values()
    )
    made = Holdings(
        inbound=tuple(inbound(f"ST_{name}-in", "", numbers=[of], allowedAddresses=[]) for name, of in names.values()),
        outbound=tuple(
            outbound(f"ST_{name}-{which}", f"trunkline:acme/test/{name}", numbers=[of])
            for name, of in names.values()
            for which in ("out", "too")
        ),
        rules=tuple(rule(f"SDR_{name}", "", agent=name, trunkIds=["ST_gone"]) for name, _ in names.values()),
        accounts={"livekit": "acme.livekit.cloud"},
    )
    return sides(
        live=made,
        file=parse(f"version: 1\naccepted:\n{accepted}agents:\n{agents}numbers:\n{entries}", "numbers.yaml"),
        lines={
            name: LINE.model_copy(
                update={
                    "id": name,
                    "phone_number": number,
                    "agent": name,
                    "agent_name": name,
                    "inbound_trunk_id": f"ST_{name}-in",
                    "outbound_trunk_id": f"ST_{name}-out",
                    "dispatch_rule_id": f"SDR_{name}",
                }
            )
            for name, number in names.values()
        },
        held=frozenset(),
        deployed={"another": frozenset()},
        changed=tuple(
            ChangedObject(
                kind="OutboundTrunk", id=f"ST_{name}-out", vendor="livekit", was={"name": "a"}, now={"name": "b"}
            )
            for name, _ in names.values()
        ),
    )


def test_four_times_the_lines_that_each_have_findings_cost_about_four_times_as_much() -> None:
    cost = {lines: calls(lambda: compare(given)) for lines, given in ((n, all_wrong(n)) for n in (FEW, MANY))}  # noqa: B023
    assert cost[MANY] / cost[FEW] < 4.5, cost


def test_each_line_of_the_fleet_that_is_compared_has_those_findings() -> None:
    found = compare(all_wrong(3))
    assert Counter(one.code for one in found) == {
        "agent-not-deployed": 3,
        "agent-unreached": 3,
        "finding-accepted": 3,
        "object-changed": 3,
        "outbound-duplicate": 3,
        "rule-dangling-id": 3,
        "trunk-foreign": 3,
        "trunk-orphaned": 6,
    }
