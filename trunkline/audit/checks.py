"""The checks: each takes a fleet and gives its findings. `CHECKS` is the table of them, in the order of the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from decimal import Decimal

from trunkline.audit.finding import Finding, Severity
from trunkline.audit.fleet import AuditedFleet
from trunkline.audit.updates import failed_update, kind_of, unfinished_operations, unknown_update
from trunkline.outputs import Line

Check = Callable[[AuditedFleet], Iterator[Finding]]


def findings(fleet: AuditedFleet) -> tuple[Finding, ...]:
    """Run every check; the same fleet gives the same findings in the same order."""
    return tuple(finding for check in CHECKS for finding in check(fleet))


def diverged_lines(fleet: AuditedFleet) -> Iterator[Finding]:
    for name in sorted(fleet.differences):
        differences = fleet.differences[name]
        if any(one.field == "line" for one in differences):
            number = differences[0].listed
            message = f"the outputs list {name} ({number}), of which nothing stands in the state any more"
        else:
            said = "; ".join(f"{one.field} is {_quoted(one.found)}, not {_quoted(one.listed)}" for one in differences)
            message = f"{name} is not as the last complete update left it: {said}"
        yield Finding(
            code="line-diverged",
            severity=Severity.ERROR,
            subject=name,
            message=message,
            fix="read in `pulumi preview` what would put it right, and run `pulumi up` until it succeeds",
            lines=(name,),
        )


def unlisted_lines(fleet: AuditedFleet) -> Iterator[Finding]:
    for name in sorted(fleet.unlisted):
        held = _resources(fleet.unlisted[name])
        yield Finding(
            code="line-unlisted",
            severity=Severity.ERROR,
            subject=name,
            message=f"the state holds {name} ({held}), and the stack's outputs lack it",
            fix="run `pulumi up` until it succeeds: then it is listed if the file has it, and gone if not",
            lines=(name,),
        )


def vanished_numbers(fleet: AuditedFleet) -> Iterator[Finding]:
    for line in _ordered(fleet):
        if line.status == "vanished":
            yield Finding(
                code="number-vanished",
                severity=Severity.ERROR,
                subject=line.id,
                message=f"{line.phone_number} is no longer in the account of {line.provider}",
                fix="ask the carrier; set `repurchase: true` to buy this same number again, or remove the line",
                lines=(line.id,),
            )


def awaited_numbers(fleet: AuditedFleet) -> Iterator[Finding]:
    for line in _ordered(fleet):
        if line.status == "ordered":
            yield Finding(
                code="number-ordered",
                severity=Severity.WARNING,
                subject=line.id,
                message=f"{line.phone_number} was ordered at {line.provider}, whose account does not show it yet",
                fix="run `pulumi up` again; where the carrier says that it never came, write `give_up` on the line",
                lines=(line.id,),
            )
        if line.status == "pending":
            waits = f": it waits for {line.waiting_for}" if line.waiting_for else ""
            yield Finding(
                code="number-pending",
                severity=Severity.WARNING,
                subject=line.id,
                message=f"{line.phone_number} is in the account of {line.provider}, but not active yet{waits}",
                fix="look in the carrier's console what it waits for, and run `pulumi up` again",
                lines=(line.id,),
            )


def neighbours(fleet: AuditedFleet) -> Iterator[Finding]:
    """What stands beside the lines, as the last update saw it; what the file accepts is a fact."""
    for one in fleet.outputs.neighbours:
        severity, fix = _NEIGHBOURS.get(one.code, (Severity.WARNING, ""))
        yield Finding(
            code="neighbour-accepted" if one.accepted else one.code,
            severity=Severity.INFO if one.accepted else severity,
            subject=one.id,
            message=f"{one.message} Accepted: {one.accepted}" if one.accepted else one.message.removesuffix("."),
            fix="" if one.accepted else fix,
            lines=one.lines,
        )


def lines_without_agent(fleet: AuditedFleet) -> Iterator[Finding]:
    for line in _ordered(fleet):
        if line.inbound and not line.answers:
            # The file may have no line to set an agent of where the state alone holds it.
            in_file = f"set `agent:` of numbers.{line.id}, or `inbound: false`"
            yield Finding(
                code="line-without-agent",
                severity=Severity.WARNING,
                subject=line.id,
                message=f"nobody answers {line.phone_number}",
                fix="run `pulumi up` until it succeeds" if line.id in fleet.unlisted else in_file,
                lines=(line.id,),
            )


def agents_without_lines(fleet: AuditedFleet) -> Iterator[Finding]:
    lines, agents = fleet.outputs.lines.values(), fleet.outputs.agents
    others = [one for line in lines for one in line.caller_rules]
    beside = {name for line in lines for name in line.further_agents} | {
        n for one in others for n in one.further_agents
    }
    answered = (
        {line.agent for line in lines}
        | {one.agent for one in others}
        | {name for name, one in agents.items() if one.agent_name in beside}
    )
    for name in sorted(agents.keys() - answered):
        yield Finding(
            code="agent-without-lines",
            severity=Severity.WARNING,
            subject=name,
            message=f"the agent {name} answers no line",
            fix=f"give a line `agent: {name}`, or remove it from agents",
        )


def agents_on_one_carrier(fleet: AuditedFleet) -> Iterator[Finding]:
    lines_of: dict[str, list[Line]] = defaultdict(list)
    for line in _ordered(fleet):
        if line.agent and line.inbound:
            lines_of[line.agent].append(line)
    for agent, lines in sorted(lines_of.items()):
        providers = {line.provider for line in lines}
        if len(providers) == 1:
            yield Finding(
                code="agent-on-one-carrier",
                severity=Severity.INFO,
                subject=agent,
                message=f"{_count(lines)} of {agent}, all through {providers.pop()}",
                fix="give it a line at a second carrier, so that one outage does not silence it",
                lines=tuple(line.id for line in lines),
            )


def costs_by_tag(fleet: AuditedFleet) -> Iterator[Finding]:
    lines_of: dict[str, list[Line]] = defaultdict(list)
    for line in _ordered(fleet):
        for key, value in line.tags.items():
            lines_of[f"{key}={value}"].append(line)
        if not line.tags:
            lines_of[""].append(line)
    for tag, lines in sorted(lines_of.items()):
        amounts = _sums(lines)
        if amounts:
            yield Finding(
                code="cost-by-tag" if tag else "cost-untagged",
                severity=Severity.INFO,
                subject=tag,
                message=f"{_said(amounts)} a month for {_count(lines)} {f'tagged {tag}' if tag else 'without tags'}",
                lines=tuple(line.id for line in lines),
                amounts=amounts,
            )


def unknown_costs(fleet: AuditedFleet) -> Iterator[Finding]:
    lines = tuple(line.id for line in _ordered(fleet) if line.is_of_unknown_cost)
    if lines:
        yield Finding(
            code="cost-unknown",
            severity=Severity.WARNING,
            subject="",
            message=f"the carrier names no price for {_count(lines)}, so the sums are too low",
            fix="look the price up in the carrier's console",
            lines=lines,
        )


def removals(fleet: AuditedFleet) -> Iterator[Finding]:
    for removal, (severity, meaning) in _REMOVALS.items():
        lines = tuple(line.id for line in _ordered(fleet) if line.removal == removal)
        if lines:
            yield Finding(
                code=f"removal-{removal}",
                severity=severity,
                subject=removal,
                message=f"{_count(lines)} {meaning}",
                lines=lines,
            )


def last_changes(fleet: AuditedFleet) -> Iterator[Finding]:
    lines_at: dict[str, list[str]] = defaultdict(list)
    for line in _ordered(fleet):
        if line.id in fleet.changed:
            lines_at[fleet.changed[line.id]].append(line.id)
    for when in sorted(lines_at, reverse=True):
        yield Finding(
            code="last-change",
            severity=Severity.INFO,
            subject=when,
            message=f"{_count(lines_at[when])} last changed at {when}",
            lines=tuple(lines_at[when]),
        )


CHECKS: tuple[Check, ...] = (
    failed_update,
    unknown_update,
    unfinished_operations,
    diverged_lines,
    unlisted_lines,
    vanished_numbers,
    awaited_numbers,
    neighbours,
    lines_without_agent,
    agents_without_lines,
    agents_on_one_carrier,
    unknown_costs,
    costs_by_tag,
    removals,
    last_changes,
)

_REMOVE_OR_ACCEPT = "remove it at its vendor, or accept it: its id and a reason under `accepted:`"
_NEIGHBOURS: Mapping[str, tuple[Severity, str]] = {
    "foreign-rule": (Severity.ERROR, _REMOVE_OR_ACCEPT),
    "second-trunk": (Severity.ERROR, _REMOVE_OR_ACCEPT),
    "foreign-origination": (Severity.ERROR, _REMOVE_OR_ACCEPT),
    "foreign-failover": (Severity.WARNING, _REMOVE_OR_ACCEPT),
    "foreign-credentials": (Severity.WARNING, _REMOVE_OR_ACCEPT),
    "foreign-addresses": (Severity.WARNING, _REMOVE_OR_ACCEPT),
    "foreign-user": (Severity.WARNING, _REMOVE_OR_ACCEPT),
    "narrowed-rule": (
        Severity.WARNING,
        "empty its lists of callers and numbers at LiveKit, or accept it: its id and a reason under `accepted:`",
    ),
    "accepted-not-there": (Severity.WARNING, "take it out of `accepted:`"),
}
NEIGHBOUR_CODES = frozenset((*_NEIGHBOURS, "neighbour-accepted"))
_REMOVALS: Mapping[str, tuple[Severity, str]] = {
    "release": (Severity.WARNING, "marked `removal: release`: removing one from the file gives its number back"),
    "keep": (Severity.INFO, "marked `removal: keep`: removing one detaches its number, which stays owned and paid"),
    "protect": (Severity.INFO, "protected: removing one from the file is refused"),
}


def _ordered(fleet: AuditedFleet) -> Iterable[Line]:
    return (fleet.outputs.lines[name] for name in sorted(fleet.outputs.lines))


def _sums(lines: Iterable[Line]) -> dict[str, str]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if (cost := line.paid) is not None:
            sums[cost.currency] += Decimal(cost.amount)
    return {currency: str(sums[currency]) for currency in sorted(sums)}


def _said(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in amounts.items())


def _quoted(value: str) -> str:
    return f'"{value}"' if value else "none"


def _resources(urns: Sequence[str]) -> str:
    """Say how many resources these are, and of which kinds: a URN is for programs."""
    kinds = sorted({kind for urn in urns if (kind := kind_of(urn))})
    count = f"{len(urns)} resource{'' if len(urns) == 1 else 's'}"
    return f"{count}: {', '.join(kinds)}" if kinds else count


def _count(lines: Sized) -> str:
    return "1 line" if len(lines) == 1 else f"{len(lines)} lines"
