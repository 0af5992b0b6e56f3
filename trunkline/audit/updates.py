"""The checks of how the stack's updates ended."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.audit.finding import Finding, Severity
from trunkline.audit.fleet import AuditedFleet


def failed_update(fleet: AuditedFleet) -> Iterator[Finding]:
    if fleet.last is not None and fleet.last.result == "failed":
        yield Finding(
            code="update-failed",
            severity=Severity.ERROR,
            subject=fleet.last.id,
            message=f"the last update of the stack failed at {fleet.last.ended}; the lines are as it left them",
            fix="read its error in CI and run `pulumi up` again",
        )


def unknown_update(fleet: AuditedFleet) -> Iterator[Finding]:
    if fleet.last is not None and not fleet.last.result:
        yield Finding(
            code="update-unknown",
            severity=Severity.WARNING,
            subject=fleet.last.id,
            message=f"the record of the stack's last update, of {fleet.last.ended}, cannot be read: nobody knows"
            " whether it failed",
            fix="run `pulumi up`, which records an update of its own",
        )


def unfinished_operations(fleet: AuditedFleet) -> Iterator[Finding]:
    for urn, what in fleet.pending:
        name = urn.rpartition("::")[2]
        yield Finding(
            code="update-unfinished",
            severity=Severity.WARNING,
            subject=name,
            message=(
                f"an update ended while it was {what} {f'{kind_of(urn)} {name}'.strip()};"
                " the state does not say what came of it"
            ),
            fix="run `pulumi up`, which takes what is there; `pulumi refresh --clear-pending-creates` clears the note",
        )


def kind_of(urn: str) -> str:
    """Give a resource's kind: urn:pulumi:<stack>::<project>::<parent's type$type>::<name>."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2].rpartition(":")[2] if len(parts) == 4 else ""
