"""Rules about keys of one line that depend on one another or on its trunk.

They look at lines whose own keys are sound, so that one mistake is one problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trunkline.carriers import CARRIERS, foreign_line_keys
from trunkline.carriers.declaration import Finding
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, own_trunk, trunk_of
from trunkline.inventory.rules import agents, trunks
from trunkline.model import options
from trunkline.model.entries import SIP_KEYS, Line

# The North American numbering plan, which both countries share.
_NORTH_AMERICA = frozenset({"US", "CA"})
_AREA_CODE = re.compile(r"[2-9][0-9]{2}")


def line_problems(inventory: Inventory, line: Line) -> Iterator[Problem]:
    """Give every problem of one line whose own keys are sound."""
    for rule in (
        _number,
        _country,
        _search,
        _provider_keys,
        _route,
        _directions,
        _idle,
        agents.line_findings,
        _adoption,
        _giving_up,
        _porting,
        _removal,
        _stacks,
        _encryption,
        trunks.line_fallback,
    ):
        for key, code, message, fix in rule(inventory, line):
            yield inventory.problem(("numbers", line.name, key), code, f'line "{line.name}": {message}', fix)


def _number(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.phone_number is not None and line.called_number:
        yield "called_number", "number-or-search", "it has both phone_number and called_number", "keep one of the two"
    if not line.number and line.search is None:
        fix = 'add `phone_number: "+…"`, or `search:` to take what a carrier offers'
        yield "phone_number", "number-or-search", "it has neither phone_number nor search", fix
    if line.number and line.search is not None:
        key = "phone_number" if line.phone_number is not None else "called_number"
        yield "search", "number-or-search", f"it has both {key} and search", "keep one of the two"


def _country(inventory: Inventory, line: Line) -> Iterator[Finding]:
    carrier = CARRIERS[line.provider]
    if carrier.countries and line.country and not set(carrier.countries) & set(_countries(line)):
        message = f"it is of {line.country}, and {carrier.label} sells numbers of {', '.join(carrier.countries)} alone"
        key = "search" if line.search is not None else "phone_number"
        yield key, "not-sold", message, "correct `provider`, or the number"
    if line.search is not None and not line.search.country:
        yield "search", "no-country", "its search names no country", "add `country: US` to it, or to `defaults`"
    elif line.search is not None and line.search.country != line.country:
        message = f"it is of {line.country}, but searches in {line.search.country}"
        yield "country", "search-country", message, "delete one of the two countries"
    if line.phone_number is None or not inventory.has("numbers", line.name, "country"):
        return
    number = line.phone_number
    # What shares its calling code is at most a warning (`advice`): carriers file some numbers under another country.
    if not number.is_possible_in(line.country):
        message = f"{number} is a number of {number.country or 'no country'}, not of {line.country}"
        yield "country", "number-country", message, "correct the number, or delete `country`: the number says it"


def _countries(line: Line) -> tuple[str, ...]:
    return line.phone_number.countries if line.phone_number is not None else (line.country,)


def _search(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """What a carrier refuses to search for, or can never find."""
    search = line.search
    if search is None:
        return
    if search.country in _NORTH_AMERICA and search.area_code and not _AREA_CODE.fullmatch(search.area_code):
        message = (
            f"{search.area_code} is no area code of {search.country}: those have three digits and begin with 2 to 9"
        )
        yield "search", "area-code", message, "correct `area_code`; digits within the number go to `contains`"
    trunk = trunk_of(inventory, line)
    if trunk is not None and trunk.shared and _is_clear(inventory, line):
        # A searched number is claimed by its line's own LiveKit trunk, which lines of a shared trunk do not have.
        message = f'it searches for a number, but its trunk "{trunk.name}" is shared'
        fix = "write the number as phone_number, or use a trunk without `shared: true`"
        yield "search", "search-on-shared-trunk", message, fix
    for key, why in CARRIERS[line.provider].lacking_search_keys.items():
        if getattr(search, key):
            message = f"it searches by {key}, and {why}"
            yield "search", "wrong-provider", message, f"delete `{key}`, or correct `provider`"
    if search.country not in _NORTH_AMERICA and (search.region or search.postal_code):
        key = "region" if search.region else "postal_code"
        message = f"{key} narrows searches in the US and Canada alone, and this one is in {search.country}"
        yield "search", "search-place", message, f"delete `{key}`; `locality` and `contains` narrow everywhere"
    yield from CARRIERS[line.provider].search_findings(search)


def _provider_keys(inventory: Inventory, line: Line) -> Iterator[Finding]:
    for key, why in foreign_line_keys(line.provider).items():
        if inventory.has("numbers", line.name, key):
            message = f"{key} is not for a {line.provider} line: {why}"
            yield key, "wrong-provider", message, f"delete `{key}`, or correct `provider`"
        elif not CARRIERS[line.provider].has_trunks and inventory.has("defaults", key):
            # To leave it out unsaid might let in whom the file keeps out.
            message = f"defaults give it {key}, which is not for a {line.provider} line: {why}"
            yield key, "wrong-provider", message, f"move `{key}` from defaults to the lines that it is for"


def _route(inventory: Inventory, line: Line) -> Iterator[Finding]:
    own = [key for key in SIP_KEYS if inventory.has("numbers", line.name, key)]
    if line.trunk:
        provider = inventory.trunks[line.trunk].provider
        if provider != line.provider:
            message = f'it is a {line.provider} line, but its trunk "{line.trunk}" is {provider}'
            yield "trunk", "trunk-provider", message, "correct `trunk`, or delete `provider`: the trunk says it"
        elif line.provider == "custom" and own:
            message = f'it has the trunk "{line.trunk}" and its own {", ".join(own)}'
            yield own[0], "trunk-twice", message, "move them to the trunk, or delete `trunk`"
        return
    if line.provider == "custom":
        yield from _own_route(inventory, line)
        return
    names = [name for name, trunk in inventory.trunks.items() if trunk.provider == line.provider]
    if len(names) > 1:
        message = f"it names no trunk, and {line.provider} has several: {', '.join(names)}"
        yield "trunk", "which-trunk", message, f"add `trunk: {names[0]}`, or another of them"


def _own_route(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if not line.sip_address:
        fix = "add `trunk:` with a key under trunks, or its own `sip_address`"
        yield "trunk", "no-trunk", "it is custom and has neither a trunk nor a sip_address", fix
    elif line.name in inventory.trunks:
        message = "a trunk has the same name, and the line brings its own sip_address"
        yield "sip_address", "trunk-twice", message, f"write `trunk: {line.name}` instead, or rename the trunk"
    yield from trunks.sip_findings(own_trunk(line))


def _directions(inventory: Inventory, line: Line) -> Iterator[Finding]:
    carrier = CARRIERS[line.provider]
    if line.outbound and not carrier.calls_out:
        message = f"its numbers take calls alone ({carrier.label}), and it is to call out"
        yield "outbound", "inbound-only", message, "delete `outbound`: it is false for such a line"
    if not line.inbound and not line.outbound:
        fix = "set one of the two to true; to remove the line, set `removal` and delete it later"
        yield "inbound", "no-direction", "inbound and outbound are both false, so no call can use it", fix
    if line.inbound and not line.agent:
        fix = "add `agent:` with a key under agents, or set `inbound: false`"
        yield "agent", "unreachable", "no agent answers it, so no call can reach anyone", fix
    if line.inbound and line.phone_number is not None and line.allowed_callers == (line.phone_number,):
        fix = "list the numbers of callers; the line's own number is `phone_number`"
        yield "allowed_callers", "unreachable", "its only allowed caller is itself, so no call can come in", fix
    trunk = trunk_of(inventory, line)
    if line.outbound and line.trunk and trunk and trunk.provider == "custom" and not trunk.sip_address:
        message = f'it calls out, but its trunk "{trunk.name}" has no sip_address'
        yield "outbound", "no-sip-address", message, "give the trunk a sip_address, or set `outbound: false`"


def _idle(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """Fields of objects that the line does not have."""
    made = {"InboundTrunk": line.inbound, "DispatchRule": line.inbound, "OutboundTrunk": line.outbound}
    for option in options.OF_LINE:
        key = option.path[0]
        if inventory.has("numbers", line.name, key) and not any(made[kind] for kind in option.kinds):
            direction = "in" if line.outbound else "out"
            message = f"{key} is about calls {direction}, which it does not have"
            yield key, "idle-key", message, f"delete `{key}`, or `{direction}bound: false`"


def _adoption(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.adopt and line.search is not None:
        message = "adopt takes over a number that is there, and a search finds a new one"
        fix = "write the `phone_number` to adopt in place of `search`, or delete `adopt`: then a number is bought"
        yield "adopt", "adopt-search", message, fix


def _giving_up(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.give_up is not None and line.give_up == line.phone_number:
        message = f"it gives up {line.give_up}, which is its phone_number"
        yield "give_up", "give-up-own", message, "write another `phone_number`, or delete `give_up`"


def _porting(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.ported_from == line.provider:
        message = f"it is ported from {line.ported_from}, which is its provider"
        yield "ported_from", "ported-from-own", message, "write the carrier that has the number now as `provider`"
    if line.ported_from and line.search is not None:
        message = "ported_from is about the number that it has, and a search finds a new one"
        yield "ported_from", "ported-search", message, "write its number as `phone_number`, in place of `search`"


def _removal(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if line.repurchase and line.removal != "protect":
        message = f"it is to be bought again and to be removed (`removal: {line.removal}`)"
        yield "repurchase", "repurchase-removal", message, "delete one of the two"
    if line.status_callback_method and not line.status_callback:
        message = "status_callback_method is how `status_callback` is told, and there is none"
        yield "status_callback_method", "idle-key", message, "add `status_callback:`, or delete the key"
    if line.clear_emergency_address and line.removal != "release":
        message = f"clear_emergency_address is for a number that is released, and `removal` is {line.removal}"
        yield "clear_emergency_address", "clear-without-release", message, "add `removal: release`, or delete the key"


def _stacks(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if len(line.stacks) > 1 and line.phone_number is not None and line.provider != "custom":
        message = f"{line.phone_number} cannot be held by {len(line.stacks)} stacks: {', '.join(line.stacks)}"
        yield "stacks", "number-in-stacks", message, "keep one stack, or write a line with a search for each"


def _is_clear(inventory: Inventory, line: Line) -> bool:
    """Whether it is clear which trunk carries a line: another rule says so where it is not."""
    if line.trunk:
        return inventory.trunks[line.trunk].provider == line.provider
    return sum(trunk.provider == line.provider for trunk in inventory.trunks.values()) < 2


def _encryption(inventory: Inventory, line: Line) -> Iterator[Finding]:
    if not _is_clear(inventory, line):
        return
    trunk = trunk_of(inventory, line)
    yield from trunks.encryption_of_line(line, trunk)
    if line.provider == "custom" and trunk:
        yield from trunks.encryption_of_way_out(line, trunk)
    silent = trunk is not None and trunk.adopt and not inventory.has("trunks", trunk.name, "media_encryption")
    rooms = dict.fromkeys((line.agent, *(one.agent for one in line.callers)))
    for agent in (inventory.agents[name] for name in rooms if name in inventory.agents):
        yield from trunks.encryption_of_agent(line, trunk, agent, follows=silent)
