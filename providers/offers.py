"""A carrier's numbers on offer, for `trunkline search` and the API: the one thing that they ask a vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from providers.calls import Policy
from providers.port import NumberSearch
from providers.registry import connect
from trunkline.carriers import CARRIERS
from trunkline.errors import Refusal
from trunkline.offers import Offer, Search, Wanted
from trunkline.settings import Settings

# A person waits for the answer; the API has a deadline of its own above this one.
_DEADLINE, _TIMEOUT, _ATTEMPTS = 10.0, 5.0, 2


def search(environ: Mapping[str, str]) -> Search | None:
    """Give the search over the carriers that the environment configures, None where it configures none.

    Raises SettingsError. Nothing is sent before the first search.
    """
    settings = Settings.load(environ, lambda name: None)
    vendors = connect(settings, Policy.of(environ, timeout=_TIMEOUT, deadline=_DEADLINE, attempts=_ATTEMPTS))
    if not vendors.carriers:
        return None

    def offers(wanted: Wanted, /) -> Sequence[Offer]:
        if wanted.provider not in vendors.carriers:
            raise LookupError(wanted.provider)
        carrier = vendors.carriers[wanted.provider]
        if wanted.locality and "locality" in CARRIERS[wanted.provider].lacking_search_keys:
            raise Refusal(f"{wanted.provider} cannot search by locality. Nothing was asked. Search by area code.")
        query = NumberSearch(
            country=wanted.country,
            area_code=wanted.area_code,
            contains=wanted.contains,
            type=wanted.type,
            locality=wanted.locality,
        )
        return [
            Offer(
                number=found.number,
                country=found.country,
                type=found.type,
                monthly=(str(found.monthly.amount), found.monthly.currency) if found.monthly else None,
                requires=found.requires,
            )
            for found in carrier.search(query, wanted.limit)
        ]

    return offers
