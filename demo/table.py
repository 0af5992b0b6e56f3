"""The stack's lines as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from trunkline.outputs import Line, StackOutputs

_HEAD = ("LINE", "NUMBER", "CARRIER", "AGENT", "COST A MONTH", "INBOUND TRUNK", "OUTBOUND TRUNK", "RULE", "NUMBER ID")


def table(outputs: StackOutputs) -> str:
    """Give a row for each line, in columns; no trailing spaces."""
    rows = [_HEAD, *(_row(line) for _, line in sorted(outputs.lines.items()))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(_aligned(row, widths) for row in rows)


def unmapped(outputs: StackOutputs) -> list[str]:
    """Name the lines that take calls and reach no agent."""
    return [name for name, line in sorted(outputs.lines.items()) if line.inbound and not line.dispatch_rule_id]


def _row(line: Line) -> tuple[str, ...]:
    cost = f"{line.monthly_cost.amount} {line.monthly_cost.currency}" if line.monthly_cost else "-"
    ids = (line.inbound_trunk_id, line.outbound_trunk_id, line.dispatch_rule_id, line.number_id)
    return (line.id, line.phone_number, line.provider, line.agent or "-", cost, *(id_ or "-" for id_ in ids))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
