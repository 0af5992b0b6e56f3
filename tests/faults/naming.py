"""What stands beside the lines of a stack, so that each of its previews must name it: judged by the tables alone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from sandbox.world import Sandbox
from tests.faults.bystanders import Bystanders
from tests.faults.holdings import Place, records, tagged
from tests.faults.oracle import Violation
from trunkline.calls import canonical


def beside(sandbox: Sandbox, bystanders: Bystanders, prefix: str, lines: Container[str]) -> list[str]:
    """Give the ids of those that take or admit calls of the numbers of a file's lines."""
    its = tagged(sandbox, prefix).items()
    ours = {key for (_, key), owner in its if owner in lines or owner.startswith("trunk.")}
    found = [_concerned(sandbox, group, ours) for group in bystanders.groups]
    return [id_ for id_ in found if id_]


def judge(told: str, beside_us: list[str], accepted: tuple[str, ...]) -> None:
    """Hold what a preview said against what stands there. Raises Violation."""
    for id_ in beside_us:
        if id_ not in told and id_ not in accepted:
            raise Violation(f"{id_} stands beside our lines, and the preview does not name it: {told}")
        if id_ in told and id_ in accepted:
            raise Violation(f"{id_} is accepted, and the preview names it: {told}")


def _concerned(sandbox: Sandbox, group: list[Place], ours: set[str]) -> str:
    """Give the id by which one of a group is named, "" where it stands beside nothing of ours.

    One for a caller whom our trunk keeps out takes none of its calls, and alone answers none.
    """
    vendor, table, key = group[0]
    record = records(sandbox, vendor, table).get(key)
    if record is None:
        return ""
    trunks = [each for id_, each in records(sandbox, "livekit", "inbound_trunk").items() if id_ in ours]
    if table == "dispatch_rule":
        met = [each for each in trunks if each["sip_trunk_id"] in record["trunk_ids"] and each.get("numbers")]
        return key if any(_lets_in(each, record["inbound_numbers"]) for each in met) else ""
    if table == "inbound_trunk":
        numbers = {canonical(each) for each in record["numbers"]}
        met = [each for each in trunks if numbers & {canonical(number) for number in each.get("numbers", ())}]
        return key if any(_lets_in(each, record["allowed_numbers"]) for each in met) else ""
    # On a trunk at Twilio it is the business of the stack that owns that, whoever's numbers it carries.
    if record["trunk_sid"] not in ours:
        return ""
    return key if table == "origination_urls" else str(record["_list"])


def _lets_in(trunk: Mapping[str, Any], callers: Iterable[str]) -> bool:
    allowed = {canonical(each) for each in trunk.get("allowed_numbers", ())}
    return not allowed or not allowed.isdisjoint(map(canonical, callers))
