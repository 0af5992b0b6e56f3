"""Whether calls to a line come as far as its rule, by what the resources of a state say; the outputs do not tell.

A refresh records what somebody changed by hand: a number that was taken off its carrier's trunk, an origination URL
that was turned off or is gone, a trunk without the number, a rule without the trunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.calls import has_number

Resource = Mapping[str, Any]
KINDS = frozenset({"SipTrunk", "OriginationUrl", "Fleet"})
"""The kinds of resources that say how a carrier's calls go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How carriers send calls on. `trunks`: the ids of the stack's own; `open`: of those that send calls to LiveKit.

    `borrows`: whether lines may be on trunks of other stacks, of which this state has nothing. `sip_host` is LiveKit's,
    "" where the state does not say.
    """

    trunks: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    borrows: bool = True
    sip_host: str = ""

    @classmethod
    def of(cls, resources: Iterable[tuple[str, Resource]]) -> Ways:
        """Sort the outputs of resources of `KINDS`, each with its kind."""
        found = list(resources)
        fleet = next((says for kind, says in found if kind == "Fleet"), {})
        host = str(fleet.get("sipHost") or "")
        urls = [says for kind, says in found if kind == "OriginationUrl" and says.get("enabled") is not False]
        return cls(
            trunks=frozenset(str(says.get("vendorId")) for kind, says in found if kind == "SipTrunk"),
            open=frozenset(
                str(says.get("trunkSid")) for says in urls if _leads_to(str(says.get("sipUrl") or ""), host)
            ),
            borrows=fleet.get("borrowed") != [],
            sip_host=host,
        )


def cut(number: Resource, inbound: Resource, rule: Resource, phone_number: str, ways: Ways) -> str:
    """Give where a call to a line ends before its rule, and how; "" where it does not, or nobody knows.

    Takes the outputs of the line's PhoneNumber, inbound trunk and dispatch rule, nothing where it has none.
    """
    if why := _unrouted(number, rule, ways):
        return f"{phone_number} {why}: no call arrives"
    numbers, trunk = inbound.get("numbers"), str(inbound.get("vendorId") or "")
    if numbers and isinstance(numbers, list) and not has_number(map(str, numbers), phone_number):
        return f"trunk {trunk} does not list {phone_number}: LiveKit finds no trunk and answers 404"
    trunks = rule.get("trunkIds")
    if trunk and trunks and isinstance(trunks, list) and trunk not in trunks:
        return f"rule {rule.get('vendorId')} does not answer trunk {trunk}: LiveKit drops the call with 486"
    return ""


def _unrouted(number: Resource, rule: Resource, ways: Ways) -> str:
    if "trunkSid" in number:
        trunk = str(number["trunkSid"] or "")
        if not trunk:
            return "is on no trunk of its carrier"
        if trunk in ways.trunks:
            return "" if trunk in ways.open else f"is on trunk {trunk}, which sends no call to LiveKit"
        return "" if ways.borrows else f"is on trunk {trunk}, which is none of this stack's"
    if "sipUri" in number:
        uri = str(number["sipUri"] or "")
        return "" if uri and _leads_to(uri, ways.sip_host) else f"is forwarded to {uri or 'nobody'}"
    if "dispatchRuleId" in number and rule.get("vendorId"):
        return "" if number["dispatchRuleId"] == rule["vendorId"] else "is tied to another rule, or to none"
    return ""


def _leads_to(uri: str, host: str) -> bool:
    return host.casefold() in uri.casefold()
