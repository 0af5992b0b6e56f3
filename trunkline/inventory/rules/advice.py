"""What an inventory may say although it looks like a mistake: warnings, which stop nothing.

They stand beside the problems with the same place, rule, message and fix. A rule belongs here where the file can be
right and our knowledge wrong or old.
"""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, own_trunk
from trunkline.inventory.rules.agents import caller_warnings
from trunkline.inventory.rules.trunks import idle_fallback, in_clear
from trunkline.inventory.shapes import sip
from trunkline.model.entries import Line, Trunk


def warnings(inventory: Inventory) -> tuple[Problem, ...]:
    """Give every warning about the lines and trunks of an inventory, sorted by place.

    A line is judged as the stacks that have it read it.
    """
    own = inventory.of_stacks
    lines = (line for line in inventory.lines.values() if not line.stacks or not own.keys() >= set(line.stacks))
    found = [warning for line in lines for warning in _of_line(inventory, line)]
    found += [warning for trunk in inventory.trunks.values() for warning in _of_trunk(inventory, trunk)]
    parts = (theirs.for_stack(stack) for stack, theirs in own.items() if stack in theirs.stacks)
    found += [warning for part in parts for warning in warnings(part)]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda each: (each.file != inventory.path, each.file, each.line, each.column, each.rule, each.message),
        )
    )


def _of_line(inventory: Inventory, line: Line) -> Iterator[Problem]:
    for rule in (_unknown_numbers, _other_country, _own_connection, _allowed_addresses, idle_fallback, _callers):
        for key, code, message, fix in rule(inventory, line):
            yield inventory.problem(("numbers", line.name, *key), code, f'line "{line.name}": {message}', fix)


def _of_trunk(inventory: Inventory, trunk: Trunk) -> Iterator[Problem]:
    findings = (*_connection(trunk, trunk.media_encryption), *_trunk_addresses(trunk), *_owner(inventory, trunk))
    for key, code, message, fix in findings:
        yield inventory.problem(("trunks", trunk.name, key), code, f'trunk "{trunk.name}": {message}', fix)


# (keys below the line where the warning stands, rule, message, fix)
Finding = tuple[tuple[str, ...], str, str, str]


def _unknown_numbers(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """A number that libphonenumber does not know: a slip of the finger, or an area code that is newer than it."""
    known = f"libphonenumber {phonenumbers.__version__}"
    if line.phone_number is not None and not line.phone_number.is_known:
        message = f"{line.phone_number} is of no area that {known} knows"
        fix = "compare it with what the carrier shows; where they are the same, there is nothing to do"
        yield ("phone_number",), "unknown-number", message, fix
    for index, caller in enumerate(line.allowed_callers):
        if not caller.is_known:
            message = f"{caller} is of no area that {known} knows"
            yield ("allowed_callers", str(index)), "unknown-number", message, "compare its digits with the caller's"
    for entry in line.callers:
        for index, caller in enumerate(entry.numbers):
            if not caller.is_known:
                message, at = f"{caller} is of no area that {known} knows", ("callers", entry.name, "from", str(index))
                yield at, "unknown-number", message, "compare its digits with the caller's"


def _callers(inventory: Inventory, line: Line) -> Iterator[Finding]:
    yield from caller_warnings(line)


def _other_country(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """A country that shares the number's calling code; carriers file some numbers under their code's main country."""
    number = line.phone_number
    if number is None or not inventory.has("numbers", line.name, "country") or not number.country:
        return
    if number.is_possible_in(line.country) and not number.is_known_in(line.country):
        message = f"{number} is a number of {number.country} by its digits, and the line says {line.country}"
        fix = "keep it where the carrier sells the number as that; otherwise delete `country`"
        yield ("country",), "number-country", message, fix


def _own_connection(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """A custom line's own way out, or its trunk's with the line's encryption."""
    if line.provider != "custom":
        return
    if not line.trunk:
        for key, *words in _connection(own_trunk(line), line.media_encryption):
            yield (key,), words[0], words[1], words[2]
    elif line.media_encryption and in_clear(inventory.trunks[line.trunk], line.media_encryption):
        yield ("media_encryption",), *_IN_CLEAR


def _connection(trunk: Trunk, media_encryption: str) -> Iterator[tuple[str, str, str, str]]:
    host, port = sip.host_and_port(trunk.sip_address)
    usual = {5060: ("udp", "tcp"), 5061: ("tls",)}.get(port, ())
    if usual and trunk.transport != "auto" and trunk.transport not in usual:
        message = f"port {port} is that of {' and '.join(usual)} (RFC 3261), and the transport is {trunk.transport}"
        yield "transport", "port-transport", message, "correct one of the two, unless the other side is set up so"
    if host.lower().endswith(sip.LIVEKIT_CLOUD):
        message = f"{host} is LiveKit's own host, so a call out comes back in"
        yield (
            "sip_address",
            "sip-address",
            message,
            "write the carrier's host; LiveKit's is the setting LIVEKIT_SIP_URI",
        )
    if in_clear(trunk, media_encryption):
        yield "media_encryption", *_IN_CLEAR


_IN_CLEAR = (
    "srtp-in-clear",
    "the keys of its SRTP travel in clear, since the transport is not TLS",
    "add `transport: tls` where the other side takes it",
)


def _allowed_addresses(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.inbound and (missing := sip.excluded(CARRIERS[line.provider].networks, line.allowed_addresses)):
        yield ("allowed_addresses",), *_carrier_not_allowed(line.provider, missing)


def _trunk_addresses(trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    if missing := sip.excluded(CARRIERS[trunk.provider].networks, trunk.allowed_addresses):
        yield "allowed_addresses", *_carrier_not_allowed(trunk.provider, missing)


def _owner(inventory: Inventory, trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    """A stack that gave up its last line goes on owning its trunk; or a slip of the pen. A stack's part cannot tell."""
    others = set(inventory.all_line_names) - set(inventory.lines)
    if trunk.owner and not others and trunk.owner not in inventory.stacks_of_lines and inventory.lines:
        message = f'no line is of its owner, stack "{trunk.owner}"; only that stack makes it and changes it'
        yield "owner", "owner-without-lines", message, "nothing, where that stack had lines once; else correct it"


def _carrier_not_allowed(provider: str, missing: tuple[str, ...]) -> tuple[str, str, str]:
    message = f"allowed_addresses leave out {', '.join(missing)}, from which {provider} may send calls"
    return "carrier-not-allowed", message, "add them, or delete `allowed_addresses`"
