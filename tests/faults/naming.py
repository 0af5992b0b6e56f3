"""What stands beside the lines of a stack, so that each of its previews must name it: judged by the tables alone."""

from __future__ import annotations

from sandbox.world import Sandbox
from tests.faults.bystanders import Bystanders
from tests.faults.holdings import TABLES, Place, records, tagged
from tests.faults.oracle import Violation
from trunkline.calls import canonical


def beside(sandbox: Sandbox, bystanders: Bystanders, prefix: str) -> list[str]:
    """Give the ids of those that take or admit calls of our numbers."""
    ours = tagged(sandbox, prefix)
    found = [
        _concerned(sandbox, group, {key for _, key in ours}, _answered(sandbox, prefix)) for group in bystanders.groups
    ]
    return [id_ for id_ in found if id_]


def judge(told: str, beside_us: list[str], accepted: tuple[str, ...]) -> None:
    """Hold what a preview said against what stands there. Raises Violation."""
    for id_ in beside_us:
        if id_ not in told and id_ not in accepted:
            raise Violation(f"{id_} stands beside our lines, and the preview does not name it: {told}")
        if id_ in told and id_ in accepted:
            raise Violation(f"{id_} is accepted, and the preview names it: {told}")


def _answered(sandbox: Sandbox, prefix: str) -> set[str]:
    """The numbers of our lines that take calls."""
    trunks = (key for kind, key in tagged(sandbox, prefix) if kind == "InboundTrunk")
    table = records(sandbox, *TABLES["InboundTrunk"][:2])
    return {canonical(number) for key in trunks for number in table[key].get("numbers", ())}


def _concerned(sandbox: Sandbox, group: list[Place], ours: set[str], answered: set[str]) -> str:
    """Give the id by which one of a group is named, "" where it stands beside nothing of ours."""
    vendor, table, key = group[0]
    record = records(sandbox, vendor, table).get(key)
    if record is None:
        return ""
    if table == "dispatch_rule":
        trunks = records(sandbox, "livekit", "inbound_trunk")
        return (
            key
            if any(trunks[each].get("numbers") for each in record["trunk_ids"] if each in ours & trunks.keys())
            else ""
        )
    if table == "inbound_trunk":
        return key if {canonical(each) for each in record["numbers"]} & answered else ""
    # On a trunk at Twilio it is the business of the stack that owns that, whoever's numbers it carries.
    if record["trunk_sid"] not in ours:
        return ""
    return key if table == "origination_urls" else str(record["_list"])
