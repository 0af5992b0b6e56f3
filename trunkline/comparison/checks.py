"""The checks of `trunkline audit --live`, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from trunkline.audit.checks import NEIGHBOUR_CODES, neighbours
from trunkline.audit.finding import Finding, Severity
from trunkline.audit.fleet import AuditedFleet
from trunkline.comparison import agents, changed, paid, passwords, rules, trunks
from trunkline.comparison.finding import CODES, LiveFinding, placed
from trunkline.comparison.sides import LIVEKIT, Sides
from trunkline.inventory import Inventory
from trunkline.outputs import Neighbour, StackOutputs

Check = Callable[[Sides], Iterator[LiveFinding]]


def compare(sides: Sides) -> tuple[LiveFinding, ...]:
    """Run every check; the same sides give the same findings in the same order.

    What the file accepts by its id is a fact, with the file's reason.
    """
    found = changed.told_once(finding for check in CHECKS for finding in check(sides))
    return tuple(_judged(finding, sides.accepted.get(finding.subject, "")) for finding in found)


def whole(
    recorded: Iterable[Finding],
    outputs: StackOutputs,
    beside: Iterable[Neighbour] | None,
    compared: Iterable[LiveFinding],
    file: Inventory | None,
) -> tuple[LiveFinding, ...]:
    """Put the findings of the state and of the comparison together, the gravest first.

    `beside` is what stands beside the lines now, in place of what the last update saw; None where that is not known.
    """
    own = [placed(one, file) for one in recorded if beside is None or one.code not in NEIGHBOUR_CODES]
    now = AuditedFleet(outputs=outputs.model_copy(update={"neighbours": tuple(beside or ())}))
    own += [replace(placed(one, file), vendor=_AT.get(one.code, "")) for one in neighbours(now)]
    return tuple(sorted((*own, *compared), key=lambda one: _GRAVEST.index(one.severity)))


_GRAVEST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_AT = {"foreign-rule": LIVEKIT, "narrowed-rule": LIVEKIT, "second-trunk": LIVEKIT}


def unread(sides: Sides) -> Iterator[LiveFinding]:
    """A vendor that does not say what it holds; the others are compared all the same."""
    for vendor, (why, fix) in sorted(sides.unread.items()):
        yield sides.finding(
            "vendor-unread",
            vendor,
            f"{vendor} was not read, so nothing is known of what it holds: {why.rstrip('.')}",
            fix.rstrip(".") or "see to its answer or its credentials, and run this again",
            vendor=vendor,
        )


CHECKS: tuple[Check, ...] = (
    unread,
    trunks.gone,
    changed.changed,
    paid.gone,
    passwords.changed,
    paid.in_one_alone,
    paid.unmanaged,
    trunks.orphaned,
    rules.dangling,
    rules.catch_all,
    trunks.catch_all,
    rules.unreached,
    agents.not_deployed,
    trunks.own_numbers,
    trunks.duplicates,
    trunks.open_to_all,
    trunks.foreign,
    agents.unseen,
    passwords.unseen,
)


def _judged(finding: LiveFinding, accepted: str) -> LiveFinding:
    if not accepted or finding.severity == Severity.INFO:
        return finding
    message = f"{finding.code}: {finding.message}. Accepted: {accepted}"
    return replace(finding, code="finding-accepted", severity=CODES["finding-accepted"], message=message, fix="")
