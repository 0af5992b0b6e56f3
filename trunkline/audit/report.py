"""Findings as text for a terminal, as JSON for programs, and as a table in Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from trunkline.audit.finding import Finding

_NONE = "No findings."


def text(findings: Sequence[Finding]) -> str:
    """Give a line for each finding."""
    return "\n".join(map(_line, findings)) or _NONE


def as_json(findings: Sequence[Finding]) -> str:
    """Give a list of objects, as /audit has them; those about live systems say vendor and place too."""
    return json.dumps([finding.to_json() for finding in findings], indent=1)


def markdown(findings: Sequence[Finding]) -> str:
    """Give a table with a row for each finding."""
    if not findings:
        return _NONE
    rows = [
        (
            finding.severity,
            f"`{finding.code}`",
            finding.message,
            getattr(finding, "vendor", ""),
            getattr(finding, "place", ""),
            finding.fix,
        )
        for finding in findings
    ]
    head = ["| severity | code | | vendor | place | what to do |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {"text": text, "json": as_json, "markdown": markdown}


def of_stacks(form: str, findings: Mapping[str, Sequence[Finding]]) -> str:
    """Give the findings of several stacks in a format: each under its stack's name, and in JSON each with its stack."""
    if form == "json":
        every = [{"stack": stack} | finding.to_json() for stack, found in findings.items() for finding in found]
        return json.dumps(every, indent=1)
    head = "## {}\n\n" if form == "markdown" else "stack {}:\n"
    return "\n\n".join(head.format(stack) + FORMATS[form](found) for stack, found in findings.items())


def _line(finding: Finding) -> str:
    place = getattr(finding, "place", "")
    at = f"{place}: " if place else ""
    fix = f"; {finding.fix}" if finding.fix else ""
    return _printable(f"{finding.severity:8}{finding.code}: {at}{finding.message}{fix}")


def _cell(value: str) -> str:
    return _printable(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _printable(value: str) -> str:
    """What people call an object may have any character."""
    return "".join(char if char.isprintable() else "?" for char in value)
