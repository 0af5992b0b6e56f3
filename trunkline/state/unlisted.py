"""A line that the state holds and the outputs lack, told as its resources are.

Outputs are written when the program ends, and the engine deletes after it: a line whose removal failed is in the state
alone, and so is one of a first update that failed. Its number may be paid for and its calls may be answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from trunkline.e164 import E164
from trunkline.outputs import Cost, Line

Resource = Mapping[str, Any]


def line(name: str, phone_number: str, number: Resource, inbound: Resource, outbound: Resource) -> Line:
    """Give the line, without its ids, status and agent, which every line has from its resources.

    Takes the outputs of its PhoneNumber and of its trunks, nothing where it has none. Tags stand in no resource.
    """
    # A trunk says for which carrier's number it is the claim; one without a carrier is for a number of none.
    provider = next(_texts(number, {}, "provider"), "") or next(_texts(inbound, outbound, "claims"), "custom")
    label = next(_texts(inbound, outbound, "name"), "")
    return Line(
        id=name,
        phone_number=phone_number,
        provider=provider,
        country=next(_texts(number, {}, "country"), "") or _country(phone_number),
        label="" if label == name else label,
        inbound=bool(inbound),
        outbound=bool(outbound),
        sip_address=next(_texts(outbound, {}, "address"), ""),
        krisp_enabled=inbound.get("krispEnabled") is True,
        allowed_callers=tuple(_texts(inbound, {}, "allowedNumbers")),
        allowed_addresses=tuple(_texts(inbound, {}, "allowedAddresses")),
        monthly_cost=_cost(number.get("monthlyCost")),
        acquired=_acquired(provider, number),
        removal=_removal(number.get("removal")),
    )


def _texts(first: Resource, second: Resource, key: str) -> Iterator[str]:
    """Give what the first of two resources that says it has under a key: a text, or each of a list."""
    said = first.get(key) or second.get(key) or ()
    yield from (said,) if isinstance(said, str) else (one for one in said if isinstance(one, str))


def _country(phone_number: str) -> str:
    try:
        return E164.shaped(phone_number).country
    except ValueError:
        return ""


def _cost(said: Any) -> Cost | None:
    try:
        return Cost.model_validate(said)
    except ValidationError:
        return None


def _acquired(provider: str, number: Resource) -> Any:
    if provider == "custom":
        return "custom"
    return "adopted" if number.get("adopt") is True or number.get("acquisition") == "adopt" else "purchased"


def _removal(said: Any) -> Any:
    return said if said in ("release", "keep") else "protect"
