"""Numbers that can be bought: `/number/search`."""

from __future__ import annotations

from typing import Any

from sandbox.numbering import Block, blocks, monthly_eur
from sandbox.request import Response
from sandbox.stock import offered
from sandbox.vonage.desk import Call, features_of, type_of
from sandbox.vonage.fields import FEATURES, PAGING, PATTERN, Field, choice, country

# So many numbers are on sale at a time for one search; `count` says so.
POOL = 250

SEARCH = (
    Field("country", country, required=True),
    Field("type", choice("landline", "mobile-lvn", "landline-toll-free")),
    Field("features", choice(*FEATURES)),
    *PATTERN,
    *PAGING,
)


def search(call: Call) -> Response:
    there = [block for block in blocks(call.params["country"]) if _wanted(call, block)]
    found = offered(there, call.pattern, call.desk.available, POOL)
    return Response.of_json(200, call.page([_render(number, block) for number, block in found]))


def _wanted(call: Call, block: Block) -> bool:
    features = call.params.get("features", "")
    return call.params.get("type") in (None, type_of(block)) and (
        not features or set(features.split(",")) <= set(features_of(block))
    )


def _render(number: str, block: Block) -> dict[str, Any]:
    return {
        "country": block.country,
        "msisdn": number[1:],
        "cost": str(monthly_eur(block.country, block.type)),
        "type": type_of(block),
        "features": list(features_of(block)),
    }
